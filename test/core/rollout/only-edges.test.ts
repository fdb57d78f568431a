import { describe, expect, it } from 'vitest'

import { blankObservation } from '../../../controller/engine/observe.ts'
import type { RolloutState, StepInput } from '../../../controller/core/rollout/state.ts'
import { manual } from './gated.ts'
import { deployment, line, NEW, NOW, OLD, rolloutIn, seen, service, spec, step, tasks } from './only.ts'

const at = (ms: number): string => new Date(NOW - ms).toISOString()
const ours = (change: Parameters<typeof deployment>[0] = {}) =>
  deployment({ id: 'ecs-svc/2', taskDefinition: NEW, createdAt: NOW - 300_000, ...change })
const updated = (change: Parameters<typeof service>[0] = {}) =>
  service({ taskDefinition: NEW, deployments: [ours()], ...change })
const { desiredCount: _count, ...uncounted } = spec()
const withSettings = (settings: NonNullable<RolloutState['spec']['service']['settings']>) =>
  spec({ service: { cluster: 'shop', name: 'mailer', settings } })
const without = (rollout: RolloutState, name: keyof RolloutState['status']): RolloutState => {
  const { [name]: _left, ...status } = rollout.status
  return { ...rollout, status }
}
/** A write of something else to the service that got no answer. */
const unanswered: Partial<StepInput> = {
  writes: {
    'service/only': { before: `${OLD} x 2`, after: `${OLD}9 x 2`, at: at(10_000), ambiguous: true },
  },
}

describe('one service', () => {
  it.each(['Provisioning', 'Shifting', 'Baking', 'RollingBack'] as const)(
    'is looked at before anything is concluded in phase %s',
    (phase) => {
      expect(line(step(rolloutIn(phase), blankObservation))).toBe(`${phase}: look at services, only`)
    },
  )

  it.each(['Provisioning', 'Shifting', 'Baking'] as const)(
    'goes back from phase %s where ECS can never give it its launch type',
    (phase) => {
      const rollout = rolloutIn(phase, {}, withSettings({ launchType: 'FARGATE' }))
      const found = seen(updated({ settings: { launchType: 'EC2' } }), tasks(NEW, 2))
      const { status } = step(rollout, found)
      expect(status).toMatchObject({ phase: 'RollingBack', reason: 'LaunchTypeFixed' })
      expect(status.message).toContain('of service mailer from EC2 to FARGATE')
    },
  )

  it('is waited for while it is deleted', () => {
    expect(line(step(rolloutIn('Shifting'), seen(updated({ status: 'DRAINING' }))))).toBe(
      'Shifting: wait ServiceDraining: service mailer is DRAINING',
    )
  })

  it.each([
    ['as many tasks as it had', 3, 3],
    ['one task where it had none', 0, 1],
    ['one task where nothing is known of it', undefined, 1],
  ])('is created anew with %s where its count is not Steersman’s', (_title, originCount, expected) => {
    const status = originCount === undefined ? {} : { originCount }
    expect(line(step(rolloutIn('Shifting', status, uncounted), seen(null)))).toContain(
      `"desiredCount":${expected}`,
    )
  })

  it('remembers nothing of a service that is not there', () => {
    const begun = without(without(rolloutIn('Provisioning'), 'shiftedAt'), 'deploymentsBefore')
    const { kind, status } = step(begun, seen(null))
    expect(kind).toBe('Act')
    expect(status).toMatchObject({ phase: 'Shifting', shiftedAt: at(0), deploymentsBefore: [] })
    expect(status).not.toHaveProperty('originCount')
  })

  it('gets other capacity providers with a new deployment, which ECS demands', () => {
    const settings = { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] }
    expect(line(step(rolloutIn('Shifting', {}, withSettings(settings)), seen(updated())))).toBe(
      `Shifting: UpdateService ${JSON.stringify({ side: 'only', taskDefinition: NEW, desiredCount: 2, forceNewDeployment: true })}`,
    )
  })

  it('gets another platform version without being forced', () => {
    const rollout = rolloutIn('Shifting', {}, withSettings({ platformVersion: '1.4.0' }))
    const found = updated({ settings: { platformVersion: '1.3.0' } })
    expect(line(step(rollout, seen(found)))).toBe(
      `Shifting: UpdateService ${JSON.stringify({ side: 'only', taskDefinition: NEW, desiredCount: 2 })}`,
    )
  })

  it('is not done while a change of it without an answer may still come', () => {
    const found = seen(updated(), tasks(NEW, 2))
    expect(line(step(rolloutIn('Shifting'), found, unanswered))).toBe(
      'Shifting: wait ReadBack: a change of the service got no answer: waiting until it is clear whether it was made',
    )
  })

  it('waits for capacity as long as ECS finds none, and the deadline begins anew', () => {
    const message = '(service mailer) was unable to place a task because no container instance met it.'
    const found = updated({ events: [{ at: NOW - 20_000, message }] })
    const waiting = step(rolloutIn('Shifting', { deadlineAt: at(-60_000) }), seen(found, tasks(NEW, 1)))
    expect(line(waiting)).toBe(
      `Shifting: wait CapacityUnavailable: 1 of 2 tasks of prod-mailer:2 run; ECS says: ${message}`,
    )
    expect(waiting.status.deadlineAt).toBe(at(-1_800_000))
  })
})

