import { beforeAll, describe, expect, it, vi } from 'vitest'
import { play } from './run-seed.ts'
import type { Happening, Story } from './story.ts'

vi.setConfig({ testTimeout: 60_000 })

const pushed: Happening = { atMs: 0, kind: 'push', with: { release: 'web', version: 'v1-good' } }

const story: Story = {
  scenario: 'shared-cluster',
  seed: 1,
  releases: ['web'],
  desiredCount: 1,
  seats: 1,
  apart: true,
  store: 'cluster',
  happenings: [pushed],
}

/** The watches fall silent for good as somebody changes the Release; the store is well all the time. */
const unheard = (byHand: Omit<Happening, 'atMs'>): Story => ({
  ...story,
  happenings: [
    pushed,
    { atMs: 60_000, kind: 'watches fall silent', with: { forMs: 5_000 } },
    { ...byHand, atMs: 61_000 },
  ],
})

beforeAll(async () => {
  await play(story)
})

describe('a Release that people change while no watch tells of it', () => {
  it.each<Omit<Happening, 'atMs'>>([
    { kind: 'kubectl edit', with: { release: 'web', what: 'image' } },
    { kind: 'kubectl delete', with: { release: 'web' } },
  ])('is put back when it is looked at next: $kind', async (byHand) => {
    const { violations } = await play(unheard(byHand))
    expect(violations.map(({ message }) => message)).toEqual([])
  })

  it('has nothing asked again and again while git is away', async () => {
    const away: Happening = { atMs: 62_000, kind: 'forge away', with: { forMs: 240_000 } }
    const { happenings } = unheard({ kind: 'kubectl edit', with: { release: 'web', what: 'image' } })
    const calls = async (told: readonly Happening[]): Promise<number> => {
      const { sdkCalls } = await play({ ...story, happenings: [...told, away] })
      return sdkCalls
    }
    const untouched = await calls(happenings.slice(0, -1))
    expect(await calls(happenings)).toBeLessThan(untouched + 30)
  })
})
