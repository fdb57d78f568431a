import { describe, expect, it } from 'vitest'

import type {
  ReleaseObservation,
  ServiceFacts,
  Side,
  TaskFacts,
} from '../../../controller/core/observation.ts'
import type { Step } from '../../../controller/core/rollout/state.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { RolloutStatus } from '../../../controller/resources/types.ts'
import { taskDefinitionArn } from '../../support/release-world.ts'
import type { ReleaseWorld } from '../../support/release-world.ts'
import { after, line, nothing, ready, said, stepOf, toBlue } from './ready.ts'

const withService = (
  seen: ReleaseObservation,
  side: Side,
  change: Partial<ServiceFacts>,
): ReleaseObservation => {
  const { service } = seen.sides[side]
  if (service === null) throw new Error(`the ${side} service does not exist`)
  return {
    ...seen,
    sides: { ...seen.sides, [side]: { ...seen.sides[side], service: { ...service, ...change } } },
  }
}

/** A task of another version that starts on the side, and is no target yet. */
function withTask(seen: ReleaseObservation, side: Side, change: Partial<TaskFacts>): ReleaseObservation {
  const { members } = seen.sides[side]
  if (members === undefined) throw new Error(`the ${side} side was not looked at`)
  const task: TaskFacts = {
    arn: 'arn:task/started',
    taskDefinition: taskDefinitionArn('9'),
    lastStatus: 'ACTIVATING',
    desiredStatus: 'RUNNING',
    createdAt: ready().controller.world.now,
    targetIds: [],
    ...change,
  }
  const tasks = [...members.tasks, task]
  return {
    ...seen,
    sides: { ...seen.sides, [side]: { ...seen.sides[side], members: { ...members, tasks } } },
  }
}

