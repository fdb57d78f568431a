import { describe, expect, it } from 'vitest'

import type { Bounds } from '../../../controller/core/gate/judge-value.ts'
import { judgeValue } from '../../../controller/core/gate/judge-value.ts'

describe('a measured value', () => {
  it.each<readonly [value: number, bounds: Bounds, result: string, message: string]>([
    [0.01, { min: undefined, max: 0.01 }, 'Success', '0.01 is at most 0.01'],
    [0.0123456789, { min: undefined, max: 0.01 }, 'Failure', '0.0123457 is more than 0.01'],
    [5, { min: 5, max: undefined }, 'Success', '5 is at least 5'],
    [4.9, { min: 5, max: undefined }, 'Failure', '4.9 is less than 5'],
    [7, { min: 5, max: 10 }, 'Success', '7 is at least 5 and at most 10'],
    [Infinity, { min: undefined, max: 10 }, 'Failure', 'Infinity is more than 10'],
    [-Infinity, { min: 0, max: 10 }, 'Failure', '-Infinity is less than 0'],
    [0, { min: -1, max: 0 }, 'Success', '0 is at least -1 and at most 0'],
  ])('%d within %j: %s', (value, bounds, result, message) => {
    expect(judgeValue(value, bounds)).toEqual({ result, message })
  })

  it('that is no number says nothing', () => {
    const judgement = judgeValue(Number.NaN, { min: undefined, max: 1 })
    expect(judgement.result).toBe('Inconclusive')
    expect(judgement.message).toContain('NaN')
  })
})
