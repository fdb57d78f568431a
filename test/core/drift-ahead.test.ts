import { describe, expect, it } from 'vitest'
import type { DesiredRelease } from '../../controller/core/desired.ts'
import type { ReleaseObservation } from '../../controller/core/observation.ts'
import { driftOf } from '../../controller/core/drift.ts'
import type { DriftInput } from '../../controller/core/drift.ts'
import { liveSide } from '../../controller/core/plan/live.ts'
import { blank, ReleaseController } from '../support/release-controller.ts'
import { desiredRelease, smokeGate } from '../support/release-fixtures.ts'
import { ReleaseWorld } from '../support/release-world.ts'

const verified = (commit: string): DriftInput['status'] => ({
  verified: { commit, digest: 'content-1', at: '2026-01-01T00:00:00Z' },
})

/** Version 1 of `commit-1` serves from the green side, and the warm time is over. */
function served(): ReleaseController {
  const controller = new ReleaseController(new ReleaseWorld(), desiredRelease())
  controller.run()
  controller.world.pass(61_000)
  controller.run()
  return controller
}

const withService = (
  desired: DesiredRelease,
  service: Partial<DesiredRelease['spec']['service']>,
): DesiredRelease => ({
  ...desired,
  spec: { ...desired.spec, service: { ...desired.spec.service, ...service } },
})

const look = ({ world }: ReleaseController): ReleaseObservation => world.look(blank, ['services', 'rules'])

const drifted = (
  controller: ReleaseController,
  desired: DesiredRelease,
  status: DriftInput['status'],
  observation = look(controller),
): string[] =>
  driftOf({
    desired,
    live: 'green',
    last: controller.last,
    lastSucceeded: controller.lastSucceeded,
    observation,
    status,
    policy: controller.drift,
    now: controller.world.now,
  }).map(({ path }) => path)

const grace = (healthCheckGracePeriodSeconds: number) => ({ healthCheckGracePeriodSeconds })

/** A look at the live service with settings that it was given on its way. */
function lookWith(controller: ReleaseController, settings: Readonly<Record<string, unknown>>) {
  const observation = look(controller)
  const { green } = observation.sides
  if (green.service === null) throw new Error('the green side has a service')
  const service = { ...green.service, settings: { ...green.service.settings, ...settings } }
  return { ...observation, sides: { ...observation.sides, green: { ...green, service } } }
}

describe('drift after a commit that needed no rollout', () => {
  it.each<readonly [seconds: number, found: readonly string[]]>([
    [30, []],
    [0, ['/service/healthCheckGracePeriodSeconds']],
  ])('is measured by the settings that it set on the running service: %i seconds', (seconds, found) => {
    const controller = served()
    const desired = withService(controller.desired, { settings: grace(30) })
    const observation = lookWith(controller, grace(seconds))
    expect(drifted(controller, desired, verified('commit-1'), observation)).toEqual(found)
  })

  it('is still measured by the last rollout where tasks would have to be replaced', () => {
    const controller = served()
    const desired = withService(controller.desired, { settings: { enableExecuteCommand: true } })
    expect(drifted(controller, desired, verified('commit-1'))).toEqual([])
  })
})

describe('drift while a newer commit is only wanted', () => {
  it.each<readonly [what: string, ahead: (desired: DesiredRelease) => DesiredRelease]>([
    ['count', (desired) => withService(desired, { desiredCount: 3 })],
    ['setting', (desired) => withService(desired, { settings: grace(30) })],
  ])('is not that its %s is not there yet', (_what, ahead) => {
    const controller = served()
    const desired = ahead(controller.desired)
    expect(drifted(controller, desired, verified('commit-0'))).toEqual([])
    expect(drifted(controller, desired, verified('commit-1'))).toHaveLength(1)
  })

  it('is not that its count is not there yet, where no version was ever verified', () => {
    const controller = new ReleaseController(new ReleaseWorld(), desiredRelease())
    controller.runInto('Baking')
    controller.abort()
    controller.run()
    expect(controller.lastSucceeded).toBeUndefined()
    const desired = withService({ ...controller.desired, commit: 'commit-2' }, { desiredCount: 3 })
    expect(drifted(controller, desired, {})).toEqual([])
  })

  it('is not that a rule which it names does not exist', () => {
    const controller = served()
    const { traffic } = controller.desired.spec
    if (traffic === undefined) throw new Error('the fixture has traffic')
    const { rule: _rule, rules: _rules, ...rest } = traffic
    const desired: DesiredRelease = {
      ...controller.desired,
      spec: { ...controller.desired.spec, traffic: { ...rest, rule: { port: 9_999 } } },
    }
    const observation = { ...look(controller), production: [null] }
    expect(drifted(controller, desired, verified('commit-0'), observation)).toEqual([])
    expect(drifted(controller, desired, verified('commit-1'), observation)).toHaveLength(1)
  })

  it('is still what somebody did to the weights', () => {
    const controller = served()
    controller.world.setWeights('arn:rule/1', { blue: 50, green: 50 })
    expect(drifted(controller, controller.desired, verified('commit-0'))).not.toEqual([])
  })
})

it('is none where nothing ever served, though a first version was tried', () => {
  const controller = new ReleaseController(new ReleaseWorld(), desiredRelease({ gates: [smokeGate] }))
  controller.world.behaves('1', { passesGates: false })
  controller.run()
  expect(controller.last?.status.outcome).toBe('RolledBack')
  const { desired, last, world } = controller
  const observation = look(controller)
  const facts = { desired, last, lastSucceeded: undefined, observation, status: {}, now: world.now }
  expect(
    driftOf({ ...facts, live: liveSide({ desired, last, observation }), policy: controller.drift }),
  ).toEqual([])
})
