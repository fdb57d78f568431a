import { describe, expect, it } from 'vitest'

import type { Happening, Story } from '../../run/story.ts'
import { shrink } from './shrink.ts'

const push = (atMs: number): Happening => ({
  atMs,
  kind: 'push',
  with: { release: 'web', version: `v${atMs}-good` },
})
const kill = (atMs: number): Happening => ({ atMs, kind: 'kill', with: { seat: 0, downMs: 1_000 } })
const pause = (atMs: number): Happening => ({ atMs, kind: 'pause', with: { seat: 0, forMs: 1_000 } })

const story: Story = {
  scenario: 'deploys',
  seed: 1,
  releases: ['web'],
  desiredCount: 1,
  seats: 1,
  happenings: [push(0), kill(5_100), pause(7_300), push(40_700), kill(51_234), pause(60_001), push(90_000)],
}

const generous = { budget: { tries: 1_000, forMs: 60_000 }, onTry: () => undefined }

describe('a shortened story', () => {
  it('keeps the faults and pushes that it takes, and has round times', async () => {
    const isBroken = async ({ happenings }: Story): Promise<boolean> => {
      const pushes = happenings.filter(({ kind }) => kind === 'push').length
      return pushes >= 2 && happenings.some(({ kind, atMs }) => kind === 'kill' && atMs >= 50_000)
    }
    const { story: short } = await shrink(story, isBroken, generous)
    expect(short).toEqual({ ...story, happenings: short.happenings })
    expect(short.happenings.map(({ kind }) => kind)).toEqual(['push', 'kill', 'push'])
    expect(short.happenings.map(({ atMs }) => atMs % 60_000)).toEqual([0, 0, 0])
  })

  it('keeps its times where they matter', async () => {
    const isBroken = async ({ happenings }: Story): Promise<boolean> =>
      happenings.some(({ kind, atMs }) => kind === 'kill' && atMs === 51_234)
    const { story: short } = await shrink(story, isBroken, generous)
    expect(short.happenings).toEqual([kill(51_234)])
  })

  it('is never tried more often than the budget allows, and tells each try', async () => {
    const told: number[] = []
    const { tries, story: short } = await shrink(story, async () => true, {
      budget: { tries: 2, forMs: 60_000 },
      onTry: (done) => told.push(done),
    })
    expect(tries).toBe(2)
    expect(told).toEqual([1, 2])
    expect(short.happenings.length).toBeLessThan(story.happenings.length)
  })

  it('is the story itself where nothing can go', async () => {
    const all = JSON.stringify(story.happenings)
    const isBroken = async ({ happenings }: Story): Promise<boolean> => JSON.stringify(happenings) === all
    expect((await shrink(story, isBroken, generous)).story).toEqual(story)
  })
})
