import { describe, expect, it } from 'vitest'

import { planRelease } from '../../../controller/core/plan.ts'
import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import { liveSide } from '../../../controller/core/plan/live.ts'
import { timestamp } from '../../../controller/core/time.ts'
import type { RolloutSpec } from '../../../controller/resources/types.ts'
import { ReleaseController, blank, served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { ReleaseWorld, taskDefinitionArn } from '../../support/release-world.ts'
import { all, inputOf, line } from './planning.ts'

describe('what is looked at', () => {
  it('is both services and all rules first, then the side that a rollout would go to', () => {
    const controller = new ReleaseController(new ReleaseWorld(), desiredRelease())
    const { world } = controller
    expect(line(planRelease(inputOf(controller, { observation: blank })))).toBe('look at services, rules')
    const observation = world.look(blank, ['services', 'rules'])
    expect(line(planRelease(inputOf(controller, { observation })))).toBe('look at green')
  })
})

describe('a version that exists only as a document', () => {
  const version = { taskDefinition: undefined, document: { family: 'prod-web', digest: 'd' } }
  const desired = { ...desiredRelease({ version: '2' }), version }

  it('is registered before anything else', () => {
    expect(line(planRelease(inputOf(served(), { desired })))).toBe(
      'do: register a revision of task definition prod-web',
    )
  })

  it('is not registered while nothing may be written', () => {
    expect(line(planRelease(inputOf(served(), { desired, mayWrite: false })))).toBe('Wait: Suspended')
  })
})

describe('what somebody changed by hand', () => {
  /** With what is done about it, and what is said where it is only told. */
  const changes: readonly (readonly [
    what: string,
    change: (world: ReleaseWorld) => void,
    mended: string,
    told: 'converged' | 'Stall: NotServing',
  ])[] = [
    [
      'the weights',
      (world) => world.setWeights('arn:rule/1', { blue: 30, green: 70 }),
      'mend: set the weights of rule 1 to blue 0, green 100',
      'Stall: NotServing',
    ],
    [
      'the count of the live side upwards',
      (world) => world.setService('green', { desiredCount: 5 }),
      'mend: scale the green side to 2 tasks',
      'converged',
    ],
    [
      'the count of the live side downwards',
      (world) => world.setService('green', { desiredCount: 0 }),
      'mend: scale the green side to 2 tasks',
      'Stall: NotServing',
    ],
    [
      'the test rule',
      (world) => world.pointTest('green'),
      'mend: point the test rule at the blue side',
      'converged',
    ],
    [
      'the revision of the live side',
      (world) => world.setService('green', { taskDefinition: taskDefinitionArn('9') }),
      'start to blue because of Drift',
      'Stall: NotServing',
    ],
    [
      'the live service, by deleting it',
      (world) => world.removeService('green'),
      'start to blue because of Drift',
      'Stall: NotServing',
    ],
    [
      'the live service, by deleting it while a part of the traffic goes to the other side',
      (world) => {
        world.setWeights('arn:rule/1', { blue: 1, green: 50 })
        world.removeService('green')
      },
      'start to blue because of Drift',
      'Stall: NotServing',
    ],
    [
      'the live service, which is being deleted',
      (world) => world.setService('green', { status: 'DRAINING' }),
      'start to blue because of Drift',
      'Stall: NotServing',
    ],
  ]

  it.each(changes)('is put right: %s', (_what, change, mended) => {
    const controller = served()
    change(controller.world)
    controller.world.pass(61_000)
    expect(line(planRelease(inputOf(controller)))).toBe(mended)
  })

  it.each(changes)('is left alone where the environment only tells: %s', (_what, change, _mended, told) => {
    const controller = served()
    controller.drift = { service: 'Alert', traffic: 'Alert', infrastructure: 'Alert', unmanaged: 'Alert' }
    change(controller.world)
    controller.world.pass(61_000)
    const decision = planRelease(inputOf(controller))
    expect(line(decision)).toBe(told)
    expect('message' in decision ? decision.message : 'to Correct').toContain('to Correct')
  })

  it('a count that a new commit brings is set even where drift is only told', () => {
    const controller = served()
    controller.drift = { service: 'Alert', traffic: 'Alert', infrastructure: 'Alert', unmanaged: 'Alert' }
    const { desired } = controller
    const service = { ...desired.spec.service, desiredCount: 5 }
    const next = { ...desired, commit: 'another', spec: { ...desired.spec, service } }
    expect(planRelease(inputOf(controller, { desired: next }))).toMatchObject({
      kind: 'Act',
      action: { kind: 'ScaleService', side: 'green', desiredCount: 5 },
      drift: false,
    })
  })

  it.each(changes)('is left alone while the environment is suspended: %s', (_what, change) => {
    const controller = served()
    change(controller.world)
    controller.world.pass(61_000)
    expect(line(planRelease(inputOf(controller, { mayWrite: false })))).toBe('Wait: Suspended')
  })

  it('raises the live side first, where the traffic was taken from it and it was emptied', () => {
    const controller = served()
    controller.world.setService('green', { desiredCount: 0 })
    controller.world.setWeights('arn:rule/1', { blue: 100, green: 0 })
    controller.world.pass(61_000)
    expect(line(planRelease(inputOf(controller)))).toBe('mend: scale the green side to 2 tasks')
  })

  it('brings a missing live service back while the wanted version is refused', () => {
    const controller = served()
    controller.world.behaves('4', { becomesHealthy: false })
    controller.desired = desiredRelease({ version: '4' })
    controller.run()
    controller.world.removeService('green')
    controller.world.pass(61_000)
    expect(line(planRelease(inputOf(controller)))).toBe('start to blue because of Drift')
    expect(line(planRelease(inputOf(controller, { mayWrite: false })))).toBe('Wait: Suspended')
  })

  it('waits for the live side where it can take nothing, and says so', () => {
    const controller = served()
    controller.world.behaves('1', { becomesHealthy: false })
    controller.world.kill('green')
    controller.world.setWeights('arn:rule/1', { blue: 100, green: 0 })
    controller.world.pass(61_000)
    expect(line(planRelease(inputOf(controller)))).toBe('Wait: LiveNotReady')
  })
})

describe('a read that may be older than a write', () => {
  it.each([
    ['rule/arn:rule/1', 'blue 0, green 100', 'blue 100, green 0'],
    ['service/green', `${taskDefinitionArn('1')} x 2`, `${taskDefinitionArn('9')} x 2`],
    ['service/green/count', '2', '3'],
    ['test-rule', 'blue 100, green 0', 'green'],
  ])('decides nothing: %s', (object, before, after) => {
    const controller = served()
    const { now } = controller.world
    const writes = { [object]: { before, after, at: timestamp(now - 59_999) } }
    expect(line(planRelease(inputOf(controller, { status: { writes } })))).toBe('Wait: ReadBack')
    const old = { [object]: { before, after, at: timestamp(now - 60_000) } }
    expect(line(planRelease(inputOf(controller, { status: { writes: old } })))).toBe('converged')
    const unclear = { [object]: { before, after, at: timestamp(now), ambiguous: true } }
    expect(line(planRelease(inputOf(controller, { status: { writes: unclear } })))).toBe('converged')
  })

  it('does not take a service for missing that was just made', () => {
    const controller = served()
    controller.world.removeService('green')
    const at = timestamp(controller.world.now)
    const writes = { 'service/green': { before: 'none', after: `${taskDefinitionArn('1')} x 2`, at } }
    expect(line(planRelease(inputOf(controller, { status: { writes } })))).toBe('Wait: ReadBack')
  })
})

describe('the live side', () => {
  const recorded = { taskDefinition: taskDefinitionArn('1'), rollout: 1 }
  const lost = { last: undefined, desired: { ...desiredRelease(), recorded } }

  it('is the heavier one where the store was lost', () => {
    const observation = served().world.look(blank, all)
    expect(liveSide({ ...lost, observation })).toBe('green')
  })

  it('is the one that serves the recorded revision where the weights are even', () => {
    const { world } = served()
    world.setWeights('arn:rule/1', { blue: 50, green: 50 })
    expect(liveSide({ ...lost, observation: world.look(blank, all) })).toBe('green')
    expect(
      liveSide({ last: undefined, desired: desiredRelease(), observation: world.look(blank, all) }),
    ).toBe('blue')
  })

  it('is the one that serves the recorded revision where somebody gave all of the traffic to a side without a task', () => {
    const { world } = served()
    world.setWeights('arn:rule/1', { blue: 100, green: 0 })
    expect(liveSide({ ...lost, observation: world.look(blank, all) })).toBe('green')
  })

  it('is none that has no task, whatever it would run', () => {
    const { world } = served()
    world.setWeights('arn:rule/1', { blue: 50, green: 50 })
    world.setService('green', { desiredCount: 0 })
    expect(liveSide({ ...lost, observation: world.look(blank, all) })).toBe('blue')
  })

  it.each<readonly [title: string, from: RolloutSpec['from'], expected: 'blue' | 'green']>([
    [
      'what was there before a rollout that went back, whatever people did since',
      { side: 'green', taskDefinition: taskDefinitionArn('1') },
      'green',
    ],
    ['what AWS shows where nothing was there before it', { side: 'none' }, 'blue'],
  ])('is %s', (_title, from, expected) => {
    const controller = served()
    const { last } = controller
    if (last === undefined) throw new Error('no rollout')
    controller.world.setWeights('arn:rule/1', { blue: 100, green: 0 })
    const back = {
      ...last,
      spec: { ...last.spec, from, to: { side: 'blue' as const } },
      status: { outcome: 'RolledBack' as const },
    }
    const observation = controller.world.look(blank, all)
    expect(liveSide({ last: back, desired: desiredRelease(), observation })).toBe(expected)
  })

  it('needs no rollout where git says that its revision was verified', () => {
    const controller = served()
    const input = inputOf(controller, { ...lost, lastSucceeded: undefined, status: {} })
    expect(line(planRelease(input))).toBe('converged')
  })
})

describe('settings', () => {
  const withSettings = (settings: Record<string, unknown>): Partial<PlanInput> => {
    const desired = desiredRelease()
    return {
      desired: { ...desired, spec: { ...desired.spec, service: { ...desired.spec.service, settings } } },
    }
  }

  it('that start no task are set on the live side', () => {
    const change = withSettings({ healthCheckGracePeriodSeconds: 30 })
    expect(line(planRelease(inputOf(served(), change)))).toBe(
      'mend: set healthCheckGracePeriodSeconds of the green service',
    )
  })

  it('that replace tasks need a rollout', () => {
    expect(line(planRelease(inputOf(served(), withSettings({ enableExecuteCommand: true }))))).toBe(
      'start to blue because of Drift',
    )
  })
})

describe('what a rollout is told', () => {
  const specOf = (change: Partial<PlanInput>): object => {
    const decision = planRelease(inputOf(served(), change))
    return decision.kind === 'Start' ? decision.spec : decision
  }
  const desired = desiredRelease({ version: '2', desiredCount: undefined })

  it('is all that it needs to end, whatever happens to the branch', () => {
    const image = { repository: 'web', digest: 'sha256:2' }
    expect(specOf({ desired: { ...desired, image, reason: 'because' } })).toMatchObject({
      number: 2,
      commit: 'commit-2',
      who: 'ada',
      reason: 'because',
      digest: 'content-2',
      image,
      from: { side: 'green', taskDefinition: taskDefinitionArn('1'), rollout: 'prod-web-1' },
      to: { side: 'blue' },
      desiredCount: 2,
      service: { cluster: 'shop', names: { blue: 'web-blue', green: 'web-green' } },
      traffic: { container: 'web', containerPort: 8080, test: { port: 8443 } },
    })
  })

  it('leaves out what the release does not name', () => {
    const { traffic, ...spec } = desired.spec
    if (traffic === undefined) throw new Error('no traffic')
    const { test: _test, rules: _rules, ...bare } = traffic
    const names = { blue: 'b', green: 'g' }
    const spare = {
      ...desired,
      spec: {
        ...spec,
        service: { ...spec.service, names, settings: {} },
        traffic: { ...bare, rule: { port: 80 } },
      },
      container: undefined,
      containerPort: undefined,
    }
    expect(specOf({ desired: spare, lastSucceeded: undefined })).toMatchObject({
      from: { side: 'green', taskDefinition: taskDefinitionArn('1') },
      service: { cluster: 'shop', names, settings: {} },
      traffic: { loadBalancer: 'shop', rules: [{ port: 80 }] },
    })
  })
})

describe('a failure', () => {
  it('is remembered from the last rollout, although the process ended before it was noted', () => {
    const controller = served()
    controller.world.behaves('4', { becomesHealthy: false })
    controller.desired = desiredRelease({ version: '4' })
    controller.run()
    const { failed: _lost, ...status } = controller.status
    expect(line(planRelease(inputOf(controller, { status })))).toBe('Refused: DeadlineExceeded')
  })
})
