import { beforeAll, describe, expect, it, vi } from 'vitest'
import { storedRollouts } from '../checkers/stored.ts'
import { play } from './run-seed.ts'
import type { Simulation } from './simulation.ts'
import type { Depth, Story } from './story.ts'

vi.setConfig({ testTimeout: 60_000 })

const story: Story = {
  scenario: 'clock leap',
  seed: 1,
  releases: ['web'],
  desiredCount: 2,
  seats: 1,
  happenings: [
    { atMs: 0, kind: 'push', with: { release: 'web', version: 'v1-good' } },
    { atMs: 60_000, kind: 'push', with: { release: 'web', version: 'v2-good' } },
  ],
}

/** Reads of the load balancer show what stood there that long ago. */
const STALE_MS = 20_000
const HOURS = 5
const HOUR_MS = 3_600_000
/** The move is known to have been made by then. */
const ANSWERED_MS = 300

/** Does something right after the second version's traffic was moved, while reads do not show the move yet. */
function afterTheMove(simulation: Simulation, happen: () => void): void {
  const { aws, time } = simulation
  let moves = 0
  aws.listen({
    afterCall({ operation, who }) {
      const isMove = operation === 'ModifyListener' && who !== 'people' && time.elapsed() > 60_000
      if (!isMove) return
      moves += 1
      if (moves !== 1) return
      aws.staleness = () => STALE_MS
      time.after(STALE_MS, () => (aws.staleness = () => 0))
      happen()
    },
  })
}

describe('a wall clock that leaps while the traffic is moved', () => {
  beforeAll(async () => {
    await play({ ...story, happenings: story.happenings.slice(0, 1) })
  })

  it.each<readonly [Depth, number]>([
    ['full', HOURS],
    ['full', -HOURS],
    ['core', HOURS],
    ['core', -HOURS],
  ])('neither fails a request nor the version, at depth %s by %d hours', async (depth, byHours) => {
    let played: Simulation | undefined
    const { violations } = await play({ ...story, depth }, (simulation) => {
      played = simulation
      afterTheMove(simulation, () => simulation.seat(0).process?.jumpWall(byHours * HOUR_MS))
    })
    expect(violations).toEqual([])
    const rollouts = storedRollouts(played?.machine as Simulation['machine'])
    expect(rollouts.map(({ status }) => status.phase)).toEqual(['Succeeded', 'Succeeded'])
  })
})

describe('a controller that ends right after the traffic was moved', () => {
  beforeAll(async () => {
    await play({ ...story, happenings: story.happenings.slice(0, 1) })
  })

  it.each<Depth>(['full', 'core'])(
    'fails neither a request nor the version where its clock has leapt by then, at depth %s',
    async (depth) => {
      const { violations } = await play({ ...story, depth }, (simulation) =>
        afterTheMove(simulation, () =>
          simulation.time.after(ANSWERED_MS, () => {
            simulation.machine.wallOffsetMs += HOURS * HOUR_MS
            simulation.seat(0).kill(1_000)
          }),
        ),
      )
      // Until when the old side is kept is of the clock that leapt, and no true time.
      expect(violations.filter(({ message }) => !message.endsWith('before it may get cold'))).toEqual([])
    },
  )
})