describe('the bake of one service', () => {
  const over = { phaseStartedAt: at(301_000) }
  const baking = rolloutIn('Baking', over)
  const whole = seen(updated(), tasks(NEW, 2, 302_000))

  it('fails when ECS gives the deployment up after all', () => {
    const deployments = [ours({ rolloutState: 'FAILED', rolloutStateReason: 'tasks died' })]
    expect(step(baking, seen(updated({ deployments }), tasks(NEW, 2, 302_000))).status).toMatchObject({
      phase: 'RollingBack',
      reason: 'DeploymentFailed',
      message: 'tasks died',
    })
  })

  it('fails when the service is gone', () => {
    expect(step(baking, seen(null)).status).toMatchObject({
      reason: 'NoTasksRunning',
      message: 'the service does not exist',
    })
  })

  it('fails by no task where none is wanted', () => {
    const nobody = seen(updated({ desiredCount: 0 }))
    expect(line(step(rolloutIn('Baking', over, uncounted), nobody))).toBe(
      'Succeeded: Succeeded: the new version runs',
    )
  })

  it('lasts as long as its gates do', () => {
    const rollout = rolloutIn('Baking', over, spec({ gates: [manual('Bake')] }))
    const asked = step(rollout, whole)
    expect(asked).toMatchObject({ kind: 'Wait', status: { phase: 'Baking', awaiting: { gate: 'sign-off' } } })
  })

  it('asks the gates after success before it ends', () => {
    const rollout = rolloutIn('Baking', over, spec({ gates: [manual('AfterSuccess')] }))
    expect(step(rollout, whole)).toMatchObject({
      kind: 'Wait',
      status: { phase: 'Baking', awaiting: { gate: 'sign-off' } },
    })
    const young = step(rollout, seen(updated(), tasks(NEW, 2, 20_000)))
    expect(young).toMatchObject({ kind: 'Wait', reason: 'Unsteady' })
    expect(young.status).not.toHaveProperty('awaiting')
  })

  it.each([
    ['another still runs', [...tasks(NEW, 2, 302_000), ...tasks(OLD, 1)], '; 1 other still runs'],
    ['others still run', [...tasks(NEW, 2, 302_000), ...tasks(OLD, 2)], '; 2 others still run'],
    ['some do not run', tasks(NEW, 1, 302_000), ''],
  ])('is not steady while %s', (_title, running, rest) => {
    const count = running.filter(({ taskDefinition }) => taskDefinition === NEW).length
    expect(line(step(baking, seen(updated(), running)))).toBe(
      `Baking: wait Unsteady: the bake time is over, but ${count} of 2 tasks of prod-mailer:2 run${rest}`,
    )
  })

  it.each([
    ['the count from before', { originCount: 2 }, 'Succeeded'],
    ['the whole count where none is known', {}, 'Baking'],
  ])('waits for %s where the count is not Steersman’s', (_title, status, phase) => {
    const running = [...tasks(NEW, 2, 302_000), ...tasks(NEW, 2, 20_000)]
    const scaled = seen(updated({ desiredCount: 4 }), running)
    expect(step(rolloutIn('Baking', { ...over, ...status }, uncounted), scaled).status.phase).toBe(phase)
  })
})

describe('the way back of one service', () => {
  const back = { outcome: 'RolledBack', reason: 'DeploymentFailed', message: 'no', originCount: 2 } as const
  const returning = rolloutIn('RollingBack', back)

  it('creates what somebody deleted', () => {
    expect(line(step(returning, seen(null)))).toBe(
      `RollingBack: CreateService ${JSON.stringify({ side: 'only', taskDefinition: OLD, desiredCount: 2 })}`,
    )
  })

  it('gives the version alone where the count is not Steersman’s', () => {
    const rollout = rolloutIn('RollingBack', back, uncounted)
    expect(line(step(rollout, seen(updated(), tasks(NEW, 2))))).toBe(
      `RollingBack: UpdateService ${JSON.stringify({ side: 'only', taskDefinition: OLD })}`,
    )
  })

  it('is not over while a change without an answer may still come', () => {
    expect(line(step(returning, seen(service(), tasks(OLD, 2)), unanswered))).toContain(
      'RollingBack: wait ReadBack: a change of the service got no answer',
    )
  })

  it('keeps what runs where the very version from before could not be started anew', () => {
    const restart = spec({ why: 'Restart', from: { taskDefinition: NEW } })
    const failed = ours({ rolloutState: 'FAILED' })
    const found = (deployments: readonly ReturnType<typeof ours>[]) =>
      seen(updated({ deployments }), tasks(NEW, 1))
    const rollout = rolloutIn('RollingBack', back, restart)
    expect(line(step(rollout, found([failed])))).toBe(
      'RolledBack: DeploymentFailed: no; it is the version that ran before, and its tasks that still run are kept',
    )
    expect(line(step(rollout, found([{ ...failed, id: 'ecs-svc/1' }])))).toContain(
      '"forceNewDeployment":true',
    )
    expect(line(step(rollout, found([])))).toContain('RollingBack: wait Returning')
    expect(line(step(rollout, seen(null)))).toContain('RollingBack: CreateService')
  })

  it('ends as rolled back, and as failed, where nothing else is remembered', () => {
    const first = rolloutIn('RollingBack', {}, spec({ from: {} }))
    const ended = step(first, seen(updated(), tasks(NEW, 2)))
    expect(ended).toMatchObject({ kind: 'Finished', status: { outcome: 'RolledBack' } })
    expect(ended.status.message).toBe('failed; there is no earlier version to go back to, so it stays')
  })
})
