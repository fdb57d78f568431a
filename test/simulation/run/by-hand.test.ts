import { beforeAll, describe, expect, it, vi } from 'vitest'
import { storedRollouts } from '../checkers/stored.ts'
import { play } from './run-seed.ts'
import type { Simulation } from './simulation.ts'
import type { Depth, Story } from './story.ts'

vi.setConfig({ testTimeout: 60_000 })

const depths: readonly Depth[] = ['full', 'core']

const story: Story = {
  scenario: 'by hand',
  seed: 1,
  releases: ['web'],
  desiredCount: 2,
  seats: 1,
  happenings: [{ atMs: 0, kind: 'push', with: { release: 'web', version: 'v1-good' } }],
}

/** The outcomes of the rollouts, and what was broken. */
async function played(given: Story): Promise<{ outcomes: unknown[]; violations: object[] }> {
  let simulation: Simulation | undefined
  const { violations } = await play(given, (begun) => void (simulation = begun))
  if (simulation === undefined) throw new Error('nothing was played')
  const outcomes = storedRollouts(simulation.machine).map(({ status }) => status.outcome)
  return { outcomes, violations: [...violations] }
}

beforeAll(async () => {
  await play(story)
})

describe('traffic that people take from an adopted version', () => {
  it.each(depths)('is given back to it before it was ever looked at, at depth %s', async (depth) => {
    const early: Story = {
      ...story,
      depth,
      adopted: true,
      happenings: [
        { atMs: 1_000, kind: 'weights by hand', with: { release: 'web', blue: 0, green: 1 } },
        { atMs: 60_000, kind: 'push', with: { release: 'web', version: 'v1-good' } },
      ],
    }
    expect(await played(early)).toEqual({ outcomes: [], violations: [] })
  })

  /** Nobody knows of the adopted version but git: its side was empty as the only rollout began, which came to nothing. */
  const adopted: Story = {
    ...story,
    adopted: true,
    happenings: [
      { atMs: 0, kind: 'count by hand', with: { release: 'web', side: 'blue', desiredCount: 0 } },
      { atMs: 1_000, kind: 'push', with: { release: 'web', version: 'v2-fails-gate' } },
      { atMs: 90_000, kind: 'weights by hand', with: { release: 'web', blue: 0, green: 50 } },
      // So long that nobody can say any more that it was not known.
      { atMs: 90_001, kind: 'pause', with: { seat: 0, forMs: 40_000 } },
    ],
  }

  it.each(depths)('is given back to it, though no rollout has ever named it, at depth %s', async (depth) => {
    expect(await played({ ...adopted, depth })).toEqual({ outcomes: ['RolledBack'], violations: [] })
  })
})

describe('a side that people make another version and give a part of the traffic, the rest to one that serves nobody', () => {
  const repointed = (pausedMs: number): Story => ({
    ...story,
    depth: 'core',
    happenings: [
      ...story.happenings,
      { atMs: 60_000, kind: 'push', with: { release: 'web', version: 'v2-slow' } },
      { atMs: 160_000, kind: 'push', with: { release: 'web', version: 'v3-never-starts' } },
      { atMs: 170_000, kind: 'pause', with: { seat: 0, forMs: pausedMs } },
      { atMs: 170_001, kind: 'weights by hand', with: { release: 'web', blue: 1, green: 50 } },
      {
        atMs: 170_002,
        kind: 'idle side by hand',
        with: { release: 'web', what: 'task definition', desiredCount: 0 },
      },
    ],
  })

  /** Its first other task comes after the look and before the write at one of these times. */
  const pauses = Array.from({ length: 4 }, (_, index) => 24_700 + 50 * index)

  it('gets all of it while its own tasks serve, whatever comes between the look and the write', async () => {
    for (const pausedMs of pauses)
      expect((await played(repointed(pausedMs))).violations, `paused for ${pausedMs} ms`).toEqual([])
  })
})
