import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { ddmin } from './ddmin.ts'

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)

describe('the fewest items that still fail', () => {
  it.each([
    ['none, when it fails without any', []],
    ['the only one', [3]],
    ['two far from each other', [0, 19]],
    ['three', [2, 9, 10]],
  ])('are %s', async (_, culprits) => {
    const fails = async (items: readonly number[]): Promise<boolean> =>
      culprits.every((culprit) => items.includes(culprit))
    expect(await ddmin(numbers(20), fails)).toEqual(culprits)
  })

  it('are found for any set of culprits, in their order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(29), { maxLength: 6 }), async (culprits) => {
        const fails = async (items: readonly number[]): Promise<boolean> =>
          culprits.every((culprit) => items.includes(culprit))
        expect(await ddmin(numbers(30), fails)).toEqual(culprits.toSorted((left, right) => left - right))
      }),
    )
  })

  it('leave no single one that could go, where failing is not as simple', async () => {
    const fails = async (items: readonly number[]): Promise<boolean> =>
      items.length >= 2 && items.reduce((sum, item) => sum + item, 0) >= 20
    const fewest = await ddmin(numbers(15), fails)
    expect(await fails(fewest)).toBe(true)
    for (const item of fewest) expect(await fails(fewest.filter((other) => other !== item))).toBe(false)
  })

  it('are the best so far when the search must end', async () => {
    let tries = 0
    const fails = async (items: readonly number[]): Promise<boolean> => {
      tries += 1
      return items.includes(7)
    }
    const kept = await ddmin(numbers(64), fails, () => tries < 3)
    expect(tries).toBe(3)
    expect(kept).toContain(7)
    expect(kept.length).toBeLessThan(64)
  })
})
