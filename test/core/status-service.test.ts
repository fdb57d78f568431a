import { describe, expect, it } from 'vitest'

import type { Change } from '../../controller/core/diff.ts'
import type { Outcome } from '../../controller/core/outcome.ts'
import type { StatusFacts } from '../../controller/core/status.ts'
import { releaseStatus, statusWithDrift } from '../../controller/core/status.ts'
import { timestamp } from '../../controller/core/time.ts'
import type { IrreversibleChange, ReleaseStatus } from '../../controller/resources/types.ts'
import { blank, served } from '../support/release-controller.ts'
import { desiredRelease } from '../support/release-fixtures.ts'
import { NEW, NOW, OLD, rolloutIn, seen, service, spec, tasks } from './rollout/only.ts'

const brought = rolloutIn('Succeeded', { outcome: 'Succeeded' })
const { traffic: _none, ...untold } = desiredRelease().spec
const single = { ...untold, strategy: { ...untold.strategy, type: 'Rolling' as const } }
const desired = { ...desiredRelease(), name: 'mailer', digest: 'd2', spec: single }
const waiting = {
  kind: 'Waiting',
  reason: 'ImageNotFound',
  message: 'no image',
  until: undefined,
  lookAgainMs: 1,
} as const satisfies Outcome

/** Version 2 of a release of one service serves. */
const statusOf = (change: Partial<StatusFacts> = {}): ReleaseStatus =>
  releaseStatus({
    previous: {},
    generation: 1,
    outcome: { kind: 'Converged', lookAgainMs: undefined },
    desired,
    observation: seen(service({ taskDefinition: NEW }), tasks(NEW, 2)),
    live: 'only',
    last: brought,
    lastSucceeded: brought,
    drift: [],
    held: undefined,
    now: NOW,
    ...change,
  })

const condition = (status: ReleaseStatus, type: string): string | undefined =>
  status.conditions?.find((each) => each.type === type)?.message

describe('the status of a release of one service', () => {
  it('tells what serves without a side', () => {
    expect(statusOf().live).toEqual({ taskDefinition: NEW, since: timestamp(NOW), contentDigest: 'd2' })
  })

  it('keeps the time since when it serves, and says no content of what no rollout brought', () => {
    const live = { taskDefinition: OLD, since: timestamp(0) }
    expect(statusOf({ previous: { live }, observation: seen(service()) }).live).toEqual(live)
  })

  it('says of a side of the same version that it is another', () => {
    const live = { side: 'blue' as const, taskDefinition: NEW, since: timestamp(0) }
    expect(statusOf({ previous: { live } }).live?.since).toBe(timestamp(NOW))
  })

  it('says that nothing serves where it is scaled to zero', () => {
    expect(statusOf({ observation: seen(service({ desiredCount: 0 })) }).live).toEqual({ side: 'none' })
  })

  it('has no warm side once its time and what a look may miss are over, whatever is wanted', () => {
    const previous = { keepPreviousUntil: timestamp(NOW - 61_000) }
    const unknown = { previous, desired: undefined, outcome: waiting }
    expect(statusOf(unknown)).not.toHaveProperty('keepPreviousUntil')
    expect(statusOf({ ...unknown, last: undefined })).toMatchObject(previous)
    expect(statusOf({ ...unknown, now: NOW - 60_000 })).toMatchObject(previous)
  })
})

describe('tag keys in a status', () => {
  const tagged = { ...single.service, settings: { tags: [{ key: 'team', value: 'shop' }] } }
  const wanted = { ...desired, spec: { ...single, service: tagged } }

  it('are those that are wanted once all is as wanted', () => {
    expect(statusOf({ desired: wanted, previous: { tagKeys: ['old'] } }).tagKeys).toEqual(['team'])
    expect(statusOf({ previous: { tagKeys: ['old'] } })).not.toHaveProperty('tagKeys')
  })

  it('are those that were known until then', () => {
    expect(statusOf({ desired: wanted, outcome: waiting, previous: { tagKeys: ['old'] } }).tagKeys).toEqual([
      'old',
    ])
    expect(statusOf({ desired: wanted, outcome: waiting })).not.toHaveProperty('tagKeys')
  })
})

describe('what a status tells of waiting', () => {
  it('is until when, and for what it asks the others of its group', () => {
    const asks = { digest: 'd2', number: 3 }
    expect(statusOf({ outcome: { ...waiting, until: NOW, asks } }).waiting).toEqual({
      reason: 'ImageNotFound',
      message: 'no image',
      until: timestamp(NOW),
      asks,
    })
    expect(statusOf({ outcome: waiting }).waiting).toEqual({ reason: 'ImageNotFound', message: 'no image' })
  })

  it('is why somebody holds it', () => {
    const held = { by: 'ana', at: timestamp(0), reason: 'incident' }
    expect(condition(statusOf({ held }), 'Held')).toBe('held by ana; incident')
  })
})

