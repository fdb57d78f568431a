import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTurns } from '../../../controller/adapters/terraform/turns.ts'
import { portError } from '../../support/git-source.ts'
import { propertyRuns } from '../../support/property-runs.ts'

/** Takes turns under these names, and ends each as soon as nothing else can start; the answer is the order of starts. */
async function orderOf(names: readonly string[], limit: number): Promise<{ order: string[]; most: number }> {
  const turns = createTurns(limit)
  const order: string[] = []
  const running: (() => void)[] = []
  let most = 0
  const all = names.map(async (name) => {
    const end = await turns.take(name)
    order.push(name)
    running.push(end)
    most = Math.max(most, running.length)
  })
  for (let step = 0; step < names.length; step += 1) {
    await nextTurn()
    running.shift()?.()
  }
  await Promise.all(all)
  return { order, most }
}

describe('Turns', () => {
  it('are taken by as many at once as there may be', async () => {
    expect(await orderOf(['a', 'b', 'c', 'd'], 2)).toEqual({ order: ['a', 'b', 'c', 'd'], most: 2 })
  })

  it('go round among names, and in order under one name', async () => {
    const names = ['many', 'many', 'many', 'many', 'one', 'other']
    expect((await orderOf(names, 1)).order).toEqual(['many', 'many', 'one', 'other', 'many', 'many'])
  })

  it('come to everybody', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 }),
        fc.integer({ min: 1, max: 3 }),
        async (names, limit) => {
          const { order, most } = await orderOf(names, limit)
          expect(order.toSorted(undefined)).toEqual(names.toSorted(undefined))
          expect(most).toBeLessThanOrEqual(limit)
        },
      ),
      { numRuns: propertyRuns(50) },
    )
  })

  it('are not taken by who went away, and end once', async () => {
    const turns = createTurns(1)
    const end = await turns.take('a')
    const controller = new AbortController()
    const left = turns.take('b', controller.signal)
    const after = turns.take('c')
    controller.abort()
    expect(await portError(left)).toMatchObject({ code: 'TerraformAborted', handling: 'retry' })
    end()
    const endAfter = await after
    end()
    let isStarted = false
    const last = turns.take('d').then((endLast) => {
      isStarted = true
      return endLast
    })
    await nextTurn()
    expect(isStarted).toBe(false)
    endAfter()
    await last
    expect((await portError(turns.take('e', controller.signal))).code).toBe('TerraformAborted')
  })
})
