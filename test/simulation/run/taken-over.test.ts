import { describe, expect, it, vi } from 'vitest'
import { play } from './run-seed.ts'
import type { Story } from './story.ts'

vi.setConfig({ testTimeout: 60_000 })

/** Two in a cluster, with a push right after the one that leads was killed. */
const story: Story = {
  scenario: 'taken over',
  seed: 1,
  releases: ['web'],
  desiredCount: 1,
  seats: 2,
  store: 'cluster',
  apart: true,
  happenings: [
    { atMs: 0, kind: 'push', with: { release: 'web', version: 'v1-good' } },
    { atMs: 36_000, kind: 'push', with: { release: 'web', version: 'v2-good' } },
  ],
}

/** The first renewal after that is the leader's last, in milliseconds. */
const FROM_MS = 30_000
/** It stays away for as long as it takes. */
const DOWN_MS = 120_000

describe('a controller in a cluster whose leader was killed', () => {
  it('leads within 15 seconds, and goes on with what was pushed', async () => {
    let killedAtMs = Infinity
    let takenAtMs = Infinity
    const { violations } = await play(story, (simulation) => {
      const { time, machine } = simulation
      const kill = (): void => {
        killedAtMs = time.elapsed()
        simulation.seat(0).kill(DOWN_MS)
      }
      machine.cluster?.listen(({ kind, object }) => {
        if (kind.kind !== 'Lease') return
        const { holderIdentity = '' } = object['spec'] as { readonly holderIdentity?: string }
        if (holderIdentity.includes('controller-2')) takenAtMs = Math.min(takenAtMs, time.elapsed())
        // Nobody can take it later than after the renewal that came right before.
        else if (killedAtMs === Infinity && time.elapsed() > FROM_MS) time.after(0, kill)
      })
    })
    expect(takenAtMs - killedAtMs).toBeLessThanOrEqual(15_000)
    expect(violations).toEqual([])
  })
})
