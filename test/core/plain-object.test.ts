import { setFlagsFromString } from 'node:v8'
import { runInThisContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainObject } from '../../controller/core/plain-object.ts'

setFlagsFromString('--allow-natives-syntax')
/** Whether V8 describes both objects by the very same hidden class. */
const areAlike = runInThisContext('(one, other) => %HaveSameMap(one, other)') as (
  one: object,
  other: object,
) => boolean

const anyName = fc.oneof(fc.string(), fc.constantFrom('at', '__proto__', 'constructor', 'toString', '0', '7'))

describe('a plain object', () => {
  it('is what Object.fromEntries makes of the same members', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyName, fc.jsonValue())), (members) => {
        const made = plainObject(members)
        expect(made).toStrictEqual(Object.fromEntries(members))
        expect(Object.keys(made)).toEqual(Object.keys(Object.fromEntries(members)))
        expect(Object.getPrototypeOf(made)).toBe(Object.prototype)
      }),
    )
  })

  it('may have any number of members', () => {
    const members = Array.from({ length: 5_000 }, (_, index) => [`member${index}`, index] as const)
    expect(plainObject(members)).toStrictEqual(Object.fromEntries(members))
  })

  it('shares its hidden class with others, also beside thousands whose members are named by data', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => [[`sha256:${index}`, index] as const])
    const kept = many.map((members) => [plainObject(members), Object.fromEntries(members)])
    const make = (at: number): object =>
      plainObject<unknown>([
        ['at', at],
        ['message', 'here'],
      ])
    // The first few of a kind only show V8 how large they become.
    for (let index = 0; index < 20; index += 1) make(index)
    expect(areAlike(make(1), make(2))).toBe(true)
    expect(kept).toHaveLength(5_000)
  })
})