describe('provisioning', () => {
  const provisioning = (now: number): RolloutStatus => ({
    phase: 'Provisioning',
    startedAt: timestamp(now - 10_000),
    deadlineAt: timestamp(now + 290_000),
  })
  const short = (world: ReleaseWorld): void => {
    world.behaves('2', { becomesHealthy: false })
    world.kill('blue')
  }
  const withEvents = (...events: readonly { readonly ageMs: number; readonly message: string }[]): Step =>
    after(provisioning, short, (seen) => {
      const { now } = ready().controller.world
      const made = events.map(({ ageMs, message }) => ({ at: now - ageMs, message }))
      return { observation: withService(seen, 'blue', { events: made }) }
    })

  it('says which service is being deleted', () => {
    const step = after(provisioning, (world) => world.setService('blue', { status: 'DRAINING' }))
    expect(said(step)).toBe('ServiceDraining: service web-blue is DRAINING')
  })

  it('waits for the tasks and targets of another revision that still stop', () => {
    const step = after(provisioning, nothing, (seen, rollout) => {
      const stale = { ...rollout, spec: { ...rollout.spec, taskDefinition: taskDefinitionArn('5') } }
      return {
        rollout: { ...stale, status: provisioning(ready().controller.world.now) },
        observation: withService(seen, 'blue', { desiredCount: 0 }),
      }
    })
    expect(said(step)).toBe('Draining: the blue side still holds 4 tasks or targets of another revision')
  })

  it.each([
    ['to zero tasks', { object: 'service/blue/count', to: '0', ageMs: 59_999 }, 'waits'],
    ['tried once more since', { object: 'service/blue/unanswered', to: '0', ageMs: 59_999 }, 'waits'],
    [
      'to other tasks',
      { object: 'service/blue', to: `${taskDefinitionArn('7')} x 2`, ageMs: 59_999 },
      'waits',
    ],
    ['to what is wanted', { object: 'service/blue/count', to: '2', ageMs: 59_999 }, 'goes on'],
    ['of the other side', { object: 'service/green/count', to: '0', ageMs: 59_999 }, 'goes on'],
    ['of long ago', { object: 'service/blue/count', to: '0', ageMs: 60_000 }, 'goes on'],
  ])('where a change %s got no answer, a side that is ready %s', (...[, { object, to, ageMs }, then]) => {
    const { now } = ready().controller.world
    const write = { before: '2', after: to, at: timestamp(now - ageMs), ambiguous: true }
    const step = stepOf(provisioning(now), { writes: { [object]: write } })
    expect(line(step)).toBe(then === 'waits' ? 'Provisioning waits: ReadBack' : 'Shifting Act SetWeights')
  })

  const wanting = (settings: object, live: object): Step =>
    after(provisioning, nothing, (seen, rollout) => {
      const service = { ...rollout.spec.service, settings }
      const status = provisioning(ready().controller.world.now)
      return {
        rollout: { ...rollout, spec: { ...rollout.spec, service }, status },
        observation: withService(seen, 'blue', { settings: { ...live } }),
      }
    })

  it.each([
    [
      'to providers',
      { capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] },
      { launchType: 'FARGATE' },
    ],
    [
      'back to a launch type',
      { launchType: 'FARGATE' },
      { capacityProviderStrategy: [{ capacityProvider: 'X' }] },
    ],
  ])('brings a side %s with a new deployment, which ECS asks for', (_title, settings, live) => {
    expect(wanting(settings, live)).toMatchObject({
      kind: 'Act',
      action: { kind: 'UpdateService', side: 'blue', forceNewDeployment: true },
    })
  })

  it('brings a side other settings without one', () => {
    const step = wanting({ enableExecuteCommand: true }, {})
    expect(step).toMatchObject({ kind: 'Act', action: { kind: 'UpdateService', side: 'blue' } })
    expect(step).not.toMatchObject({ action: { forceNewDeployment: true } })
  })

  it('turns back from a service that can never get its launch type', () => {
    const { status } = wanting({ launchType: 'FARGATE' }, { launchType: 'EC2' })
    expect(status).toMatchObject({ phase: 'RollingBack', outcome: 'RolledBack', reason: 'LaunchTypeFixed' })
  })

  it.each([
    ['tasks failed to start', 'tasks failed to start'],
    [undefined, 'ECS gave the deployment up'],
  ])('tells the reason for which ECS gave up: %s', (rolloutStateReason, message) => {
    const step = after(provisioning, short, (seen) => {
      const [deployment] = seen.sides.blue.service?.deployments ?? []
      if (deployment === undefined) throw new Error('no deployment')
      const createdAt = ready().controller.world.now
      const failed = { ...deployment, createdAt, rolloutState: 'FAILED' as const, rolloutStateReason }
      return { observation: withService(seen, 'blue', { deployments: [failed] }) }
    })
    expect(step.status).toMatchObject({ phase: 'RollingBack', reason: 'DeploymentFailed', message })
  })

  it.each<readonly [what: string, ageMs: number, message: string, expected: string]>([
    ['a failure', 5_000, 'failed container health checks', '; ECS says: failed container health checks'],
    ['a failure as the rollout began', 10_000, 'unhealthy', '; ECS says: unhealthy'],
    ['nothing of before the rollout', 10_001, 'failed container health checks', ''],
    ['nothing of what goes well', 5_000, 'has reached a steady state', ''],
  ])("quotes of ECS's words %s", (_what, ageMs, message, expected) => {
    expect(said(withEvents({ ageMs, message }))).toMatch(
      new RegExp(`^Starting: 0 of 2 tasks of prod-web:2 are healthy targets; others: initial${expected}$`),
    )
  })

  it.each<readonly [when: string, ageMs: number, reason: string]>([
    ['as the rollout began', 10_000, 'CapacityUnavailable'],
    ['before the rollout', 10_001, 'Starting'],
  ])('takes a lack of capacity for one where ECS said so %s', (_when, ageMs, reason) => {
    const step = withEvents({ ageMs, message: 'was unable to place a task' })
    expect(step.kind === 'Wait' ? step.reason : '').toBe(reason)
  })

  it.each<readonly [leftMs: number, movedTo: number]>([
    [150_001, 150_001],
    [150_000, 300_000],
    [1, 300_000],
  ])('moves the deadline on for want of capacity once half of it is over: %d ms left', (leftMs, movedTo) => {
    const { now } = ready().controller.world
    const status = { ...provisioning(now), deadlineAt: timestamp(now + leftMs) }
    const step = after(
      () => status,
      short,
      (seen) => ({
        observation: withService(seen, 'blue', { events: [{ at: now, message: 'unable to place a task' }] }),
      }),
    )
    expect(step.status.deadlineAt).toBe(timestamp(now + movedTo))
  })
})

