import { describe, expect, it } from 'vitest'

import { watchGates } from '../../../../controller/core/rollout/phases/watching.ts'
import type { PhaseResult } from '../../../../controller/core/rollout/state.ts'
import { gateStatus } from '../../../../controller/core/rollout/gates.ts'
import { timestamp } from '../../../../controller/core/time.ts'
import type { DefaultedGate, GateStatus } from '../../../../controller/resources/types.ts'
import { blank } from '../../../support/release-controller.ts'
import { smokeGate } from '../../../support/release-fixtures.ts'
import { all, line, ready, said, stepOf } from '../ready.ts'

const { http: _http, ...plain } = smokeGate
const world = ready()
const { now } = world.controller.world
const audit = (change: Partial<DefaultedGate> = {}): DefaultedGate => ({
  ...plain,
  name: 'audit',
  when: 'Bake',
  webhook: { url: 'https://a', callback: true },
  ...change,
})
const watched: DefaultedGate = { ...smokeGate, when: 'Bake' }
const asked = (name: string, change: Partial<GateStatus> = {}): GateStatus => ({
  name,
  when: 'Bake',
  startedAt: timestamp(now),
  lastAttemptAt: timestamp(now),
  ...change,
})

const watch = (
  gates: readonly DefaultedGate[],
  statuses: GateStatus[],
  untilMs = 10_000,
): PhaseResult | undefined =>
  watchGates(
    {
      rollout: { ...world.rollout, status: { phase: 'Baking', gates: statuses } },
      observation: world.controller.world.look(blank, all),
      wantedDigest: world.rollout.spec.digest,
      writes: {},
      now,
      mayWrite: true,
      pollMs: 5_000,
      stalenessBoundMs: 60_000,
    },
    gates,
    { until: now + untilMs, reason: 'Baking' },
  )

describe('gates that watch', () => {
  it('say that there is no answer yet where none came', () => {
    expect(watch([watched], [asked('smoke')])).toMatchObject({
      kind: 'Wait',
      reason: 'Baking',
      message: `watching until ${timestamp(now + 10_000)}: gate smoke: no answer yet`,
      lookAgainMs: 1_000,
    })
  })

  it('are looked at no later for one that decides, which says what is waited for', () => {
    const paused = asked('audit', { pauseSeconds: 600, message: 'it called back with IN_PROGRESS' })
    const result = watch([watched, audit()], [asked('smoke'), paused])
    expect(result).toMatchObject({ kind: 'Wait', reason: 'Gate', lookAgainMs: 1_000 })
    expect(result?.kind === 'Wait' ? result.message : '').toContain('gate audit: it called back')
  })

  it('keep none that decides from being asked', () => {
    expect(watch([watched, audit()], [asked('smoke')])).toMatchObject({
      kind: 'Act',
      action: { kind: 'ProbeGate', gate: 'audit' },
    })
  })

  it('are waited for alone once those that decide have ended', () => {
    const ended = asked('audit', { result: 'Passed' })
    expect(watch([watched, audit()], [asked('smoke'), ended])).toMatchObject({
      kind: 'Wait',
      reason: 'Baking',
    })
  })

  it('are asked in the order of their last questions, those that never were first', () => {
    const second: DefaultedGate = { ...watched, name: 'second' }
    const ago = (ms: number): Partial<GateStatus> => ({ lastAttemptAt: timestamp(now - ms) })
    const order = (...statuses: GateStatus[]): PhaseResult | undefined => watch([watched, second], statuses)
    expect(order(asked('smoke', ago(2_000)), asked('second', ago(3_000)))).toMatchObject({
      action: { gate: 'second' },
    })
    expect(order(asked('smoke', ago(3_000)), asked('second', ago(2_000)))).toMatchObject({
      action: { gate: 'smoke' },
    })
    expect(order(asked('smoke', ago(3_000)))).toMatchObject({ action: { gate: 'second' } })
  })

  it('that have not answered when the time is over are waited for by their own time', () => {
    const result = watch([watched], [asked('smoke', { message: 'connection refused' })], -1)
    expect(result).toMatchObject({
      kind: 'Wait',
      reason: 'Gate',
      message: 'the time is over, but not every gate has answered: gate smoke: connection refused',
    })
  })

  it('pass when the time is over and the last answer was good', () => {
    const good = asked('smoke', { lastAnswerAt: timestamp(now), successes: 2 })
    const result = watch([watched], [good], 0)
    expect(result?.kind).toBe('Again')
    expect(result === undefined ? undefined : gateStatus(result.status, 'smoke')?.result).toBe('Passed')
  })

  it('hold nothing up where there are none, or all have ended well', () => {
    expect(watch([], [])).toBeUndefined()
    expect(watch([watched], [asked('smoke', { result: 'Passed' })])).toBeUndefined()
  })

  it('turn the rollout back when one of them fails', () => {
    const result = watch([watched], [asked('smoke', { result: 'Failed' })])
    expect(result?.status).toMatchObject({
      phase: 'RollingBack',
      outcome: 'RolledBack',
      reason: 'GateFailed',
      message: 'gate smoke ended as Failed: no message',
    })
  })
})

describe('a gate that verifies', () => {
  const step = (seen: GateStatus, gate: DefaultedGate) => {
    const status = {
      phase: 'Verifying',
      startedAt: timestamp(now),
      deadlineAt: timestamp(now + 290_000),
      gates: [{ ...seen, when: 'Verify' }],
    } as const
    const spec = { ...world.rollout.spec, gates: [gate] }
    return stepOf(
      { ...status, gates: [...status.gates] },
      { rollout: { ...world.rollout, spec, status: { ...status, gates: [...status.gates] } } },
    )
  }

  it('says until when it is waited for where who was asked has asked for time', () => {
    const seen = asked('audit', { pauseSeconds: 600, message: 'it has not decided yet' })
    expect(said(step(seen, audit({ when: 'Verify', timeout: '1h' })))).toBe(
      `Gate: gate audit: it has not decided yet, until ${timestamp(now + 3_600_000)}`,
    )
  })

  it('says that there is no answer yet where none came', () => {
    expect(said(step(asked('smoke'), smokeGate))).toBe('Gate: gate smoke: no answer yet')
  })

  it('that is rejected turns the rollout back, but not where it only reports', () => {
    const rejected = asked('audit', {
      result: 'Failed',
      decision: { gate: 'audit', verdict: 'Rejected', by: 'ada', at: timestamp(now) },
    })
    expect(line(step(rejected, audit({ when: 'Verify' })))).toMatch(/^RollingBack/)
    expect(line(step(rejected, audit({ when: 'Verify', dryRun: true })))).toMatch(/^Shifting/)
  })
})
