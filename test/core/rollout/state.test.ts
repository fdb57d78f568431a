import { describe, expect, it } from 'vitest'

import {
  enter,
  finish,
  firstStatus,
  gatesAt,
  isFailure,
  isFinished,
  wantedTarget,
} from '../../../controller/core/rollout/state.ts'
import { isStaleRead } from '../../../controller/core/rollout/step.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { RolloutOutcome } from '../../../controller/resources/generated/rollout.ts'
import type { RecentWrite, RolloutPhase, RolloutSpec } from '../../../controller/resources/types.ts'
import { blank } from '../../support/release-controller.ts'
import { smokeGate } from '../../support/release-fixtures.ts'
import { line, ready, stepOf } from './ready.ts'

describe('a rollout', () => {
  it.each<readonly [phase: RolloutPhase | undefined, expected: boolean]>([
    [undefined, false],
    ['Pending', false],
    ['RollingBack', false],
    ['Succeeded', true],
    ['RolledBack', true],
    ['Superseded', true],
    ['Aborted', true],
  ])('in phase %s is finished: %s', (phase, expected) => {
    expect(isFinished(phase === undefined ? {} : { phase })).toBe(expected)
  })

  it('that does not exist is not finished', () => {
    expect(isFinished(undefined)).toBe(false)
  })

  it.each<readonly [outcome: RolloutOutcome, expected: boolean]>([
    ['Succeeded', false],
    ['Superseded', false],
    ['RolledBack', true],
    ['Aborted', true],
  ])('that ended as %s failed: %s', (outcome, expected) => {
    expect(isFailure({ outcome })).toBe(expected)
  })

  it('wants its revision at its count, and has no stale tasks unless it remembers some', () => {
    const { rollout } = ready()
    const { taskDefinition, desiredCount: count } = rollout.spec
    expect([
      wantedTarget({ ...rollout, status: {} }),
      wantedTarget({ ...rollout, status: { staleTasks: ['arn:task/1'] } }),
    ]).toEqual([
      { taskDefinition, count, staleTasks: [] },
      { taskDefinition, count, staleTasks: ['arn:task/1'] },
    ])
  })

  it('asks each gate in its phase, and one without a phase while it verifies', () => {
    const { rollout } = ready()
    const { when: _when, ...plain } = smokeGate
    const gates = [
      { ...plain, name: 'plain' },
      { ...smokeGate, name: 'verify' },
      { ...smokeGate, name: 'bake', when: 'Bake' as const },
    ]
    const asked = (when: 'Verify' | 'Bake'): readonly string[] =>
      gatesAt({ ...rollout, spec: { ...rollout.spec, gates } }, when).map(({ name }) => name)
    expect([asked('Verify'), asked('Bake')]).toEqual([['plain', 'verify'], ['bake']])
    const { gates: _gates, ...bare } = rollout.spec
    expect(gatesAt({ ...rollout, spec: bare }, 'Verify')).toEqual([])
  })
})

describe('a rollout that begins', () => {
  const begin = (change: Partial<RolloutSpec>): ReturnType<typeof firstStatus> => {
    const { spec } = ready().rollout
    const tasks = ready().controller.world.look(blank, ['blue']).sides.blue.members?.tasks ?? []
    return firstStatus({ ...spec, ...change }, { now: 1_000, tasks })
  }

  it('has all the traffic on the other side, and a deadline', () => {
    expect(begin({})).toStrictEqual({
      phase: 'Pending',
      startedAt: timestamp(1_000),
      phaseStartedAt: timestamp(1_000),
      deadlineAt: timestamp(301_000),
      step: 0,
      steps: 1,
      weights: { blue: 0, green: 100 },
    })
  })

  it('has half an hour where nothing else is said', () => {
    const { deadline: _deadline, ...strategy } = ready().rollout.spec.strategy
    expect(begin({ strategy }).deadlineAt).toBe(timestamp(1_000 + 30 * 60_000))
  })

  it('remembers the tasks that a restart has to replace', () => {
    const { staleTasks } = begin({ why: 'Restart' })
    expect(staleTasks).toHaveLength(2)
    expect(staleTasks?.every((arn) => arn.startsWith('arn:task/'))).toBe(true)
  })
})

describe('a status', () => {
  it('keeps its time and its words while its phase stays', () => {
    const status = { phase: 'Baking', phaseStartedAt: timestamp(1), message: 'waiting' } as const
    expect(enter(status, 'Baking', 5)).toBe(status)
  })

  it('loses what the phase before waited for', () => {
    const status = { phase: 'Baking', phaseStartedAt: timestamp(1), reason: 'R', message: 'M' } as const
    expect(enter(status, 'Succeeded', 5)).toStrictEqual({ phase: 'Succeeded', phaseStartedAt: timestamp(5) })
  })

  it('does not name a reason at its end where there is none', () => {
    expect(Object.keys(finish({}, 'Aborted', 0))).not.toEqual(expect.arrayContaining(['reason']))
    expect(Object.keys(finish({}, 'Aborted', 0))).not.toEqual(expect.arrayContaining(['message']))
  })

  it('ends without the intent that a crash left open', () => {
    const intent = { action: 'PointTest', startedAt: timestamp(0) }
    expect(finish({ phase: 'Baking', intent }, 'Succeeded', 0)).not.toHaveProperty('intent')
  })
})

