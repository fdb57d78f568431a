import { describe, expect, it } from 'vitest'

import { mayBeFromBefore } from '../../../controller/core/rollout/freshness.ts'
import { timestamp } from '../../../controller/core/time.ts'
import { membersOf, taskDefinitionArn } from '../../support/release-facts.ts'

const at = Date.UTC(2026, 0, 1)
const task = { id: '1', taskDefinition: taskDefinitionArn('2'), healthyAt: Infinity, stoppedAt: Infinity }

describe('a side that takes traffic and shows no healthy target', () => {
  it.each<readonly [when: string, laterMs: number, madeAt: number, isOld: boolean]>([
    ['soon after it took it, with the tasks that were found ready', 59_999, at, true],
    ['when no reading is so old any more', 60_000, at, false],
    ['with a task that was made later', 1_000, at + 1, false],
  ])('may be an old reading or not, %s', (_when, laterMs, madeAt, isOld) => {
    const members = membersOf({ service: null, tasks: [{ ...task, createdAt: madeAt }] }, at + 1)
    const status = { shiftedAt: timestamp(at), newestTaskAt: timestamp(at) }
    const side = { service: null, targetGroup: null, members }
    expect(mayBeFromBefore({ now: at + laterMs, stalenessBoundMs: 60_000 }, side, status)).toBe(isOld)
  })

  it('is believed when a health check failed', () => {
    const { tasks, targets } = membersOf({ service: null, tasks: [{ ...task, createdAt: at }] }, at)
    const failed = targets.map((target) => ({ ...target, state: 'unhealthy' as const }))
    const side = { service: null, targetGroup: null, members: { tasks, targets: failed } }
    const reading = { now: at, stalenessBoundMs: 60_000 }
    expect(mayBeFromBefore(reading, side, { shiftedAt: timestamp(at) })).toBe(false)
  })

  it("may be an old reading while its targets are no task's, also where autoscaling has just added a task", () => {
    const { tasks, targets } = membersOf({ service: null, tasks: [{ ...task, createdAt: at + 1 }] }, at + 1)
    const others = targets.map((target, index) => ({ ...target, id: `10.9.9.${index}` }))
    const reading = { now: at + 1_000, stalenessBoundMs: 60_000 }
    const old = { shiftedAt: timestamp(at), newestTaskAt: timestamp(at) }
    const side = (members: { tasks: typeof tasks; targets: typeof targets }) => ({
      service: null,
      targetGroup: null,
      members,
    })
    expect(targets.length).toBeGreaterThan(0)
    expect(mayBeFromBefore(reading, side({ tasks, targets: others }), old)).toBe(true)
    expect(mayBeFromBefore(reading, side({ tasks, targets }), old)).toBe(false)
    expect(mayBeFromBefore(reading, side({ tasks, targets: [] }), old)).toBe(false)
  })

  it('may be an old reading where there is no target and its tasks still run, also where autoscaling has just added one', () => {
    const all = [
      { ...task, createdAt: at },
      { ...task, id: '2', createdAt: at + 1 },
    ]
    const { tasks } = membersOf({ service: null, tasks: all }, at + 1)
    const side = { service: null, targetGroup: null, members: { tasks, targets: [] } }
    const status = { shiftedAt: timestamp(at), newestTaskAt: timestamp(at) }
    const isOld = (now: number): boolean => mayBeFromBefore({ now, stalenessBoundMs: 60_000 }, side, status)
    expect(isOld(at + 1_000)).toBe(true)
    expect(isOld(at + 60_000)).toBe(false)
  })
})
