import { beforeAll, describe, expect, it, vi } from 'vitest'
import { storedRollouts } from '../checkers/stored.ts'
import { exploredStories } from '../explore/stories.ts'
import { play } from './run-seed.ts'
import type { RunResult } from './run-seed.ts'
import type { Simulation } from './simulation.ts'
import type { Story } from './story.ts'

vi.setConfig({ testTimeout: 60_000 })

const storyNamed = (name: string): Story => {
  const found = exploredStories.find((explored) => explored.name === name)
  if (found === undefined) throw new Error(`no story ${name}`)
  return found.story
}

/** Plays to rest, and ends the controller at its first write after the second rollout was stored. */
async function playPastTheStart(story: Story): Promise<{ simulation: Simulation; result: RunResult }> {
  let played: Simulation | undefined
  const result = await play(story, (simulation) => {
    played = simulation
    const inner = simulation.onWrite
    simulation.onWrite = (write) => {
      inner(write)
      if (simulation.seat(0).crashes > 0 || write.moment !== 'before') return
      if (storedRollouts(simulation.machine).length === 2) simulation.seat(0).kill(2_000)
    }
  })
  if (played === undefined) throw new Error('nothing was played')
  return { simulation: played, result }
}

describe('a crash right after the rollout of a restart was stored', () => {
  beforeAll(async () => {
    await play(storyNamed('first deploy'))
  })

  it('leaves one restart, and not another one after it', async () => {
    const { simulation, result } = await playPastTheStart(storyNamed('restart'))
    expect(result.crashes).toBe(1)
    expect(result.violations).toEqual([])
    expect(storedRollouts(simulation.machine).map(({ spec }) => spec.why)).toEqual(['Commit', 'Restart'])
  })
})
