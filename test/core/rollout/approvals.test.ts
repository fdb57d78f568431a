import { describe, expect, it } from 'vitest'

import { fromTimestamp } from '../../../controller/core/time.ts'
import type { RolloutStatus } from '../../../controller/resources/types.ts'
import type { ReleaseController } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { done, manual, merged, probe, untilPeopleOrEnd } from './gated.ts'

const HOUR_MS = 3_600_000

/** Version 2 waits for a person right before its first weight. */
function waiting(change: Parameters<typeof manual>[1] = {}): ReleaseController {
  const controller = merged(manual('BeforeShift', change))
  expect(untilPeopleOrEnd(controller)).toBe('AwaitingApproval waits: AwaitingApproval')
  return controller
}

/** Version 2 has the traffic, and a gate that failed halts it. */
function halted(): ReleaseController {
  const controller = merged(probe('Bake', { onFailure: 'Hold' }))
  controller.answers.set('smoke', 'Failure')
  expect(untilPeopleOrEnd(controller)).toBe('Baking waits: GateHold')
  return controller
}

/** Turns until a person is asked about a rollout after the one that runs; resolves to its number. */
function untilAsked(controller: ReleaseController): number | undefined {
  const before = controller.active?.spec.number
  const isAsked = ({ active }: ReleaseController): boolean =>
    active !== undefined && active.spec.number !== before && active.status.awaiting !== undefined
  for (let turns = 0; turns < 60 && !isAsked(controller); turns += 1) {
    controller.turn()
    controller.world.pass(1_000)
  }
  return controller.active?.spec.number
}

const statusOf = (controller: ReleaseController): RolloutStatus =>
  (controller.active ?? controller.last)?.status ?? {}

describe('waiting for a person', () => {
  it('says for what, until when and what to type', () => {
    const controller = waiting()
    const until = statusOf(controller).awaiting?.until ?? ''
    expect(statusOf(controller).message).toBe(
      `gate sign-off waits for a person until ${until}: \`steersman approve prod/web --gate sign-off --rollout 2\` or \`steersman reject prod/web --gate sign-off --rollout 2\``,
    )
    expect(fromTimestamp(until) - controller.world.now).toBe(HOUR_MS)
  })

  it('does not count against the deadline, and is told apart', () => {
    const controller = waiting()
    controller.world.pass(HOUR_MS / 2)
    controller.turn()
    controller.decide('Approved')
    expect(untilPeopleOrEnd(controller)).toBe('Succeeded Succeeded')
    expect(statusOf(controller).waitSeconds).toBe(1_800)
  })

  it('leaves the deadline what it had left', () => {
    const controller = waiting()
    const leftMs = fromTimestamp(statusOf(controller).deadlineAt ?? '') - controller.world.now
    controller.world.pass(HOUR_MS / 2)
    controller.decide('Approved')
    controller.world.behaves('2', { becomesHealthy: false })
    controller.turn()
    expect(fromTimestamp(statusOf(controller).deadlineAt ?? '') - controller.world.now).toBe(leftMs)
    expect(statusOf(controller).awaiting).toBeUndefined()
  })

  it.each([
    ['another gate', { gate: 'other' }],
    ['whoever pushed the commit, by name', { by: 'Ada' }],
    ['whoever committed it, by address', { by: 'carol@example.com' }],
    ['somebody who is no approver', { by: 'eve' }],
  ])('goes on after an approval of %s, which is heard once', (_what, decision) => {
    const controller = merged(
      manual('BeforeShift', { manual: { approvers: ['bob', 'Ada', 'carol@example.com'] } }),
    )
    const pushedBy = ['Ada <ada@example.com>', 'Carol <carol@example.com>']
    controller.desired = { ...controller.desired, pushedBy }
    untilPeopleOrEnd(controller)
    controller.decide('Approved', decision)
    controller.turn()
    expect(statusOf(controller)).toMatchObject({ phase: 'AwaitingApproval', awaiting: { gate: 'sign-off' } })
    expect(statusOf(controller).decisionRequested).toBeUndefined()
    expect(controller.world.weight('arn:rule/1', 'blue')).toBe(0)
    controller.decide('Approved')
    expect(untilPeopleOrEnd(controller)).toBe('Succeeded Succeeded')
    expect(statusOf(controller).gates?.[0]).toMatchObject({
      result: 'Passed',
      message: 'approved by bob',
      decision: { verdict: 'Approved', by: 'bob' },
    })
  })

  it('lets whoever pushed reject', () => {
    const controller = waiting({ manual: { approvers: ['bob'] } })
    controller.decide('Rejected', { by: 'ada' })
    expect(untilPeopleOrEnd(controller)).toBe('RolledBack GateFailed')
  })

  it('asks several people one after the other, and each approval counts for one gate', () => {
    const controller = merged(manual('BeforeShift'), { ...manual('BeforeShift'), name: 'second' })
    untilPeopleOrEnd(controller)
    controller.decide('Approved')
    controller.turn()
    expect(statusOf(controller).awaiting?.gate).toBe('second')
    controller.decide('Approved')
    controller.turn()
    expect(statusOf(controller).awaiting?.gate).toBe('second')
    controller.decide('Approved', { gate: 'second' })
    expect(untilPeopleOrEnd(controller)).toBe('Succeeded Succeeded')
  })

  it('ends with a newer version, which is asked about by itself', () => {
    const controller = waiting()
    controller.decide('Approved')
    controller.desired = desiredRelease({ version: '3', gates: [manual('BeforeShift')] })
    expect(untilAsked(controller)).toBe(3)
    expect(controller.rollouts.map(({ status }) => status.outcome)).toEqual([
      'Succeeded',
      'Superseded',
      undefined,
    ])
    expect(statusOf(controller)).toMatchObject({ phase: 'AwaitingApproval' })
    expect(controller.world.weight('arn:rule/1', 'green')).toBe(100)
  })

  it('ends with an abort', () => {
    const controller = waiting()
    controller.abort()
    expect(untilPeopleOrEnd(controller)).toBe('Aborted Aborted')
    expect(done(controller)).toBe('blue 0: start, empty')
  })

  it('takes traffic back that somebody gives the version meanwhile', () => {
    const controller = waiting()
    controller.world.setWeights('arn:rule/1', { blue: 50, green: 50 })
    controller.turn()
    expect(controller.world.weight('arn:rule/1', 'blue')).toBe(0)
    expect(statusOf(controller).awaiting?.gate).toBe('sign-off')
  })

  it('gets the time of a suspension on top, and what was decided meanwhile counts', () => {
    const controller = waiting()
    controller.mayWrite = false
    controller.turn()
    controller.world.pass(2 * HOUR_MS)
    controller.turn()
    controller.mayWrite = true
    controller.turn()
    expect(statusOf(controller)).toMatchObject({ phase: 'AwaitingApproval', waitSeconds: 7_200 })
    expect(fromTimestamp(statusOf(controller).awaiting?.until ?? '') - controller.world.now).toBe(HOUR_MS)
    controller.mayWrite = false
    controller.turn()
    controller.decide('Approved')
    controller.turn()
    expect(controller.world.weight('arn:rule/1', 'blue')).toBe(0)
    controller.mayWrite = true
    expect(untilPeopleOrEnd(controller)).toBe('Succeeded Succeeded')
  })

  it('changes nothing by a decision that comes after the end of its time', () => {
    const controller = waiting()
    controller.world.pass(HOUR_MS)
    controller.turn()
    controller.decide('Approved')
    expect(untilPeopleOrEnd(controller)).toBe('RolledBack GateTimedOut')
    expect(statusOf(controller).message).toBe('gate sign-off ended as TimedOut: nobody decided within 1h')
  })
})

