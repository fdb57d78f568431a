import { beforeAll, describe, expect, it, vi } from 'vitest'
import type {
  EnvironmentStatus,
  ReleaseStatus,
  RolloutPhase,
  RolloutStatus,
} from '../../../controller/resources/types.ts'
import { storedObjects, storedRollouts } from '../checkers/stored.ts'
import { exploredStories } from '../explore/stories.ts'
import { play } from './run-seed.ts'
import type { Simulation } from './simulation.ts'
import type { Story } from './story.ts'

vi.setConfig({ testTimeout: 60_000 })

const storyNamed = (name: string): Story => {
  const found = exploredStories.find((explored) => explored.name === name)
  if (found === undefined) throw new Error(`no story ${name}`)
  return found.story
}

/** What is stored of the second rollout. */
const second = ({ machine }: Simulation): RolloutStatus =>
  storedRollouts(machine).find(({ spec }) => spec.number === 2)?.status ?? {}

const statusOf = ({ machine }: Simulation, kind: 'Release' | 'Environment'): object =>
  storedObjects(machine, kind)[0]?.status ?? {}

/** Plays to rest, and ends the controller at its first write after the end of the second rollout was stored. */
async function playTo(phase: RolloutPhase, story: Story): Promise<Simulation> {
  let played: Simulation | undefined
  const { crashes } = await play(story, (simulation) => {
    played = simulation
    const inner = simulation.onWrite
    simulation.onWrite = (write) => {
      inner(write)
      if (simulation.seat(0).crashes > 0 || write.moment !== 'before') return
      if (second(simulation).phase === phase) simulation.seat(0).kill(2_000)
    }
  })
  expect(crashes).toBe(1)
  if (played === undefined) throw new Error('nothing was played')
  return played
}

describe('a crash right after the end of a rollout was stored', () => {
  beforeAll(async () => {
    await play(storyNamed('first deploy'))
  })

  it('leaves the failure of its content known, and an Environment that works on nothing', async () => {
    const simulation = await playTo('RolledBack', storyNamed('gate failure and rollback'))
    const release: ReleaseStatus = statusOf(simulation, 'Release')
    expect(release.failed).toMatchObject([{ rollout: 'demo-web-2' }])
    const { failed, conditions }: EnvironmentStatus = statusOf(simulation, 'Environment')
    expect(failed).toMatchObject([{ release: 'web', rollout: 'demo-web-2' }])
    expect(conditions?.find(({ type }) => type === 'Reconciling')?.status).not.toBe('True')
  })

  it('leaves it known until when the old side is kept warm', async () => {
    // Shorter than the old side is kept warm.
    const { quietMs: _long, ...story } = storyNamed('second deploy')
    const simulation = await playTo('Succeeded', { ...story, quietMs: 40_000 })
    const { keepPreviousUntil }: ReleaseStatus = statusOf(simulation, 'Release')
    expect(keepPreviousUntil).toMatch(/^\d{4}-/)
    expect(keepPreviousUntil).toBe(second(simulation).keepPreviousUntil)
  })
})
