import { describe, expect, it } from 'vitest'

import type { Change } from '../../controller/core/diff.ts'
import type { Outcome } from '../../controller/core/outcome.ts'
import type { StatusFacts } from '../../controller/core/status.ts'
import { changedConditions, releaseStatus } from '../../controller/core/status.ts'
import type { TierLook } from '../../controller/core/drifted-fields.ts'
import { driftedFields } from '../../controller/core/drifted-fields.ts'
import { timestamp } from '../../controller/core/time.ts'
import type { Condition, ReleaseStatus } from '../../controller/resources/types.ts'
import { blank, ReleaseController } from '../support/release-controller.ts'
import { desiredRelease } from '../support/release-fixtures.ts'
import { ReleaseWorld, taskDefinitionArn } from '../support/release-world.ts'

const controller = new ReleaseController(new ReleaseWorld(), desiredRelease())
controller.run()
const { last, lastSucceeded } = controller
const now = controller.world.now
const seen = controller.world.look(blank, ['services', 'rules'])

/** Version 1 serves from the green side. */
const statusOf = (change: Partial<StatusFacts> = {}): ReleaseStatus =>
  releaseStatus({
    previous: {},
    generation: 7,
    outcome: { kind: 'Converged', lookAgainMs: undefined },
    desired: controller.desired,
    observation: seen,
    live: 'green',
    last,
    lastSucceeded,
    drift: [],
    held: undefined,
    now,
    ...change,
  })

