import { describe, expect, it } from 'vitest'

import { takeAnswer } from '../../../controller/core/rollout/answers.ts'
import { gateStatus, gateTurn } from '../../../controller/core/rollout/gates.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { DefaultedGate, GateStatus, RolloutStatus } from '../../../controller/resources/types.ts'
import { smokeGate } from '../../support/release-fixtures.ts'

const { http: _http, when: _when, ...plain } = smokeGate
const gate: DefaultedGate = {
  ...plain,
  name: 'audit',
  webhook: { url: 'https://a', callback: true },
  timeout: '1h',
}
const asked: GateStatus = {
  name: 'audit',
  when: 'BeforeShift',
  startedAt: timestamp(0),
  lastAttemptAt: timestamp(0),
  attempts: 1,
  pauseSeconds: 600,
}

const taken = (
  answer: 'SUCCEEDED' | 'FAILED' | 'IN_PROGRESS',
  {
    gates = [asked],
    of = 'audit',
    spec = [gate],
  }: { gates?: GateStatus[]; of?: string; spec?: DefaultedGate[] } = {},
): RolloutStatus => {
  const answerReceived = { gate: of, answer, at: timestamp(5_000) }
  const state = { name: 'prod-web-1', spec: { gates: spec }, status: { gates, answerReceived } }
  return takeAnswer(state as unknown as RolloutState, 6_000)
}

describe('what a receiver calls back with', () => {
  it.each([
    ['SUCCEEDED', { kind: 'Confirm' }],
    ['FAILED', { kind: 'Ended', result: 'Failed' }],
    ['IN_PROGRESS', { kind: 'WaitUntil', at: 606_000 }],
  ] as const)('%s counts for its gate, once', (answer, turn) => {
    const status = taken(answer)
    expect(status.answerReceived).toBeUndefined()
    expect(status.handledAnswerAt).toBe(timestamp(5_000))
    expect(gateStatus(status, 'audit')).not.toHaveProperty('unaskedSeconds')
    expect(gateTurn(gate, gateStatus(status, 'audit'), 6_000)).toEqual(turn)
  })

  it('is kept where it is quicker than the store', () => {
    expect(taken('SUCCEEDED', { gates: [] })).toEqual({ gates: [] })
  })

  it.each<readonly [string, Parameters<typeof taken>[1] & object]>([
    ['a gate that has ended', { gates: [{ ...asked, result: 'TimedOut' as const }] }],
    ['a gate that is not there', { of: 'other' }],
    [
      'a gate that is asked again instead',
      { spec: [{ ...gate, webhook: { url: 'https://a', callback: false } }] },
    ],
  ])('changes nothing of %s', (_title, given) => {
    const { handledAnswerAt, ...rest } = taken('SUCCEEDED', given)
    expect(handledAnswerAt).toBe(timestamp(5_000))
    expect(rest).toEqual({ gates: given.gates ?? [asked] })
  })
})
