import { beforeAll, describe, expect, it, vi } from 'vitest'
import { play } from './run-seed.ts'
import type { Story } from './story.ts'

vi.setConfig({ testTimeout: 60_000 })

/** Two deploys; the controller's clock is hours ahead, or behind, for a while in the second one. */
const storyOf = (leap: {
  readonly atMs: number
  readonly byHours: number
  readonly forMs: number
}): Story => {
  const { atMs, ...given } = leap
  const push = (version: string) => ({ kind: 'push', with: { release: 'web', version } })
  return {
    scenario: 'deploys',
    seed: 1,
    releases: ['web'],
    desiredCount: 2,
    seats: 1,
    happenings: [
      { atMs: 0, ...push('v1-good') },
      { atMs, kind: 'clock leap', with: { seat: 0, ...given } },
      { atMs: 60_000, ...push('v2-good') },
    ].toSorted((one, other) => one.atMs - other.atMs),
  }
}

describe('a clock that is set back', () => {
  beforeAll(async () => {
    await play(storyOf({ atMs: 1_000, byHours: 0, forMs: 1_000 }))
  })

  it.each([
    ['before the second rollout, which it began ahead', { atMs: 50_000, byHours: 5, forMs: 40_000 }],
    ['while it starts', { atMs: 66_000, byHours: -5, forMs: 900_000 }],
    ['while it is verified', { atMs: 70_000, byHours: -5, forMs: 900_000 }],
  ])('%s does not hold it up for those hours', async (_when, leap) => {
    const { violations, trace } = await play(storyOf(leap))
    expect(violations).toEqual([])
    const ended = trace.filter(({ what }) => what.startsWith('RolloutFinished'))
    expect(ended.map(({ what }) => /outcome=\w+/.exec(what)?.[0])).toEqual(Array(2).fill('outcome=Succeeded'))
    expect(ended.at(-1)?.atMs).toBeLessThan(300_000)
  })
})
