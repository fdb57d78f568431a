import { describe, expect, it } from 'vitest'

import type { ReleaseObservation } from '../../../controller/core/observation.ts'
import { readiness } from '../../../controller/core/rollout/readiness.ts'
import type { StepInput } from '../../../controller/core/rollout/state.ts'
import { finish, phaseStart, turnBack } from '../../../controller/core/rollout/state.ts'
import {
  observedWeights,
  sameWeights,
  share,
  testPointsOnlyAt,
} from '../../../controller/core/rollout/traffic.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { RolloutStatus } from '../../../controller/resources/types.ts'
import { blank } from '../../support/release-controller.ts'
import { all, line, ready, seen, stepOf } from './ready.ts'

describe('the next step', () => {
  it.each<readonly [status: RolloutStatus, change: Partial<StepInput>, expected: string]>([
    [{}, {}, 'Shifting Act SetWeights'],
    [{ phase: 'AwaitingApproval' }, {}, 'Shifting Act SetWeights'],
    [{ phase: 'Shifting' }, { mayWrite: false }, 'Shifting waits: Suspended'],
    [{ phase: 'Shifting' }, { wantedDigest: 'other' }, 'Shifting Act SetWeights'],
    [{ phase: 'Provisioning' }, { wantedDigest: undefined }, 'Shifting Act SetWeights'],
    [{ phase: 'Provisioning' }, { wantedDigest: 'other' }, 'RollingBack Act ScaleService'],
    [{ phase: 'Succeeded', outcome: 'Succeeded' }, { wantedDigest: 'other' }, 'Succeeded Finished'],
    [{ phase: 'RollingBack' }, {}, 'RollingBack Act ScaleService'],
  ])('from %o is decided by the phase and what is seen', (status, change, expected) => {
    expect(line(stepOf(status, change))).toBe(expected)
  })

  it.each<readonly [status: RolloutStatus, change: Partial<ReleaseObservation>, expected: string]>([
    [{ phase: 'Shifting' }, { production: [null] }, 'Shifting waits: RuleMissing'],
    [{ phase: 'Provisioning' }, { test: null }, 'Provisioning waits: TestRuleMissing'],
    [{ phase: 'Shifting' }, { seen: [] }, 'Shifting Look'],
  ])('from %o is to look or to wait where %o is seen', (status, change, expected) => {
    expect(line(stepOf(status, seen(change)))).toBe(expected)
  })

  it('says what was waited for when the deadline passed', () => {
    const status = { phase: 'Shifting', deadlineAt: timestamp(0) } as const
    expect(stepOf(status).status.message).toBe('not done within 5m')
    expect(stepOf({ ...status, message: 'no capacity' }).status.message).toBe(
      'not done within 5m: no capacity',
    )
  })

  it('says who aborted, and why', () => {
    const abort = (reason?: string): string | undefined =>
      stepOf({
        phase: 'Shifting',
        abortRequested: { by: 'ana', at: timestamp(0), ...(reason === undefined ? {} : { reason }) },
      }).status.message
    expect([abort(), abort('wrong day')]).toEqual(['aborted by ana', 'aborted by ana: wrong day'])
  })

  it('moves no weight while a task is missing, and turns back when none is left', () => {
    const { controller, rollout } = ready()
    controller.world.kill('blue', 1)
    const short = controller.world.look(blank, all)
    expect(line(stepOf({ phase: 'Shifting' }, { observation: short }))).toBe('Shifting waits: Preflight')
    controller.world.setWeights('arn:rule/1', { blue: 50, green: 50 })
    controller.world.kill('blue')
    const none = controller.world.look(blank, all)
    const input = { rollout: { ...rollout, status: { phase: 'Shifting' as const } }, observation: none }
    expect(line(stepOf({}, input))).toBe('RollingBack Act SetWeights')
  })

  it("quotes ECS's own words while tasks do not start", () => {
    const { controller } = ready()
    controller.world.behaves('2', { becomesHealthy: false })
    controller.world.kill('blue')
    const look = controller.world.look(blank, all)
    const { service } = look.sides.blue
    if (service === null) throw new Error('no service')
    const events = [{ at: controller.world.now, message: 'was unable to place a task' }]
    const observation = {
      ...look,
      sides: { ...look.sides, blue: { ...look.sides.blue, service: { ...service, events } } },
    }
    const step = stepOf({ phase: 'Provisioning', startedAt: timestamp(0) }, { observation })
    expect(step.kind === 'Wait' ? step.message : '').toContain('ECS says: was unable to place a task')
  })
})