describe('what can’t be undone', () => {
  const change: IrreversibleChange = { what: 'the queue is gone', at: timestamp(0), commit: 'c3', before: 3 }
  const first = new Map([
    [OLD, 1],
    [NEW, 2],
    ['arn:3', 3],
  ])
  const facts = { changes: [change], first, isMovingOn: false }
  const failed = rolloutIn(
    'RolledBack',
    { outcome: 'RolledBack' },
    spec({ taskDefinition: 'arn:3', number: 3 }),
  )
  const unsafe = (given: Partial<StatusFacts>): string | undefined =>
    statusOf({ irreversible: facts, ...given }).conditions?.find(({ type }) => type === 'UnsafeVersion')
      ?.status

  it('stays in the status, and none is told where there is none', () => {
    expect(statusOf({ irreversible: facts }).irreversible).toEqual([change])
    expect(statusOf({ irreversible: { ...facts, changes: [] } })).not.toHaveProperty('irreversible')
  })

  it('makes the version unsafe that serves now, and was there before it', () => {
    expect(unsafe({})).toBe('True')
    expect(unsafe({ last: failed })).toBe('True')
    expect(condition(statusOf({ irreversible: facts }), 'UnsafeVersion')).toContain('the queue is gone')
  })

  it('is not told against what serves while a rollout is on its way', () => {
    expect(unsafe({ irreversible: { ...facts, isMovingOn: true } })).not.toBe('True')
  })

  it('goes by what was seen where no rollout is known', () => {
    const none = { last: undefined, lastSucceeded: undefined }
    expect(unsafe(none)).toBe('True')
    expect(unsafe({ ...none, live: undefined })).not.toBe('True')
  })

  it('is safe for the version that came with it', () => {
    const third = rolloutIn('Succeeded', { outcome: 'Succeeded' }, failed.spec)
    expect(unsafe({ last: third, lastSucceeded: third })).not.toBe('True')
  })
})

describe('a status with drift that is about to be corrected', () => {
  const change: Change = {
    path: '/service/desiredCount',
    wanted: 2,
    live: 5,
    owner: 'Steersman',
    class: 'service',
  }
  const { world } = served()
  const look = () => world.look(blank, ['services', 'rules'])
  const told = (given: Partial<Parameters<typeof statusWithDrift>[1]>, previous: ReleaseStatus = {}) =>
    statusWithDrift(previous, {
      changes: [change],
      lastSucceeded: undefined,
      observation: look(),
      live: 'green',
      now: NOW,
      ...given,
    })

  it('counts the correction, and says nothing of readiness while the traffic is where it belongs', () => {
    const status = told({})
    expect(status.corrections).toEqual([{ path: change.path, at: timestamp(NOW) }])
    expect(status.drift).toMatchObject([{ path: change.path, wanted: '2', live: '5' }])
    expect(status).not.toHaveProperty('conditions')
    expect(told({ live: 'only', observation: seen(service()) })).not.toHaveProperty('conditions')
  })

  it('keeps what a deep look showed, and counts of that what is put back', () => {
    const tag = { ...change, path: '/targetGroups/web-blue/Tags/team', class: 'traffic' as const }
    const attribute = { ...change, path: '/targetGroupAttributes/web-blue/x', owner: 'Terraform' as const }
    const deep = { changes: [tag, attribute], at: NOW - 5 }
    const status = told({ changes: [], deep })
    expect(status.drift?.map(({ path, tier, since }) => [path, tier, since])).toEqual([
      [tag.path, 'Deep', timestamp(NOW - 5)],
      [attribute.path, 'Deep', timestamp(NOW - 5)],
    ])
    expect(status.corrections).toEqual([{ path: tag.path, at: timestamp(NOW - 5) }])
    expect(told({ changes: [] }, status).drift).toEqual(status.drift)
  })

  it('counts none where nothing drifted', () => {
    expect(told({ changes: [] })).toEqual({ drift: [] })
  })

  it.each([
    ['what drifted', [change], '1 fields differ, first /service/desiredCount: wanted 2, live 5'],
    ['nothing more where that is not known', [], ''],
  ])('is not Ready while traffic goes elsewhere, and says %s', (_what, changes, message) => {
    const ready = { type: 'Ready', status: 'True', reason: 'Serving', message: 'serves' } as const
    const previous = { conditions: [{ ...ready, lastTransitionTime: timestamp(0) }] }
    const expected = { type: 'Ready', status: 'False', reason: 'Differs', message }
    expect(told({ live: 'blue', changes }, previous).conditions).toMatchObject([expected])
    expect(told({ live: 'blue', changes }).conditions).toMatchObject([expected])
  })
})

describe('the tags that everything of the traffic has', () => {
  it('are remembered as the deep look says, and kept while it says nothing', () => {
    const has = (trafficTags: ReleaseStatus['trafficTags'], tags: Record<string, string> | undefined) =>
      statusOf({
        previous: trafficTags === undefined ? {} : { trafficTags },
        deep: { changes: [], at: NOW, ...(tags && { tags }) },
      }).trafficTags
    expect(has(undefined, { team: 'shop' })).toEqual({ team: 'shop' })
    expect(has({ team: 'shop' }, undefined)).toEqual({ team: 'shop' })
    expect(has({ team: 'shop' }, {})).toBeUndefined()
    expect(statusOf()).not.toHaveProperty('trafficTags')
  })
})
