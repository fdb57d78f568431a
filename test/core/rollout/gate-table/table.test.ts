import { describe, expect, it } from 'vitest'

import { STRATEGIES, tableOf } from './table.ts'

/**
 * Each line: how a gate ends, what the rollout ends as or waits for, and every write that it made, in order. `blue x2` is a count of the new side, `blue 10`
 * the share of the traffic that it gets, `test blue` where the test rule points, `:2 x2` the revision and count of the one service.
 */
describe('what becomes of a rollout for each result of a gate at each stage', () => {
  it.each(STRATEGIES)('is as the table says: $title', async (strategy) => {
    await expect(tableOf(strategy)).toMatchFileSnapshot(`./${strategy.title}.txt`)
  })
})
