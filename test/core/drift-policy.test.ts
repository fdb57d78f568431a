import { describe, expect, it } from 'vitest'
import type { DesiredRelease } from '../../controller/core/desired.ts'
import { driftOf } from '../../controller/core/drift.ts'
import type { DriftInput } from '../../controller/core/drift.ts'
import { releaseStatus } from '../../controller/core/status.ts'
import type { StatusFacts } from '../../controller/core/status.ts'
import { blank, served } from '../support/release-controller.ts'
import type { ReleaseController } from '../support/release-controller.ts'
import { desiredRelease } from '../support/release-fixtures.ts'
import { taskDefinitionArn } from '../support/release-world.ts'

const look = ({ world }: ReleaseController) => world.look(blank, ['services', 'rules'])

const drifted = (controller: ReleaseController, change: Partial<DriftInput> = {}): string[] =>
  driftOf({
    desired: controller.desired,
    live: 'green',
    last: controller.last,
    lastSucceeded: controller.lastSucceeded,
    observation: look(controller),
    status: {},
    policy: controller.drift,
    now: controller.world.now,
    ...change,
  }).map(({ path }) => path)

const withTraffic = (desired: DesiredRelease, traffic: DesiredRelease['spec']['traffic']): DesiredRelease => {
  const { traffic: _traffic, ...spec } = desired.spec
  return { ...desired, spec: traffic === undefined ? spec : { ...spec, traffic } }
}

describe('drift', () => {
  it('of weights is seen with a single rule as with a list of one', () => {
    const controller = served({ test: false })
    controller.world.setWeights('arn:rule/1', { blue: 50, green: 50 })
    const { traffic } = controller.desired.spec
    if (traffic === undefined) throw new Error('the fixture has traffic')
    const { rules: _rules, ...rest } = traffic
    const desired = withTraffic(controller.desired, { ...rest, rule: { ruleArn: 'arn:rule/1' } })
    const listed = drifted(controller)
    expect(listed).toHaveLength(2)
    expect(drifted(controller, { desired })).toEqual(listed)
  })

  it('of a release without traffic is that of its service alone', () => {
    const controller = served({ test: false })
    controller.world.setService('green', { desiredCount: 5 })
    const observation = { ...look(controller), production: [] }
    const desired = withTraffic(controller.desired, undefined)
    expect(drifted(controller, { desired, observation })).toEqual(['/service/desiredCount'])
  })

  it('of a release that names no rules is not about rules', () => {
    const controller = served({ test: false })
    const { traffic } = controller.desired.spec
    if (traffic === undefined) throw new Error('the fixture has traffic')
    const { rules: _rules, ...rest } = traffic
    const desired = withTraffic(controller.desired, rest)
    const observation = { ...look(controller), production: [] }
    expect(drifted(controller, { desired, observation })).toEqual([])
  })

  it('is measured by the recorded version where no rollout of ours succeeded', () => {
    const controller = served()
    const recorded = { taskDefinition: taskDefinitionArn('9') } as NonNullable<DesiredRelease['recorded']>
    const desired = { ...controller.desired, recorded }
    expect(drifted(controller, { desired, lastSucceeded: undefined })).toEqual(['/service/taskDefinition'])
    expect(drifted(controller, { lastSucceeded: undefined })).toEqual([])
  })

  it('of a test rule is seen when the idle target group is gone', () => {
    const controller = served()
    const observation = look(controller)
    const blue = { ...observation.sides.blue, targetGroup: null }
    const found = drifted(controller, {
      observation: { ...observation, sides: { ...observation.sides, blue } },
    })
    expect(found.some((path) => path.startsWith('/rules/'))).toBe(true)
    expect(drifted(controller)).toEqual([])
  })

  it('is not that the warm side has not followed a count that somebody gave the live one', () => {
    const controller = served()
    controller.desired = desiredRelease({ version: '2' })
    controller.run()
    controller.world.setService('blue', { desiredCount: 5 })
    expect(drifted(controller, { live: 'blue' })).toEqual(['/service/desiredCount'])
    controller.world.setService('blue', { desiredCount: 2 })
    controller.world.setService('green', { desiredCount: 3 })
    expect(drifted(controller, { live: 'blue' })).toEqual(['/idleService/desiredCount'])
  })

  it('is not that the old side still runs when its time is over, until it was at zero once', () => {
    const controller = served()
    controller.desired = desiredRelease({ version: '2' })
    controller.run()
    controller.world.pass(61_000)
    controller.run()
    controller.world.setService('green', { desiredCount: 3 })
    const keepPreviousUntil = controller.last?.status.keepPreviousUntil ?? ''
    expect(drifted(controller, { live: 'blue', status: { keepPreviousUntil } })).toEqual([])
    expect(drifted(controller, { live: 'blue' })).toEqual(['/idleService/desiredCount'])
  })
})

describe('the status of a release', () => {
  const statusOf = (controller: ReleaseController, change: Partial<StatusFacts>) =>
    releaseStatus({
      previous: {},
      generation: 1,
      outcome: { kind: 'Converged', lookAgainMs: undefined },
      desired: controller.desired,
      observation: look(controller),
      live: 'green',
      last: controller.last,
      lastSucceeded: controller.lastSucceeded,
      drift: [],
      held: undefined,
      now: controller.world.now,
      ...change,
    })

  it('forgets how long the old side was to be kept once that is over, and no read can show it as it was before', () => {
    const controller = served()
    controller.desired = desiredRelease({ version: '2' })
    controller.run()
    const keepPreviousUntil = controller.last?.status.keepPreviousUntil ?? ''
    const keptAfter = (ms: number): string | undefined =>
      statusOf(controller, { previous: { keepPreviousUntil }, now: Date.parse(keepPreviousUntil) + ms })
        .keepPreviousUntil
    expect(keptAfter(59_999)).toBe(keepPreviousUntil)
    expect(keptAfter(60_000)).toBeUndefined()
    const waiting = { kind: 'Progressing', reason: 'Suspended', message: '', lookAgainMs: 1 } as const
    expect(
      statusOf(controller, {
        previous: { keepPreviousUntil },
        outcome: waiting,
        now: controller.world.now + 1e9,
      }).keepPreviousUntil,
    ).toBe(keepPreviousUntil)
  })

  it('is not drifted where drift was never known', () => {
    const status = statusOf(served(), { drift: undefined })
    expect(status.drift).toBeUndefined()
    expect(status.conditions?.map(({ type }) => type)).not.toContain('Drifted')
  })

  it('names no rollout and no content for what no rollout of ours made', () => {
    const { live, verified } = statusOf(served(), { lastSucceeded: undefined })
    expect(verified).toMatchObject({ commit: 'commit-1' })
    expect(verified).not.toHaveProperty('rollout')
    expect(live).toMatchObject({ side: 'green', taskDefinition: taskDefinitionArn('1') })
    expect(live).not.toHaveProperty('contentDigest')
  })

  it('names the image that the serving rollout brought', () => {
    const controller = served()
    const { lastSucceeded } = controller
    if (lastSucceeded === undefined) throw new Error('a rollout succeeded')
    const image = { repository: 'shop/web', digest: `sha256:${'a'.repeat(64)}` }
    const status = statusOf(controller, {
      lastSucceeded: { ...lastSucceeded, spec: { ...lastSucceeded.spec, image } },
    })
    expect(status.live).toMatchObject({ digest: image.digest, contentDigest: 'content-1' })
  })
})