describe('a halt', () => {
  it('says why, and what to type', () => {
    expect(statusOf(halted()).message).toBe(
      'gate smoke ended as Failed (status 500), and the rollout halts until somebody decides: `steersman approve prod/web --gate smoke --rollout 2` goes on as if it had passed, `steersman reject prod/web --gate smoke --rollout 2` goes back, `steersman retry prod/web --gate smoke --rollout 2` asks again',
    )
  })

  it('moves no weight and keeps both sides, for longer than the deadline', () => {
    const controller = halted()
    controller.log.length = 0
    for (let hours = 0; hours < 5; hours += 1) {
      controller.world.pass(HOUR_MS)
      expect(controller.turn().reason).toBe('GateHold')
    }
    expect(controller.log).toEqual([])
    expect([controller.world.healthy('blue'), controller.world.healthy('green')]).toEqual([2, 2])
  })

  it.each<readonly ['Approved' | 'Rejected' | 'Retried', string]>([
    ['Approved', 'Succeeded Succeeded'],
    ['Rejected', 'RolledBack GateFailed'],
    ['Retried', 'Succeeded Succeeded'],
  ])('ends where a person decides %s as %s', (verdict, outcome) => {
    const controller = halted()
    controller.answers.set('smoke', 'Success')
    controller.world.pass(HOUR_MS)
    controller.turn()
    controller.decide(verdict, { gate: 'smoke' })
    expect(untilPeopleOrEnd(controller)).toBe(outcome)
    expect(statusOf(controller).waitSeconds).toBeGreaterThanOrEqual(3_600)
  })

  it('halts again where the gate that is asked again fails again', () => {
    const controller = halted()
    controller.decide('Retried', { gate: 'smoke' })
    controller.turn()
    expect(statusOf(controller).gates?.[0]).toMatchObject({ attempts: 1, result: 'Failed' })
    expect(statusOf(controller).gates?.[0]?.decision).toBeUndefined()
    expect(untilPeopleOrEnd(controller)).toBe('Baking waits: GateHold')
  })

  it('does not keep a version that serves nobody any more', () => {
    const controller = halted()
    controller.world.behaves('2', { becomesHealthy: false })
    controller.world.kill('blue')
    expect(untilPeopleOrEnd(controller)).toMatch(/waits|RolledBack/)
    for (let turns = 0; turns < 120 && controller.active !== undefined; turns += 1) {
      controller.turn()
      controller.world.pass(1_000)
    }
    expect(statusOf(controller)).toMatchObject({ outcome: 'RolledBack', reason: 'NoHealthyTargets' })
  })

  it('ends with an abort', () => {
    const controller = halted()
    controller.abort()
    expect(untilPeopleOrEnd(controller)).toBe('Aborted Aborted')
    expect(done(controller)).toBe('blue 0: start, shift, give back, empty')
  })
})
