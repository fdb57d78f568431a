import { describe, expect, it } from 'vitest'

import { afterSetBack } from '../../../controller/core/rollout/clock-set-back.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import { fromTimestamp, timestamp } from '../../../controller/core/time.ts'
import type { ReleaseStatus, RolloutStatus } from '../../../controller/resources/types.ts'
import { ReleaseController } from '../../support/release-controller.ts'
import { desiredRelease, smokeGate } from '../../support/release-fixtures.ts'
import { ReleaseWorld } from '../../support/release-world.ts'
import { ready } from './ready.ts'

const HOURS_MS = 5 * 3_600_000
const { rollout } = ready()
const now = fromTimestamp(rollout.status.startedAt ?? '')
const ahead = timestamp(now + HOURS_MS)
const within = (seconds: number): string => timestamp(now + seconds * 1_000)

/** The rollout, with what its status shall hold. */
const having = (status: RolloutStatus): RolloutState => ({ ...rollout, status })

const rolloutAfter = (status: RolloutStatus): RolloutStatus | undefined =>
  afterSetBack({ status: {}, active: having(status), last: undefined }, now).active?.status

/** All times of what is stored, so many milliseconds later: as a clock that was ahead would have stored them. */
const later = <Stored>(stored: Stored, byMs: number): Stored =>
  JSON.parse(
    JSON.stringify(stored).replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (text) =>
      timestamp(fromTimestamp(text) + byMs),
    ),
  ) as Stored

describe('times that were stored while the clock was ahead', () => {
  it.each<readonly [string, RolloutStatus, RolloutStatus]>([
    [
      'a beginning',
      { startedAt: ahead, phaseStartedAt: ahead },
      { startedAt: within(0), phaseStartedAt: within(0) },
    ],
    ['the shift', { shiftedAt: ahead }, { shiftedAt: within(0) }],
    ['a suspension', { suspendedSince: ahead }, { suspendedSince: within(0) }],
    ['a deadline', { deadlineAt: ahead }, { deadlineAt: within(300) }],
    ['the warm time', { keepPreviousUntil: ahead }, { keepPreviousUntil: within(60) }],
    [
      'an intent',
      { intent: { action: 'PointTest', startedAt: ahead } },
      { intent: { action: 'PointTest', startedAt: within(0) } },
    ],
    [
      'a gate',
      { gates: [{ name: 'smoke', when: 'Verify', startedAt: ahead, lastAttemptAt: ahead }] },
      { gates: [{ name: 'smoke', when: 'Verify', startedAt: within(0), lastAttemptAt: within(0) }] },
    ],
  ])('come back in a rollout: %s', (_what, status, expected) => {
    expect(rolloutAfter(status)).toEqual(expected)
  })

  it('come back in a release', () => {
    const write = { before: 'a', after: 'b' }
    const status: ReleaseStatus = {
      keepPreviousUntil: ahead,
      failed: [{ digest: 'content-2', reason: 'TimedOut', at: ahead }],
      writes: { 'service/blue': { ...write, at: ahead }, 'test-rule': { ...write, at: within(-9) } },
    }
    const last = having({ phase: 'Succeeded', keepPreviousUntil: ahead, finishedAt: ahead })
    expect(afterSetBack({ status, active: undefined, last }, now)).toEqual({
      status: {
        keepPreviousUntil: within(60),
        failed: [{ digest: 'content-2', reason: 'TimedOut', at: within(0) }],
        writes: { 'service/blue': { ...write, at: within(0) }, 'test-rule': { ...write, at: within(-9) } },
      },
      active: undefined,
      last: having({ phase: 'Succeeded', keepPreviousUntil: within(60), finishedAt: within(0) }),
    })
  })

  it('leave a wait for a person no longer than it is', () => {
    const awaiting = { gate: 'sign-off', since: ahead, until: ahead }
    const { active } = afterSetBack({ status: {}, active: having({ awaiting }), last: undefined }, now)
    expect(active).toEqual(having({ awaiting: { ...awaiting, since: within(0) } }))
  })

  it('leave an old side warm for as long as its clients stay, where that is longer than what the release says', () => {
    const last = having({ phase: 'Succeeded', keepPreviousUntil: within(3_600), finishedAt: within(0) })
    const status: ReleaseStatus = { keepPreviousUntil: within(3_600) }
    const after = afterSetBack({ status, active: undefined, last }, now)
    expect(after.status).toBe(status)
    expect(after.last).toBe(last)
  })

  it('do not warm an old side that is cold already', () => {
    const last = having({ phase: 'Succeeded', keepPreviousUntil: within(30) })
    const cold = afterSetBack({ status: {}, active: undefined, last }, now)
    expect(cold.last).toEqual(having({ phase: 'Succeeded', keepPreviousUntil: within(0) }))
    const warm = afterSetBack({ status: { keepPreviousUntil: within(30) }, active: undefined, last }, now)
    expect(warm.last).toBe(last)
  })

  it('do not warm a cold side for the little that clocks differ', () => {
    const last = having({ phase: 'Succeeded', keepPreviousUntil: within(3) })
    const { last: cold } = afterSetBack({ status: {}, active: undefined, last }, now)
    expect(cold).toEqual(having({ phase: 'Succeeded', keepPreviousUntil: within(0) }))
  })

  it('stay where they are ahead by no more than clocks differ, and where AWS told them', () => {
    const status: ReleaseStatus = {
      keepPreviousUntil: within(64),
      failed: [{ digest: 'content-2', reason: 'TimedOut', at: within(4) }],
      writes: { 'service/blue': { before: 'a', after: 'b', at: within(4) } },
    }
    const active = having({
      startedAt: within(-60),
      phaseStartedAt: within(4),
      newestTaskAt: ahead,
      deadlineAt: within(240),
      intent: { action: 'PointTest', startedAt: within(4) },
      gates: [{ name: 'smoke', when: 'Verify', startedAt: within(4), finishedAt: within(-1) }],
    })
    const last = having({ phase: 'Succeeded', keepPreviousUntil: within(60), finishedAt: within(-1) })
    const after = afterSetBack({ status, active, last }, now)
    expect(after.status).toBe(status)
    expect(after.active).toBe(active)
    expect(after.last).toBe(last)
  })

  it.each(['Provisioning', 'Verifying', 'Baking'])('do not hold a rollout up in %s', (phase) => {
    const gates = [smokeGate]
    const controller = new ReleaseController(new ReleaseWorld(), desiredRelease({ gates }))
    controller.run()
    controller.desired = desiredRelease({ gates, version: '2' })
    controller.runInto(phase)
    controller.rollouts = later(controller.rollouts, HOURS_MS)
    controller.status = later(controller.status, HOURS_MS)
    controller.run(200)
    controller.world.pass(121_000)
    controller.run(200)
    expect(controller.lastSucceeded?.spec.number).toBe(2)
    expect(controller.log.at(-1)).toContain('scale the green side to 0')
  })
})