describe('baking', () => {
  const baking = (now: number): RolloutStatus => ({
    phase: 'Baking',
    phaseStartedAt: timestamp(now - 10_000),
  })
  const shifted = toBlue

  it('waits out its time, and looks again when it is over at the latest', () => {
    const young = (now: number): RolloutStatus => ({
      phase: 'Baking',
      phaseStartedAt: timestamp(now - 9_500),
    })
    expect(after(young, shifted)).toMatchObject({ kind: 'Wait', reason: 'Baking', lookAgainMs: 500 })
    expect(line(after(baking, shifted))).toBe('Baking Act PointTest')
  })

  it('waits on while a task is missing, and says so', () => {
    const step = after(baking, (world) => {
      shifted(world)
      world.kill('blue', 1)
    })
    expect(said(step)).toMatch(/^Unsteady: the bake time is over, but 1 of 2 tasks of prod-web:2 are healthy/)
  })

  it('looks at the services to learn whether the count was changed', () => {
    const step = after(
      baking,
      (world) => {
        shifted(world)
        world.kill('blue', 1)
      },
      (seen) => ({ observation: { ...seen, seen: ['rules', 'blue'] } }),
    )
    expect(step).toMatchObject({ kind: 'Look', parts: ['services'] })
  })

  it('says why it went back', () => {
    const step = after(baking, (world) => {
      shifted(world)
      world.kill('blue')
    })
    expect(said(step)).toMatch(/: the blue side lost all its healthy targets: 0 of 2 tasks of prod-web:2/)
  })

  it('says why no weight is moved', () => {
    const step = after(baking, (world) => {
      world.behaves('9', { becomesHealthy: false })
      world.setService('blue', { taskDefinition: taskDefinitionArn('9') })
    })
    expect(said(step)).toMatch(
      /^Preflight: no weight is moved: 2 of 2 .*; 2 targets belong to something else/,
    )
  })

  it.each<
    readonly [what: string, started: Partial<TaskFacts>, change: (world: ReleaseWorld) => void, then: string]
  >([
    ['start on the side', {}, nothing, 'Baking waits: Preflight'],
    ['stop there', { desiredStatus: 'STOPPED' }, nothing, 'Baking Act SetWeights'],
    [
      'are ready, of the version itself,',
      { taskDefinition: taskDefinitionArn('2') },
      nothing,
      'Baking Act SetWeights',
    ],
    [
      'start there, and the other one serves nobody',
      {},
      (world) => world.kill('green'),
      'Baking Act SetWeights',
    ],
    [
      'start there, and it has some of the traffic still',
      {},
      (world) => world.setWeights('arn:rule/1', { blue: 50, green: 50 }),
      'Baking Act SetWeights',
    ],
  ])('puts no weights back that somebody moved while other tasks %s', (_what, started, change, then) => {
    const step = after(baking, change, (seen) => ({ observation: withTask(seen, 'blue', started) }))
    expect(line(step)).toBe(then)
  })

  it('looks at the other side too before it puts weights back where other tasks start', () => {
    const step = after(baking, nothing, (seen) => ({
      observation: { ...withTask(seen, 'blue', {}), seen: ['rules', 'blue'] },
    }))
    expect(step).toMatchObject({ kind: 'Look', parts: ['green'] })
  })
})

describe('shifting', () => {
  it('says why it went back', () => {
    const step = after(
      () => ({ phase: 'Shifting' }),
      (world) => {
        world.setWeights('arn:rule/1', { blue: 50, green: 50 })
        world.kill('blue')
      },
    )
    expect(step.status).toMatchObject({
      phase: 'RollingBack',
      outcome: 'RolledBack',
      reason: 'NoHealthyTargets',
    })
    expect(step.status.message).toMatch(/^the blue side has no healthy target: 0 of 2/)
  })

  it('says why no weight is moved', () => {
    const step = after(
      () => ({ phase: 'Shifting' }),
      (world) => world.kill('blue', 1),
    )
    expect(said(step)).toMatch(/^Preflight: no weight is moved: 1 of 2 tasks/)
  })

  it.each<readonly [what: string, change: (world: ReleaseWorld) => void, expected: string]>([
    ['scaled it', (world) => world.setService('blue', { desiredCount: 3 }), 'Shifting Act UpdateService'],
    [
      'made it another version',
      (world) => world.setService('blue', { taskDefinition: taskDefinitionArn('9') }),
      'Shifting Act ScaleService',
    ],
    [
      'scaled it while tasks of another version are still shown there',
      (world) => {
        world.setService('blue', { taskDefinition: taskDefinitionArn('9') })
        world.pass(5_000)
        world.setService('blue', { taskDefinition: taskDefinitionArn('2'), desiredCount: 3 })
      },
      'Shifting Act UpdateService',
    ],
    [
      'scaled it when it had traffic',
      (world) => {
        world.setWeights('arn:rule/1', { blue: 50, green: 50 })
        world.setService('blue', { desiredCount: 3 })
      },
      'Shifting waits: Preflight',
    ],
  ])('makes the side whole where somebody %s', (_what, change, expected) => {
    expect(line(after(() => ({ phase: 'Shifting' }), change))).toBe(expected)
  })

  it('moves no weight while a change of the side without an answer may come through', () => {
    const { now } = ready().controller.world
    const write = { before: '2', after: '0', at: timestamp(now), ambiguous: true }
    const writes = { 'service/blue/count': write }
    expect(line(stepOf({ phase: 'Shifting' }, { writes }))).toBe('Shifting waits: ReadBack')
  })

  it('knows the newest task as it was when the first weight is moved', () => {
    const { newestTaskAt } = stepOf({ phase: 'Shifting', newestTaskAt: timestamp(0) }).status
    expect(newestTaskAt).not.toBe(timestamp(0))
    const later = stepOf({ phase: 'Shifting', newestTaskAt: timestamp(0), shiftedAt: timestamp(1) }).status
    expect(later.newestTaskAt).toBe(timestamp(0))
  })
})
