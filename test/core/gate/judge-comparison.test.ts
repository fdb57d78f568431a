import { describe, expect, it } from 'vitest'

import { judgeComparison } from '../../../controller/core/gate/judge-comparison.ts'

const judge = (value: number, live: number, maxRatio?: number, maxDifference?: number) =>
  judgeComparison({ value, live }, { maxRatio, maxDifference })

describe('one side beside the other', () => {
  it.each([
    [0.2, 0.1, 2, undefined, 'Success', '0.2 beside 0.1 of the live side is near enough'],
    [0.21, 0.1, 2, undefined, 'Failure', '0.21 beside 0.1 of the live side is more than 2 times as much'],
    [1.5, 1, undefined, 0.5, 'Success', '1.5 beside 1 of the live side is near enough'],
    [1.75, 1, undefined, 0.5, 'Failure', '1.75 beside 1 of the live side is more than 0.5 above it'],
    [1.1, 1, 1.05, 5, 'Failure', '1.1 beside 1 of the live side is more than 1.05 times as much'],
    [0, 0, 1, undefined, 'Success', '0 beside 0 of the live side is near enough'],
    [1, 0, 2, 3, 'Success', '1 beside 0 of the live side is near enough'],
    [4, 0, 2, 3, 'Failure', '4 beside 0 of the live side is more than 3 above it'],
    [0.5, 2, 1, 0, 'Success', '0.5 beside 2 of the live side is near enough'],
    [
      1,
      0,
      2,
      undefined,
      'Inconclusive',
      '1 beside 0 of the live side has no ratio; bound the difference too, by maxDifference',
    ],
  ])(
    'of %d and %d, at most %d times and %d more, is %s',
    (...[value, live, ratio, difference, result, message]) => {
      expect(judge(value, live, ratio, difference)).toEqual({ result, message })
    },
  )

  it.each([
    [Number.NaN, 1],
    [1, Number.NaN],
  ])('says nothing for %d and %d', (value, live) => {
    expect(judge(value, live, 2, 2).result).toBe('Inconclusive')
  })
})
