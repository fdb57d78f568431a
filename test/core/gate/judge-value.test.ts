import { describe, expect, it } from 'vitest'

import { judgeValue } from '../../../controller/core/gate/judge-value.ts'

describe('a measured value', () => {
  it.each<
    readonly [
      value: number,
      min: number | undefined,
      max: number | undefined,
      result: string,
      message: string,
    ]
  >([
    [0.01, undefined, 0.01, 'Success', '0.01 is at most 0.01'],
    [0.0123456789, undefined, 0.01, 'Failure', '0.0123457 is more than 0.01'],
    [5, 5, undefined, 'Success', '5 is at least 5'],
    [4.9, 5, undefined, 'Failure', '4.9 is less than 5'],
    [7, 5, 10, 'Success', '7 is at least 5 and at most 10'],
    [Infinity, undefined, 10, 'Failure', 'Infinity is more than 10'],
    [-Infinity, 0, 10, 'Failure', '-Infinity is less than 0'],
    [0, -1, 0, 'Success', '0 is at least -1 and at most 0'],
  ])('%d between %s and %s: %s', (value, min, max, result, message) => {
    expect(judgeValue(value, { min, max })).toEqual({ result, message })
  })

  it('that is no number says nothing', () => {
    const judgement = judgeValue(Number.NaN, { min: undefined, max: 1 })
    expect(judgement.result).toBe('Inconclusive')
    expect(judgement.message).toContain('NaN')
  })
})
