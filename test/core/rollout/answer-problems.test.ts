import { describe, expect, it } from 'vitest'

import { answerProblem, takeAnswer } from '../../../controller/core/rollout/answers.ts'
import {
  afterWait,
  awaitDecision,
  isSameQuestion,
  withLaterDeadline,
} from '../../../controller/core/rollout/waiting.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { DefaultedGate, RolloutStatus } from '../../../controller/resources/types.ts'
import { smokeGate } from '../../support/release-fixtures.ts'
import { ready } from './ready.ts'

const { http: _http, when: _when, ...plain } = smokeGate
const webhook = (callback: boolean): DefaultedGate => ({
  ...plain,
  name: 'audit',
  webhook: { url: 'https://a', callback },
})

describe('an answer that a receiver calls back with', () => {
  const noGate = 'the rollout has no gate audit that is called back'
  const open = { name: 'audit', when: 'AfterSuccess' } as const

  it.each<
    readonly [
      title: string,
      gates: DefaultedGate[] | undefined,
      status: RolloutStatus,
      problem: string | undefined,
    ]
  >([
    ['is taken while its gate is open', [webhook(true)], { phase: 'Baking', gates: [open] }, undefined],
    ['is taken before its question is stored', [webhook(true)], { phase: 'Baking' }, undefined],
    ['is taken before anything is stored', [webhook(true)], {}, undefined],
    ['comes too late for a rollout', [webhook(true)], { phase: 'Succeeded' }, 'the rollout has ended'],
    [
      'comes too late for a gate',
      [webhook(true)],
      { phase: 'Baking', gates: [{ ...open, result: 'TimedOut' }] },
      'gate audit has ended',
    ],
    ['is for a gate that is not called back', [webhook(false)], { phase: 'Baking' }, noGate],
    ['is for a gate that is no webhook', [{ ...smokeGate, name: 'audit' }], { phase: 'Baking' }, noGate],
    ['is for another gate', [{ ...webhook(true), name: 'other' }], { phase: 'Baking' }, noGate],
    ['is for a rollout without gates', undefined, { phase: 'Baking' }, noGate],
  ])('%s', (_title, gates, status, problem) => {
    expect(answerProblem({ spec: gates === undefined ? {} : { gates }, status }, 'audit')).toBe(problem)
  })

  it('is heard where the rollout has no gates at all, and a rollout without one stays as it is', () => {
    const { rollout } = ready()
    const { gates: _none, ...spec } = rollout.spec
    const answerReceived = { gate: 'audit', answer: 'FAILED', at: timestamp(5_000) } as const
    expect(takeAnswer({ ...rollout, spec, status: { answerReceived } }, 6_000)).toEqual({
      handledAnswerAt: timestamp(5_000),
    })
    expect(takeAnswer({ ...rollout, spec }, 6_000)).toBe(rollout.status)
  })
})

describe('two waits for people', () => {
  const since = timestamp(0)

  it.each<
    readonly [title: string, one: RolloutStatus['awaiting'], other: RolloutStatus['awaiting'], same: boolean]
  >([
    ['none and none', undefined, undefined, true],
    ['one and none', { gate: 'sign-off', since }, undefined, false],
    ['none and one', undefined, { gate: 'sign-off', since }, false],
    [
      'one gate at two times',
      { gate: 'sign-off', since },
      { gate: 'sign-off', since: timestamp(9_000) },
      true,
    ],
    ['two gates', { gate: 'sign-off', since }, { gate: 'other', since }, false],
    [
      'before and after a result',
      { gate: 'sign-off', since },
      { gate: 'sign-off', since, result: 'Failed' },
      false,
    ],
    [
      'two of one result',
      { gate: 'smoke', since, result: 'Failed' },
      { gate: 'smoke', since, result: 'Failed' },
      true,
    ],
  ])('are told apart by gate and result: %s', (_title, one, other, same) => {
    expect(isSameQuestion(one, other)).toBe(same)
  })
})

describe('the time in which people are waited for', () => {
  it('is counted from the first question of one gate, and anew for another', () => {
    const first = awaitDecision({}, { gate: 'sign-off', now: 1_000 })
    const later = awaitDecision(first, { gate: 'sign-off', now: 5_000 })
    expect(later.awaiting).toEqual({ gate: 'sign-off', since: timestamp(1_000) })
    expect(awaitDecision(later, { gate: 'other', now: 5_000 }).awaiting?.since).toBe(timestamp(5_000))
  })

  it('adds up, and moves a deadline where there is one', () => {
    const awaiting = { gate: 'sign-off', since: timestamp(1_000) }
    expect(afterWait({ awaiting, waitSeconds: 2 }, 4_000)).toEqual({ waitSeconds: 5 })
    expect(afterWait({ awaiting, deadlineAt: timestamp(10_000) }, 4_000)).toEqual({
      waitSeconds: 3,
      deadlineAt: timestamp(13_000),
    })
  })

  it('is none where nobody was waited for, or the clock was set back', () => {
    const status: RolloutStatus = { phase: 'Baking' }
    expect(afterWait(status, 4_000)).toBe(status)
    const awaiting = { gate: 'sign-off', since: timestamp(5_000) }
    expect(afterWait({ awaiting, deadlineAt: timestamp(10_000) }, 4_000)).toEqual({
      waitSeconds: 0,
      deadlineAt: timestamp(10_000),
    })
  })

  it('leaves a rollout without a deadline without one', () => {
    const status: RolloutStatus = { phase: 'Baking' }
    expect(withLaterDeadline(status, 1_000)).toBe(status)
  })
})
