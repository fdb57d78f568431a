import { describe, expect, it } from 'vitest'

import { judgeHook } from '../../../controller/core/gate/judge-hook.ts'

describe('the answer of a hook', () => {
  it.each([
    [
      { hookStatus: 'SUCCEEDED', callBackDelay: 5 },
      { result: 'Success', message: 'it says SUCCEEDED' },
    ],
    [
      { hookStatus: 'FAILED', hookDetails: { token: 'hush' } },
      { result: 'Failure', message: 'it says FAILED' },
    ],
  ])('%j decides', (answer, judgement) => {
    expect(judgeHook('it', JSON.stringify(answer))).toEqual(judgement)
  })

  it.each([
    [60, 60_000],
    [0.01, 1_000],
    [1e9, 3_600_000],
    [0, undefined],
    [-1, undefined],
    ['60', undefined],
    [undefined, undefined],
  ])('IN_PROGRESS with callBackDelay %j has it asked again after %j ms', (callBackDelay, pauseMs) => {
    const judged = judgeHook('it', JSON.stringify({ hookStatus: 'IN_PROGRESS', callBackDelay }))
    expect(judged).toEqual({
      result: 'Inconclusive',
      message: 'it says IN_PROGRESS: it has not decided yet',
      ...(pauseMs === undefined ? {} : { pauseMs }),
    })
  })

  it.each(['', 'null', '[]', '"SUCCEEDED"', '{', '{"hookStatus":"succeeded"}', '{"status":"SUCCEEDED"}'])(
    '%j says nothing, and is not repeated',
    (body) => {
      expect(judgeHook('it', body)).toEqual({
        result: 'Inconclusive',
        message: 'it answered without a hookStatus; expected SUCCEEDED, FAILED or IN_PROGRESS',
      })
    },
  )
})