describe('a status', () => {
  it('keeps the first reason to turn back', () => {
    const first = turnBack({}, { outcome: 'Aborted', reason: 'Aborted', message: 'one', now: 1 })
    expect(turnBack(first, { outcome: 'RolledBack', reason: 'Other', message: 'two', now: 2 })).toBe(first)
  })

  it('ends with what was said last, if anything was', () => {
    expect(finish({ phase: 'RollingBack' }, 'RolledBack', 0)).toEqual({
      phase: 'RolledBack',
      phaseStartedAt: timestamp(0),
      outcome: 'RolledBack',
      finishedAt: timestamp(0),
    })
    expect(finish({ reason: 'R', message: 'M' }, 'Aborted', 0)).toMatchObject({ reason: 'R', message: 'M' })
  })

  it('counts a phase from its start, else from that of the rollout', () => {
    expect([
      phaseStart({ phaseStartedAt: timestamp(3), startedAt: timestamp(2) }),
      phaseStart({ startedAt: timestamp(2) }),
      phaseStart({}),
    ]).toEqual([3, 2, 0])
  })
})

describe('weights', () => {
  it('mean shares, whatever their sum is', () => {
    expect(sameWeights({ blue: 1, green: 1 }, { blue: 50, green: 50 })).toBe(true)
    expect(share({ blue: 0, green: 0 }, 'blue')).toBe(0)
  })

  it('are not those of rules that do not exist', () => {
    const { observation } = seen({ production: [null], test: null })
    expect(observation === undefined ? [] : observedWeights(observation)).toEqual([])
    expect(observation === undefined || testPointsOnlyAt(observation, 'blue')).toBe(false)
  })
})

describe('readiness', () => {
  const wanted = { taskDefinition: 'td/web:1', count: 1, staleTasks: ['stale'] }
  const task = (arn: string, targetIds: readonly string[], desiredStatus = 'RUNNING'): object => ({
    arn,
    taskDefinition: 'td/web:1',
    lastStatus: 'RUNNING',
    desiredStatus,
    createdAt: 0,
    targetIds,
  })
  const side = (tasks: readonly object[], targets: readonly object[]): Parameters<typeof readiness>[0] =>
    ({ service: null, targetGroup: null, members: { tasks, targets } }) as Parameters<typeof readiness>[0]
  const target = (id: string, state: string): object => ({ id, port: 80, state, reason: undefined })

  it.each<readonly [title: string, tasks: readonly object[], targets: readonly object[], message: string]>([
    ['by address', [task('a', ['10.0.0.1'])], [target('10.0.0.1', 'healthy')], '1 of 1'],
    ['by instance and port', [task('a', ['i-1:80'])], [target('i-1', 'healthy')], '1 of 1'],
    ['not by a draining target', [task('a', ['x'])], [target('x', 'draining')], '0 of 1'],
    [
      'not by a stale task',
      [task('stale', ['x'])],
      [target('x', 'healthy')],
      '1 targets belong to something else',
    ],
    ['not by a target of nobody', [], [target('x', 'healthy')], '1 targets belong to something else'],
    ['not by one that is unhealthy', [task('a', ['x'])], [target('x', 'unhealthy')], 'others: unhealthy'],
  ])('is counted %s', (_title, tasks, targets, message) => {
    expect(readiness(side(tasks, targets), wanted).message).toContain(message)
  })

  it('is not known before the tasks were looked at', () => {
    const { ready: isReady, message } = readiness(blank.sides.blue, wanted)
    expect([isReady, message]).toEqual([false, 'its tasks were not looked at yet'])
  })
})
