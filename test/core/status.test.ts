import { describe, expect, it } from 'vitest'

import type { Change } from '../../controller/core/diff.ts'
import { driftOf } from '../../controller/core/drift.ts'
import type { Outcome } from '../../controller/core/outcome.ts'
import type { StatusFacts } from '../../controller/core/status.ts'
import { changedConditions, releaseStatus } from '../../controller/core/status.ts'
import type { TierLook } from '../../controller/core/drifted-fields.ts'
import { driftedFields } from '../../controller/core/drifted-fields.ts'
import { timestamp } from '../../controller/core/time.ts'
import type { Condition, ReleaseStatus } from '../../controller/resources/types.ts'
import { blank, served } from '../support/release-controller.ts'
import type { ReleaseController } from '../support/release-controller.ts'
import { desiredRelease } from '../support/release-fixtures.ts'
import { taskDefinitionArn } from '../support/release-world.ts'
import type { ReleaseWorld } from '../support/release-world.ts'

const factsOf = (controller: ReleaseController, change: Partial<StatusFacts> = {}): StatusFacts => ({
  previous: {},
  generation: 7,
  outcome: { kind: 'Converged', lookAgainMs: undefined },
  desired: controller.desired,
  observation: controller.world.look(blank, ['services', 'rules']),
  live: 'green',
  last: controller.last,
  lastSucceeded: controller.lastSucceeded,
  drift: [],
  held: undefined,
  now: controller.world.now,
  ...change,
})

const trueOnes = (status: ReleaseStatus): string[] =>
  (status.conditions ?? [])
    .filter(({ status: is }) => is === 'True')
    .map(({ type, reason }) => `${type}: ${reason}`)

const change: Change = {
  path: '/service/desiredCount',
  wanted: 2,
  live: 5,
  owner: 'Steersman',
  class: 'service',
}

const lookAt = (at: number): TierLook => ({ tier: 'Fast', at, lastSucceeded: undefined })

describe('the status of a release', () => {
  it('says what serves, from where, since when and for which commit', () => {
    const controller = served()
    const status = releaseStatus(factsOf(controller))
    const now = timestamp(controller.world.now)
    expect(status).toMatchObject({
      observedGeneration: 7,
      revision: 'prod@sha1:commit-1',
      live: { side: 'green', taskDefinition: taskDefinitionArn('1'), since: now, contentDigest: 'content-1' },
      traffic: { blue: 0, green: 100 },
      rollout: 'prod-web-1',
      verified: { commit: 'commit-1', digest: 'content-1', at: now, rollout: 'prod-web-1' },
    })
    expect(trueOnes(status)).toEqual(['Ready: Serving'])
  })

  it('keeps the times of what stays the same', () => {
    const controller = served()
    const previous = releaseStatus(factsOf(controller))
    controller.world.pass(5_000)
    const status = releaseStatus(factsOf(controller, { previous }))
    expect([status.live, status.verified]).toEqual([previous.live, previous.verified])
  })

  it.each<readonly [outcome: Outcome, conditions: readonly string[]]>([
    [{ kind: 'Progressing', reason: 'Baking', message: 'bakes', lookAgainMs: 1 }, ['Reconciling: Baking']],
    [
      { kind: 'Waiting', reason: 'ImageNotFound', message: 'no image', until: 1, lookAgainMs: undefined },
      ['Reconciling: ImageNotFound'],
    ],
    [{ kind: 'Stalled', reason: 'RuleMissing', message: 'no rule' }, ['Stalled: RuleMissing']],
    [{ kind: 'Failed', reason: 'GateFailed', message: 'gate' }, ['Stalled: GateFailed']],
  ])('is not ready as long as %o', (outcome, conditions) => {
    const status = releaseStatus(factsOf(served(), { outcome }))
    expect(trueOnes(status)).toEqual(conditions)
    expect(status.verified).toBeUndefined()
  })

  it('says what is waited for, and until when, only while it waits', () => {
    const controller = served()
    const outcome = { kind: 'Waiting', reason: 'Image', message: 'no image', lookAgainMs: 1 } as const
    const bounded = releaseStatus(factsOf(controller, { outcome: { ...outcome, until: 0 } }))
    expect(bounded.waiting).toEqual({ reason: 'Image', message: 'no image', until: timestamp(0) })
    const unbounded = releaseStatus(factsOf(controller, { outcome: { ...outcome, until: undefined } }))
    expect(unbounded.waiting).toEqual({ reason: 'Image', message: 'no image' })
    expect(releaseStatus(factsOf(controller, { previous: bounded })).waiting).toBeUndefined()
  })

  it('shows a pin and a hold', () => {
    const controller = served()
    const { desired } = controller
    const pin = { rollout: 1, reason: 'incident' }
    const held = { by: 'ana', at: timestamp(0) }
    const status = releaseStatus(
      factsOf(controller, { desired: { ...desired, spec: { ...desired.spec, pin } }, held }),
    )
    expect(status).toMatchObject({ pinned: pin, held })
    expect(trueOnes(status)).toEqual(['Ready: Serving', 'Pinned: Pin', 'Held: Hold'])
  })

  it('keeps what it knew of parts that were not looked at', () => {
    const controller = served()
    const previous = releaseStatus(factsOf(controller, { drift: [change] }))
    const status = releaseStatus(factsOf(controller, { previous, observation: blank, drift: undefined }))
    expect([status.live, status.traffic, status.drift]).toEqual([
      previous.live,
      previous.traffic,
      previous.drift,
    ])
  })

  it('says that nothing serves where the live side has no tasks', () => {
    const controller = served()
    controller.world.setService('green', { desiredCount: 0 })
    expect(releaseStatus(factsOf(controller)).live).toEqual({ side: 'none' })
  })

  it('is about nothing in particular before anything is known', () => {
    const facts = factsOf(served(), { desired: undefined, live: undefined, last: undefined })
    const status = releaseStatus({ ...facts, lastSucceeded: undefined, observation: blank })
    expect(Object.keys(status)).toEqual(['observedGeneration', 'conditions'])
  })
})

