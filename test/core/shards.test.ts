import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ownersOf, shardNames, shardOf } from '../../controller/core/shards.ts'

const environments = Array.from({ length: 200 }, (_, index) => `environment-${index}`)

describe('shards', () => {
  it.each([
    [1, ['controller']],
    [3, ['shard-0', 'shard-1', 'shard-2']],
  ])('of %i have the names %j', (count, names) => {
    expect(shardNames(count)).toEqual(names)
  })

  it('take about as many environments each', () => {
    const shards = shardNames(4)
    const counts = shards.map(
      (shard) => environments.filter((each) => shardOf(each, shards) === shard).length,
    )
    expect(Math.min(...counts)).toBeGreaterThan(35)
    expect(Math.max(...counts)).toBeLessThan(65)
  })

  it('keep their environments but for those that a new shard takes', () => {
    const [before, after] = [shardNames(4), shardNames(5)]
    const moved = environments.filter((each) => shardOf(each, before) !== shardOf(each, after))
    expect(moved.every((each) => shardOf(each, after) === 'shard-4')).toBe(true)
    expect(moved.length).toBeGreaterThan(0)
  })
})

describe('the owners of shards', () => {
  const members = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 9 })
  const shards = fc.integer({ min: 1, max: 64 }).map(shardNames)

  it('are nobody where nobody lives', () => {
    expect(ownersOf(['shard-0'], [])).toEqual(new Map())
  })

  it('are the same whoever works them out', () => {
    fc.assert(
      fc.property(shards, members, (names, living) => {
        expect(ownersOf(names, living.toReversed())).toEqual(ownersOf(names, living))
      }),
    )
  })

  it('have as many as each other or one more, so nobody stands idle beside enough of them', () => {
    fc.assert(
      fc.property(shards, members, (names, living) => {
        const owners = [...ownersOf(names, living).values()]
        const counts = living.map((member) => owners.filter((owner) => owner === member).length)
        expect(owners).toHaveLength(names.length)
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('keep nearly all of them when somebody else goes', () => {
    const names = shardNames(64)
    const living = Array.from({ length: 6 }, (_, index) => `member-${index}`)
    const before = ownersOf(names, living)
    const moved = living.map((gone) => {
      const after = ownersOf(
        names,
        living.filter((each) => each !== gone),
      )
      return names.filter((name) => before.get(name) !== gone && after.get(name) !== before.get(name)).length
    })
    expect(Math.max(...moved)).toBeLessThanOrEqual(6)
  })
})
