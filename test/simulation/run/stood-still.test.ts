import { beforeAll, describe, expect, it, vi } from 'vitest'
import { fromTimestamp } from '../../../controller/core/time.ts'
import { storedRollouts } from '../checkers/stored.ts'
import { play } from './run-seed.ts'
import type { Simulation } from './simulation.ts'
import type { Depth, Story } from './story.ts'

vi.setConfig({ testTimeout: 60_000 })

const story: Story = {
  scenario: 'stood still',
  seed: 1,
  releases: ['web'],
  desiredCount: 1,
  seats: 1,
  happenings: [
    { atMs: 0, kind: 'push', with: { release: 'web', version: 'v1-good' } },
    { atMs: 40_000, kind: 'push', with: { release: 'web', version: 'v2-good' } },
    // The side that it goes to still has the tasks of the first one.
    { atMs: 60_000, kind: 'push', with: { release: 'web', version: 'v3-good' } },
  ],
}

/** So old is what the last look before the stop shows: from before the third version was started. */
const STALE_MS = 20_000
/** So long after the swap is that look, well within the bound of stale reads. */
const LOOK_AFTER_MS = 5_000
/** Longer than the lease, and so long that the bound has passed when it goes on. */
const STOPPED_MS = 70_000

/** Stops the controller in the middle of a look at the third version while it bakes: while the last read of it is under way. */
function stopInALook(simulation: Simulation): void {
  const { aws, time } = simulation
  let stopped = false
  const isDue = (): boolean => {
    const { status } = storedRollouts(simulation.machine)[2] ?? {}
    return (
      status?.phase === 'Baking' &&
      status.shiftedAt !== undefined &&
      time.now() - fromTimestamp(status.shiftedAt) >= LOOK_AFTER_MS
    )
  }
  aws.listen({
    beforeCall({ operation, who }) {
      if (stopped || who === 'people' || !isDue()) return
      aws.staleness = () => STALE_MS
      if (operation !== 'DescribeTasks') return
      stopped = true
      simulation.seat(0).pause(STOPPED_MS)
      time.after(STOPPED_MS, () => (aws.staleness = () => 0))
    },
  })
}

describe('a controller that stood still in the middle of a look', () => {
  beforeAll(async () => {
    await play({ ...story, happenings: story.happenings.slice(0, 1) })
  })

  it.each<Depth>(['full', 'core'])(
    'concludes nothing from it when it has its lease again, at depth %s',
    async (depth) => {
      let played: Simulation | undefined
      const { violations } = await play({ ...story, depth }, (simulation) => {
        played = simulation
        stopInALook(simulation)
      })
      expect(violations).toEqual([])
      expect(
        storedRollouts(played?.machine as Simulation['machine']).map(({ status }) => status.phase),
      ).toEqual(['Succeeded', 'Succeeded', 'Succeeded'])
    },
  )
})
