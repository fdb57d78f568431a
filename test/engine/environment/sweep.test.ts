import { describe, expect, it } from 'vitest'
import type { Desire } from '../../../controller/engine/engine.ts'
import { portionsOf } from '../../../controller/engine/environment/sweep.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'

/** As many releases behind each load balancer as is said; behind `undefined` are workers. */
function desires(
  behind: readonly (readonly [loadBalancer: string | undefined, releases: number])[],
): ReadonlyMap<string, Desire> {
  const all = behind.flatMap(([loadBalancer, releases]) =>
    Array.from({ length: releases }, (_, index): [string, Desire] => [
      `${loadBalancer ?? 'worker'}-${index}`,
      ready(loadBalancer),
    ]),
  )
  return new Map(all)
}

function ready(loadBalancer: string | undefined): Desire {
  const release = desiredRelease()
  const { traffic, ...spec } = release.spec
  if (traffic === undefined) throw new Error('the fixture has traffic')
  const own = loadBalancer === undefined ? spec : { ...spec, traffic: { ...traffic, loadBalancer } }
  return { kind: 'Ready', release: { ...release, spec: own }, rendered: undefined }
}

const sizes = (of: ReadonlyMap<string, Desire>): number[] => portionsOf(of).map(({ length }) => length)

describe('the portions of a sweep', () => {
  it.each<readonly [what: string, of: ReadonlyMap<string, Desire>, sizes: readonly number[]]>([
    ['are none without releases', new Map(), []],
    [
      'are one of all that are few',
      desires([
        ['a', 40],
        ['b', 40],
        [undefined, 20],
      ]),
      [100],
    ],
    [
      'never part the releases behind one load balancer',
      desires([
        ['a', 60],
        ['b', 60],
        ['c', 30],
      ]),
      [60, 90],
    ],
    [
      'are larger for a load balancer with more',
      desires([
        ['a', 10],
        ['b', 130],
        ['c', 10],
      ]),
      [10, 130, 10],
    ],
    ['part those behind none', desires([[undefined, 250]]), [100, 100, 50]],
  ])('%s', (_what, of, expected) => {
    expect(sizes(of)).toEqual(expected)
  })

  it('bring the releases of one load balancer together, however they are ordered, and leave out what waits', () => {
    const [a, b] = [desires([['a', 2]]), desires([['b', 2]])].map((each) => [...each])
    const mixed = new Map(
      [a?.[0], b?.[0], a?.[1], b?.[1]].flatMap((entry) => (entry === undefined ? [] : [entry])),
    )
    mixed.set('waits', { kind: 'Waiting', reason: 'Image', message: 'it is built', until: undefined })
    expect(portionsOf(mixed).map((portion) => portion.map(({ name }) => name))).toEqual([
      ['a-0', 'a-1', 'b-0', 'b-1'],
    ])
  })
})