describe('a newer version', () => {
  it.each<readonly [phase: RolloutPhase, expected: string]>([
    ['Pending', 'RollingBack Act ScaleService'],
    ['Provisioning', 'RollingBack Act ScaleService'],
    ['Verifying', 'RollingBack Act ScaleService'],
    ['AwaitingApproval', 'RollingBack Act ScaleService'],
    ['Shifting', 'Shifting Act SetWeights'],
  ])('takes over before a weight is moved: in %s', (phase, expected) => {
    const step = stepOf({ phase }, { wantedDigest: 'other' })
    expect(line(step)).toBe(expected)
    expect(step.status.outcome).toBe(expected.startsWith('RollingBack') ? 'Superseded' : undefined)
  })

  it('is not one that is not known yet', () => {
    expect(line(stepOf({ phase: 'Verifying' }, { wantedDigest: undefined }))).toBe('Shifting Act SetWeights')
  })

  it('says that the environment wants another version now', () => {
    expect(stepOf({ phase: 'Verifying' }, { wantedDigest: 'other' }).status).toMatchObject({
      reason: 'NewerVersion',
      message: 'the environment wants another version now',
    })
  })
})

describe('a deadline', () => {
  it.each<readonly [leftMs: number, phase: RolloutPhase]>([
    [1, 'Shifting'],
    [0, 'RollingBack'],
  ])('ends a rollout when it is reached: %d ms left', (leftMs, phase) => {
    const { now } = ready().controller.world
    const step = stepOf({ phase: 'Shifting', deadlineAt: timestamp(now + leftMs) })
    expect(step.status.phase).toBe(phase)
  })

  it('counts no more on the way back', () => {
    const status = { phase: 'RollingBack', outcome: 'Aborted', deadlineAt: timestamp(0) } as const
    expect(stepOf(status).status).toMatchObject({ outcome: 'Aborted' })
  })

  it('counts no more after the end', () => {
    const status = { phase: 'Succeeded', outcome: 'Succeeded', deadlineAt: timestamp(0) } as const
    expect(stepOf(status)).toEqual({ kind: 'Finished', status })
    expect(stepOf(status, { mayWrite: false })).toEqual({ kind: 'Finished', status })
  })
})

describe('while nothing may be written', () => {
  it('a rollout says so, and remembers since when', () => {
    const { now } = ready().controller.world
    const step = stepOf({ phase: 'Shifting' }, { mayWrite: false })
    expect(step).toMatchObject({
      kind: 'Wait',
      message: 'the environment is suspended or paused: nothing is written',
      status: { phase: 'Shifting', suspendedSince: timestamp(now) },
    })
    const later = stepOf(step.status, { mayWrite: false, now: now + 5_000 })
    expect(later.status.suspendedSince).toBe(timestamp(now))
  })
})

describe('a write that is wanted', () => {
  const { kind, rule, weights } = { kind: 'SetWeights', rule: 'r', weights: { blue: 100, green: 0 } } as const
  const before = 'blue 0, green 100'
  const made = { before, after: 'blue 100, green 0', at: timestamp(0) }
  const isStale = (write: RecentWrite | undefined, now: number): boolean =>
    isStaleRead({
      writes: write === undefined ? {} : { 'rule/r': write },
      now,
      stalenessBoundMs: 60_000,
      action: { kind, rule, weights },
      before,
    })

  it.each<readonly [title: string, stale: boolean, write: RecentWrite | undefined, now: number]>([
    ['was made a moment ago, and does not show yet', true, made, 59_999],
    ['was made long ago, and somebody undid it', false, made, 60_000],
    ['got no answer', false, { ...made, ambiguous: true }, 59_999],
    ['is another than the last', false, { ...made, after: 'blue 50, green 50' }, 59_999],
    ['starts from what the last one did not', false, { ...made, before: 'blue 10, green 90' }, 59_999],
    ['is the first', false, undefined, 59_999],
  ])('rests on a stale read where it %s: %s', (_title, stale, write, now) => {
    expect(isStale(write, now)).toBe(stale)
  })

  it('waits for the last one to show instead of being made twice', () => {
    const { now } = ready().controller.world
    const writes = { 'rule/arn:rule/1': { ...made, after: 'blue 100, green 0', at: timestamp(now) } }
    expect(stepOf({ phase: 'Shifting' }, { writes })).toMatchObject({
      kind: 'Wait',
      reason: 'ReadBack',
      message: 'waiting until AWS shows the last write',
      lookAgainMs: 1_000,
    })
  })
})
