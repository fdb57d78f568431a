import type { Judgement } from './judgement.ts'

/** The values that pass, both ends included. */
export interface Bounds {
  readonly max: number | undefined
  readonly min: number | undefined
}

/** A measured number against its bounds. NaN says nothing: it comes of a division by zero, so of no requests; an infinity is compared as it stands. */
export function judgeValue(value: number, { max, min }: Bounds): Judgement {
  if (Number.isNaN(value))
    return {
      result: 'Inconclusive',
      message:
        'the value is NaN, which a division by zero gives; let the query say what no requests count for',
    }
  if (max !== undefined && value > max)
    return { result: 'Failure', message: `${shown(value)} is more than ${max}` }
  if (min !== undefined && value < min)
    return { result: 'Failure', message: `${shown(value)} is less than ${min}` }
  const limits = [
    ...(min === undefined ? [] : [`at least ${min}`]),
    ...(max === undefined ? [] : [`at most ${max}`]),
  ]
  return { result: 'Success', message: `${shown(value)} is ${limits.join(' and ')}` }
}

/** Six digits are enough for people. */
export const shown = (value: number): string => String(Number(value.toPrecision(6)))
