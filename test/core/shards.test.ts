import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ownerOf, shardNames, shardOf } from '../../controller/core/shards.ts'

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

describe('the owner of a shard', () => {
  it('is nobody where nobody lives', () => {
    expect(ownerOf('shard-0', [])).toBeUndefined()
  })

  it('is the same whoever works it out, and only changes when it comes or goes', () => {
    const members = fc.uniqueArray(fc.uuid(), { minLength: 2, maxLength: 6 })
    fc.assert(
      fc.property(members, fc.nat({ max: 63 }), (living, number) => {
        const shard = `shard-${number}`
        const owner = ownerOf(shard, living)
        expect(living).toContain(owner)
        expect(ownerOf(shard, living.toReversed())).toBe(owner)
        for (const gone of living.filter((each) => each !== owner))
          expect(
            ownerOf(
              shard,
              living.filter((each) => each !== gone),
            ),
          ).toBe(owner)
      }),
    )
  })
})
