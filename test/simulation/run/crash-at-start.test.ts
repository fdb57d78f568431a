import { beforeAll, describe, expect, it, vi } from 'vitest'
import { annotations } from '../../../controller/resources/annotations.ts'
import { storedObjects, storedRollouts } from '../checkers/stored.ts'
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

/** Plays to rest, and ends the controller once, at the first write at which it is so. */
async function playWithACrash(
  story: Story,
  isDue: (simulation: Simulation, moment: 'before' | 'after') => boolean,
): Promise<{ simulation: Simulation; result: RunResult }> {
  let played: Simulation | undefined
  const result = await play(story, (simulation) => {
    played = simulation
    const inner = simulation.onWrite
    simulation.onWrite = (write) => {
      inner(write)
      if (simulation.seat(0).crashes === 0 && isDue(simulation, write.moment)) simulation.seat(0).kill(2_000)
    }
  })
  if (played === undefined) throw new Error('nothing was played')
  return { simulation: played, result }
}

const hasTwoRollouts = ({ machine }: Simulation, moment: 'before' | 'after'): boolean =>
  moment === 'before' && storedRollouts(machine).length === 2

/** Before the answer: whoever asked hears of nothing but a lost connection, and asks again. */
const hasStoredTheRequest = ({ machine }: Simulation): boolean =>
  storedObjects(machine, 'Release').some(
    ({ metadata }) => metadata.annotations?.[annotations.restart] !== undefined,
  )

describe('a crash in the beginning of a restart', () => {
  beforeAll(async () => {
    await play(storyNamed('first deploy'))
  })

  it.each([
    ['right after its rollout was stored', hasTwoRollouts],
    ['right after the request was stored', hasStoredTheRequest],
  ])('leaves one restart, and not another one after it: %s', async (_when, isDue) => {
    const { simulation, result } = await playWithACrash(storyNamed('restart'), isDue)
    expect(result.crashes).toBe(1)
    expect(result.violations).toEqual([])
    expect(storedRollouts(simulation.machine).map(({ spec }) => spec.why)).toEqual(['Commit', 'Restart'])
  })
})
