import { describe, expect, it } from 'vitest'
import type { Change } from '../../controller/core/diff.ts'
import { attributed, driftAfter, driftedFields } from '../../controller/core/drifted-fields.ts'
import { timestamp } from '../../controller/core/time.ts'
import { served } from '../support/release-controller.ts'

const change: Change = {
  path: '/service/desiredCount',
  wanted: 2,
  live: 5,
  owner: 'Steersman',
  class: 'service',
}
const deepChange: Change = {
  path: '/targetGroupAttributes/arn/x',
  wanted: '30',
  live: '300',
  owner: 'Terraform',
  class: 'infrastructure',
}
const { lastSucceeded } = served()
if (lastSucceeded === undefined) throw new Error('nothing succeeded')
const MINUTE = 60_000

describe('the drifted fields after a look', () => {
  const look = { previous: {}, drift: [change], deep: { changes: [deepChange], at: 0 }, lastSucceeded }

  it('are those of both tiers, each with its tier and the time of its look', () => {
    expect(driftAfter({ ...look, now: MINUTE })).toMatchObject([
      { path: change.path, tier: 'Fast', observedAt: timestamp(MINUTE) },
      { path: deepChange.path, tier: 'Deep', observedAt: timestamp(0), mendedBy: ['terraform apply'] },
    ])
  })

  it('stay as they were seen where nobody looked', () => {
    const drift = [...driftAfter({ ...look, now: 0 })]
    const unseen = { previous: { drift }, drift: undefined, deep: undefined, lastSucceeded, now: MINUTE }
    expect(driftAfter(unseen)).toEqual(drift)
    expect(driftAfter({ ...unseen, drift: [] })).toEqual(drift.slice(1))
    expect(driftAfter({ ...unseen, deep: { changes: [], at: 1 } })).toEqual(drift.slice(0, 1))
    expect(driftAfter({ ...unseen, previous: {} })).toEqual([])
  })

  it('of a status that knows of no tiers are those of the fast one', () => {
    const drift = [{ path: '/service/desiredCount', class: 'service' } as const]
    const before = { previous: { drift }, deep: undefined, lastSucceeded, now: 0 }
    expect(driftAfter({ ...before, drift: undefined })).toEqual(drift)
    expect(driftAfter({ ...before, drift: [] })).toEqual([])
  })

  it('tell the time of the look exact to the minute, so that a status is not written with each look', () => {
    const seen = (before: ReturnType<typeof driftedFields> | undefined, at: number) =>
      driftedFields([change], before, { tier: 'Fast', at, lastSucceeded })
    const first = seen(undefined, 0)
    expect(seen(first, MINUTE - 1)).toEqual(first)
    expect(seen(first, MINUTE)[0]?.observedAt).toBe(timestamp(MINUTE))
  })
})

describe('what was applied last', () => {
  const rollout = {
    ...lastSucceeded,
    spec: {
      ...lastSucceeded.spec,
      desiredCount: 2,
      service: {
        ...lastSucceeded.spec.service,
        settings: { healthCheckGracePeriodSeconds: 30, tags: [{ key: 'team', value: 'web' }] },
      },
    },
  }
  const applied = (path: string, from: typeof lastSucceeded | undefined = rollout) =>
    driftedFields([{ ...change, path }], [], { tier: 'Fast', at: 0, lastSucceeded: from })[0]?.lastApplied

  it.each([
    ['/service/desiredCount', '2'],
    ['/service/taskDefinition', rollout.spec.taskDefinition],
    ['/service/healthCheckGracePeriodSeconds', '30'],
    ['/service/healthCheckGracePeriodSeconds/more', undefined],
    ['/service/enableExecuteCommand', undefined],
    ['/service/tags/team', undefined],
    ['/service', undefined],
    ['/idleService/desiredCount', undefined],
    ['/listeners/80/DefaultActions/forward/ForwardConfig/TargetGroups/web-blue/Weight', '2'],
    ['/rules/80:a/Actions/forward/ForwardConfig/TargetGroups/web-blue/Weight', '2'],
    ['/rules/80:a/Actions/forward', undefined],
    ['', undefined],
  ])('to %s is %s', (path, expected) => {
    expect(applied(path)).toBe(expected)
  })

  it('is nothing where nothing was rolled out', () => {
    expect(
      driftedFields([change], [], { tier: 'Fast', at: 0, lastSucceeded: undefined })[0],
    ).not.toHaveProperty('lastApplied')
  })
})

describe('who has changed a field', () => {
  const by = { user: 'alice', event: 'UpdateService', eventId: 'e-1', at: '2026-01-01T00:00:00Z' }
  const [told] = driftedFields([change], [], { tier: 'Fast', at: 0, lastSucceeded: undefined })
  if (told === undefined) throw new Error('no field')

  it('stands beside the change as long as it is the same live value', () => {
    expect(attributed([change], [{ ...told, by }])).toEqual([{ ...change, by }])
    expect(attributed([{ ...change, live: 'another' }], [{ ...told, by }])[0]).not.toHaveProperty('by')
  })

  it('is left out where nobody knows', () => {
    expect(attributed([change], [told])).toEqual([change])
    expect(attributed([change], undefined)).toEqual([change])
  })
})
