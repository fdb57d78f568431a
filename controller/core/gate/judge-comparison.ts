import { judgeValue, shown } from './judge-value.ts'
import type { Judgement } from './judgement.ts'

/** By how much the side on trial may be worse than the live one. */
export interface ComparisonBounds {
  readonly maxRatio: number | undefined
  readonly maxDifference: number | undefined
}

/** One side's value against the other's, both of one period. A ratio to 0 says nothing, and leaves it to the difference where that is bounded too. */
export function judgeComparison(
  { value, live }: { readonly value: number; readonly live: number },
  { maxRatio, maxDifference }: ComparisonBounds,
): Judgement {
  const said = `${shown(value)} beside ${shown(live)} of the live side`
  if (Number.isNaN(value) || Number.isNaN(live))
    return judgeValue(Number.NaN, { max: undefined, min: undefined })
  if (maxDifference !== undefined && value - live > maxDifference)
    return { result: 'Failure', message: `${said} is more than ${maxDifference} above it` }
  const isRatioKnown = live > 0 || value <= 0
  if (maxRatio !== undefined && isRatioKnown && value > live * maxRatio)
    return { result: 'Failure', message: `${said} is more than ${maxRatio} times as much` }
  if (!isRatioKnown && maxDifference === undefined)
    return {
      result: 'Inconclusive',
      message: `${said} has no ratio; bound the difference too, by maxDifference`,
    }
  return { result: 'Success', message: `${said} is near enough` }
}
