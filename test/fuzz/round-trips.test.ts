import { describe, expect, it } from 'vitest'
import { checkTarget, corpusOf } from './support/check-target.ts'
import { roundTrips } from './targets/round-trips.ts'

describe('what is written and read again', () => {
  it('is the same, and nothing else has changed', async () => {
    await checkTarget(roundTrips, 300)
  })

  it.each(corpusOf(roundTrips))('holds for $file', async ({ input }) => {
    await roundTrips.run(input)
    expect(input.length).toBeGreaterThan(0)
  })
})