const lines = ({ conditions = [] }: ReleaseStatus): readonly string[] =>
  conditions.map(({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`)

const stillSucceeded = (): NonNullable<typeof lastSucceeded> => {
  if (lastSucceeded === undefined) throw new Error('nothing succeeded')
  return lastSucceeded
}

const change: Change = {
  path: '/service/desiredCount',
  wanted: 2,
  live: 5,
  owner: 'Steersman',
  class: 'service',
}

const lookAt = (at: number): TierLook => ({ tier: 'Fast', at, lastSucceeded: undefined })

describe('the conditions of a release', () => {
  it.each<readonly [outcome: Outcome, expected: readonly string[]]>([
    [{ kind: 'Converged', lookAgainMs: 1 }, ['Ready True Serving: the wanted version serves']],
    [
      { kind: 'Progressing', reason: 'Baking', message: 'bakes', lookAgainMs: 1 },
      ['Ready False Baking: bakes', 'Reconciling True Baking: bakes'],
    ],
    [
      { kind: 'Waiting', reason: 'ImageNotFound', message: 'no image', until: 1, lookAgainMs: 1 },
      ['Ready False ImageNotFound: no image', 'Reconciling True ImageNotFound: no image'],
    ],
    [
      { kind: 'Stalled', reason: 'RuleMissing', message: 'no rule' },
      ['Ready False RuleMissing: no rule', 'Stalled True RuleMissing: no rule'],
    ],
    [
      { kind: 'Failed', reason: 'GateFailed', message: 'no gate' },
      ['Ready False GateFailed: no gate', 'Stalled True GateFailed: no gate'],
    ],
  ])('say what %o means', (outcome, expected) => {
    expect(lines(statusOf({ outcome }))).toEqual(expected)
  })

  it.each<readonly [what: string, drift: readonly Change[], expected: string]>([
    ['one field', [change], '1 fields differ, first /service/desiredCount: wanted 2, live 5'],
    [
      'two fields',
      [{ ...change, path: '/a', wanted: 'x', live: { b: 1 } }, change],
      '2 fields differ, first /a: wanted x, live {"b":1}',
    ],
  ])('tell of drift in %s', (_what, drift, expected) => {
    expect(lines(statusOf({ drift }))).toContain(`Drifted True Differs: ${expected}`)
  })

  it('come with the fields that drifted, and with none where there is no drift', () => {
    expect(statusOf({ drift: [change] }).drift).toEqual(
      driftedFields([change], [], { ...lookAt(now), lastSucceeded }),
    )
    expect(
      statusOf({ previous: { drift: driftedFields([change], [], lookAt(0)) }, drift: [] }),
    ).not.toHaveProperty('drift')
  })

  it('tell why it is pinned and who holds it', () => {
    const { desired } = controller
    const pin = { rollout: 1, reason: 'incident' }
    const held = { by: 'ana', at: timestamp(0) }
    const status = statusOf({ desired: { ...desired, spec: { ...desired.spec, pin } }, held })
    expect(lines(status).slice(1)).toEqual(['Pinned True Pin: incident', 'Held True Hold: held by ana'])
  })

  it('are of the generation that was reconciled, and keep their time while they stay', () => {
    const previous = statusOf()
    const later = statusOf({ previous, generation: 8, now: now + 5_000 }).conditions
    expect(later).toMatchObject([
      { type: 'Ready', observedGeneration: 8, lastTransitionTime: timestamp(now) },
    ])
  })

  it('are those of others too', () => {
    const other: Condition = {
      type: 'Audited',
      status: 'True',
      reason: 'R',
      message: 'm',
      lastTransitionTime: timestamp(0),
    }
    expect(statusOf({ previous: { conditions: [other] } }).conditions?.[0]).toEqual(other)
  })
})

describe('a status', () => {
  it('no longer tells what has ended', () => {
    const previous: ReleaseStatus = {
      waiting: { reason: 'R', message: 'm' },
      pinned: { rollout: 1, reason: 'r' },
      held: { by: 'ana', at: timestamp(0) },
      drift: driftedFields([change], [], lookAt(0)),
    }
    for (const name of Object.keys(previous)) expect(statusOf({ previous })).not.toHaveProperty(name)
  })

  it('keeps what other parts of the controller wrote', () => {
    const previous = { history: [] } as unknown as ReleaseStatus
    expect(statusOf({ previous })).toMatchObject(previous)
  })

  it('says nothing that nothing is known of', () => {
    const status = statusOf({ observation: blank, live: undefined, last: undefined, drift: undefined })
    for (const name of ['live', 'traffic', 'rollout', 'drift', 'waiting', 'pinned', 'held'])
      expect(status).not.toHaveProperty(name)
  })

  it('tells which image and content serve only where the last success brought them', () => {
    const { spec, ...rest } = stillSucceeded()
    const image = { repository: 'shop/web', tag: 'v1', digest: `sha256:${'a'.repeat(64)}` }
    const withImage = { ...rest, spec: { ...spec, image } } as NonNullable<typeof lastSucceeded>
    const live = statusOf({ lastSucceeded: withImage }).live
    expect(live).toMatchObject({ digest: image.digest, contentDigest: 'content-1' })
    expect(statusOf().live).not.toHaveProperty('digest')
    const other = { ...withImage, spec: { ...withImage.spec, taskDefinition: taskDefinitionArn('9') } }
    expect(statusOf({ lastSucceeded: other }).live).toEqual({
      side: 'green',
      taskDefinition: taskDefinitionArn('1'),
      since: timestamp(now),
    })
  })

  it.each([
    ['the side', { side: 'blue', taskDefinition: taskDefinitionArn('1') }],
    ['the revision', { side: 'green', taskDefinition: taskDefinitionArn('9') }],
  ] as const)('tells a new time when %s that serves is another', (_what, before) => {
    const previous = { live: { ...before, since: timestamp(0) } }
    expect(statusOf({ previous }).live?.since).toBe(timestamp(now))
  })

  it('keeps what served where it is not known which side does', () => {
    const previous = statusOf()
    expect(statusOf({ previous, live: undefined }).live).toEqual(previous.live)
  })

  it('says that nothing serves where the service is gone', () => {
    const observation = { ...seen, sides: { ...seen.sides, green: { ...seen.sides.green, service: null } } }
    expect(statusOf({ observation }).live).toEqual({ side: 'none' })
  })

  it.each([
    ['rules were not looked at', { ...seen, seen: ['services' as const] }],
    ['there is no rule', { ...seen, production: [] }],
    ['the rule does not exist', { ...seen, production: [null] }],
  ])('keeps the weights that it knew where %s', (_what, observation) => {
    const previous = { traffic: { blue: 3, green: 4 } }
    expect(statusOf({ previous, observation }).traffic).toEqual(previous.traffic)
  })

  it.each([
    ['the commit', { commit: 'commit-0', digest: 'content-1' }],
    ['the content', { commit: 'commit-1', digest: 'content-0' }],
  ])('is verified anew when %s is another', (_what, verified) => {
    const status = statusOf({ previous: { verified: { ...verified, at: timestamp(0) } } })
    expect(status.verified).toEqual({
      commit: 'commit-1',
      digest: 'content-1',
      at: timestamp(now),
      rollout: 'prod-web-1',
    })
  })

  it('is verified by no rollout where none is known', () => {
    expect(statusOf({ lastSucceeded: undefined }).verified).not.toHaveProperty('rollout')
  })

  it.each([
    ['a release that is no longer wanted', { desired: undefined }],
    ['a release that does not serve yet', { outcome: { kind: 'Stalled', reason: 'R', message: 'm' } }],
  ] as const)('leaves the revision of %s alone', (_what, facts) => {
    expect(statusOf({ ...facts, previous: { revision: 'before' } }).revision).toBe('before')
  })

  it('forgets the warm time a staleness bound after its end, not before, and only when all is done', () => {
    const keepPreviousUntil = timestamp(now - 60_000)
    const kept = (facts: Partial<StatusFacts>): string | undefined =>
      statusOf({ previous: { keepPreviousUntil }, ...facts }).keepPreviousUntil
    expect(kept({})).toBeUndefined()
    expect(kept({ now: now - 1 })).toBe(keepPreviousUntil)
    expect(kept({ outcome: { kind: 'Stalled', reason: 'R', message: 'm' } })).toBe(keepPreviousUntil)
  })
})

describe('drifted fields', () => {
  it('show texts as they are and all else as JSON, with owner and class', () => {
    expect(driftedFields([{ ...change, wanted: 'a "b"', live: null }], [], lookAt(0))).toEqual([
      {
        path: '/service/desiredCount',
        wanted: 'a "b"',
        live: 'null',
        owner: 'Steersman',
        class: 'service',
        since: timestamp(0),
        tier: 'Fast',
        observedAt: timestamp(0),
        mendedBy: ['ecs:UpdateService'],
      },
    ])
  })

  it('begin anew where another field drifted before', () => {
    const before = driftedFields([{ ...change, path: '/x' }], [], lookAt(0))
    expect(driftedFields([change], before, lookAt(9_000))[0]?.since).toBe(timestamp(9_000))
  })
})

describe('changed conditions', () => {
  const condition = (type: string, status: Condition['status']): Condition => ({
    type,
    status,
    reason: 'R',
    message: 'm',
    lastTransitionTime: timestamp(0),
  })

  it('are not those that were false, or stay true', () => {
    const before = [condition('Drifted', 'False'), condition('Ready', 'True')]
    expect(changedConditions(before, [condition('Ready', 'True')])).toEqual([])
    expect(changedConditions([condition('Held', 'True')], [])).toEqual([condition('Held', 'False')])
  })
})