describe('drifted fields', () => {
  it('are told with the time since when they differ, as text', () => {
    const first = driftedFields([change, { ...change, path: '/x', live: undefined }], [], lookAt(0))
    expect(first).toMatchObject([
      { path: '/service/desiredCount', wanted: '2', live: '5', since: timestamp(0) },
      { path: '/x', live: 'nothing' },
    ])
    expect(driftedFields([change], first, lookAt(9_000))[0]?.since).toBe(timestamp(0))
  })

  it('are fifty at most, as the schema has it, none longer than a kibibyte', () => {
    const many = Array.from({ length: 150 }, (_, index) => ({
      ...change,
      path: `/${index}`,
      live: 'x'.repeat(5_000),
    }))
    const fields = driftedFields(many, [], lookAt(0))
    expect([fields.length, fields[0]?.live?.length]).toEqual([50, 1_024])
  })

  it('are told as flapping while they are let be', () => {
    const facts = factsOf(served(), { drift: [change] })
    const corrections = [130, 60, 0].map((seconds) => ({
      path: change.path,
      at: timestamp(facts.now - seconds * 1_000),
    }))
    const status = releaseStatus({ ...facts, previous: { corrections } })
    expect(trueOnes(status)).toContain('Drifted: Flapping')
    expect(status.corrections).toEqual(corrections)
    const later = releaseStatus({ ...facts, previous: { corrections }, now: facts.now + 3_600_000 })
    expect(trueOnes(later)).toContain('Drifted: Differs')
    expect(later).not.toHaveProperty('corrections')
  })

  it('make the release drifted, and say which is first', () => {
    const status = releaseStatus(factsOf(served(), { drift: [change] }))
    expect(trueOnes(status)).toContain('Drifted: Differs')
    expect(status.conditions?.find(({ type }) => type === 'Drifted')?.message).toContain('wanted 2, live 5')
  })
})

describe('drift', () => {
  const paths = (controller: ReleaseController): string[] =>
    driftOf({
      desired: controller.desired,
      live: 'green',
      last: controller.last,
      lastSucceeded: controller.lastSucceeded,
      observation: controller.world.look(blank, ['services', 'rules']),
      status: {},
      policy: controller.drift,
      now: controller.world.now,
    }).map(
      ({ path, wanted, live }) =>
        `${path.slice(path.lastIndexOf('/') + 1)} ${String(wanted)} ${String(live)}`,
    )

  it('is nothing while all is as the last rollout left it, whatever is wanted next', () => {
    const controller = served()
    expect(paths(controller)).toEqual([])
    controller.desired = desiredRelease({ version: '2' })
    expect(paths(controller)).toEqual([])
  })

  it.each<readonly [what: string, change: (world: ReleaseWorld) => void, found: readonly string[]]>([
    ['a count', (world) => world.setService('green', { desiredCount: 5 }), ['desiredCount 2 5']],
    [
      'a revision',
      (world) => world.setService('green', { taskDefinition: taskDefinitionArn('9') }),
      [`taskDefinition ${taskDefinitionArn('1')} ${taskDefinitionArn('9')}`],
    ],
    [
      'weights',
      (world) => world.setWeights('arn:rule/1', { blue: 50, green: 50 }),
      ['Weight 0 50', 'Weight 100 50'],
    ],
  ])('is what somebody changed: %s', (_what, somebody, found) => {
    const controller = served()
    somebody(controller.world)
    expect(paths(controller)).toEqual(found)
  })

  it('leaves out what the environment ignores', () => {
    const controller = served()
    controller.world.setService('green', { desiredCount: 5 })
    controller.drift = { ...controller.drift, service: 'Ignore' }
    expect(paths(controller)).toEqual([])
  })

  it('expects the old side at the live count while it is warm, then at zero', () => {
    const controller = served()
    controller.desired = desiredRelease({ version: '2' })
    controller.run()
    const facts = {
      desired: controller.desired,
      live: 'blue',
      last: controller.last,
      lastSucceeded: controller.lastSucceeded,
      observation: controller.world.look(blank, ['services', 'rules']),
      status: {},
      policy: controller.drift,
    } as const
    expect(driftOf({ ...facts, now: controller.world.now })).toEqual([])
    expect(driftOf({ ...facts, now: controller.world.now + 60_000 })).toMatchObject([{ wanted: 0, live: 2 }])
  })
})

describe('changed conditions', () => {
  const condition = (type: string, status: Condition['status']): Condition => ({
    type,
    status,
    reason: 'R',
    message: '',
    lastTransitionTime: timestamp(0),
  })

  it('are those with another status, and true ones that are gone', () => {
    const before = [condition('Ready', 'True'), condition('Held', 'True'), condition('Drifted', 'False')]
    const after = [condition('Ready', 'False'), condition('Pinned', 'True')]
    expect(changedConditions(before, after).map(({ type, status }) => `${type} ${status}`)).toEqual([
      'Ready False',
      'Pinned True',
      'Held False',
    ])
    expect(changedConditions(after, after)).toEqual([])
  })
})
