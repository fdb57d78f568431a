import { describe, expect, it } from 'vitest'
import { saidOrder } from '../../../controller/core/plan/said-order.ts'
import type { Relations, Relative } from '../../../controller/core/relations.ts'
import type { DesiredRelease } from '../../../controller/core/desired.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'

const relative = (release: string, change: Partial<Relative> = {}): Relative => ({
  release,
  wanted: `${release}-2`,
  status: {},
  active: undefined,
  lastSucceeded: undefined,
  newest: 1,
  ...change,
})
const unchanged = { status: { verified: { commit: 'c1', digest: 'api-2', at: '2026-11-28T00:00:00Z' } } }
const group = (...others: readonly Relative[]): Relations => ({
  dependsOn: [],
  group: { name: 'shop', others },
})

describe('the order in which a commit’s releases go, for people', () => {
  it.each<readonly [what: string, relations: Relations | undefined, expected: readonly string[]]>([
    ['is none where nothing is related', undefined, []],
    [
      'has what the release depends on',
      { dependsOn: [relative('db')], group: undefined },
      ['waits until db serves; db: not begun yet'],
    ],
    [
      'has those that it moves with',
      group(relative('api'), relative('cron')),
      ['moves its traffic together with api, cron of group shop, or not at all'],
    ],
    ['has none that the commit leaves as they are', group(relative('api', unchanged)), []],
    [
      'has both',
      { ...group(relative('api')), dependsOn: [relative('db')] },
      [
        'waits until db serves; db: not begun yet',
        'moves its traffic together with api of group shop, or not at all',
      ],
    ],
  ])('%s', (_what, relations, expected) => {
    expect(saidOrder({ desired: desiredRelease({ version: '2' }), relations })).toEqual(expected)
  })

  it('is none for a pin, which is of one release alone', () => {
    const desired: DesiredRelease = { ...desiredRelease({ version: '2' }), why: 'Pin' }
    const relations = { ...group(relative('api')), dependsOn: [relative('db')] }
    expect(saidOrder({ desired, relations })).toEqual([])
  })
})
