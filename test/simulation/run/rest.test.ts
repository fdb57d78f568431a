import { describe, expect, it } from 'vitest'

import type { Violation } from '../checkers/checker.ts'
import { scenarios } from '../scenarios/all.ts'
import { Randomness } from '../time/randomness.ts'
import { settle } from '../time/virtual-time.ts'
import { drawStory } from './draw-story.ts'
import { isAtRest, isFreeOfTrouble } from './rest.ts'
import { play } from './run-seed.ts'
import { Simulation } from './simulation.ts'
import type { Story } from './story.ts'

function storyOf(name: string): Story {
  const scenario = scenarios.get(name)
  if (scenario === undefined) throw new Error(`no scenario ${name}`)
  const random = new Randomness(1).stream('story')
  return drawStory(scenario, { seed: 1, level: 'none', depth: 'full', random })
}

/** Plays a story, and looks at it every second. */
async function playLooking<Seen>(
  look: (simulation: Simulation) => Seen,
): Promise<{ readonly seen: readonly Seen[]; readonly violations: readonly Violation[] }> {
  const seen: Seen[] = []
  const { violations } = await play(storyOf('deploys'), (simulation) => {
    const again = (): void => {
      seen.push(look(simulation))
      simulation.time.after(1_000, again)
    }
    simulation.time.after(1_000, again)
  })
  return { seen, violations }
}

const stateOf = (simulation: Simulation): { readonly rests: boolean; readonly isFree: boolean } => ({
  rests: isAtRest(simulation),
  isFree: isFreeOfTrouble(simulation),
})

describe('the rest of a story at full depth', () => {
  it('is known at its end, and is not there while a controller is at work', async () => {
    const { seen, violations } = await playLooking(stateOf)
    expect(violations).toEqual([])
    expect(seen[0]).toEqual({ rests: false, isFree: true })
    expect(seen.at(-1)).toEqual({ rests: true, isFree: true })
    expect(seen.filter(({ rests }) => !rests).length).toBeGreaterThan(20)
  })

  it.each(['infrastructure-days', 'shared-table', 'shared-cluster', 'woken'])(
    'is not known where there is more: %s',
    async (name) => {
      const simulation = new Simulation(storyOf(name))
      const found = stateOf(simulation)
      simulation.end()
      await settle()
      expect(found).toEqual({ rests: false, isFree: false })
    },
  )

  it('is none while something is held up that calm would let go', async () => {
    const { seen } = await playLooking((simulation) => {
      simulation.machine.disk.mostMs = 5
      const isSlow = isFreeOfTrouble(simulation)
      simulation.machine.disk.mostMs = 0
      simulation.aws.heldUp = { forMs: 1_000, onHeld: () => undefined }
      const isHeldUp = isFreeOfTrouble(simulation)
      simulation.aws.heldUp = undefined
      return [isSlow, isHeldUp, isFreeOfTrouble(simulation)]
    })
    expect(new Set(seen.map(String))).toEqual(new Set(['false,false,true']))
  })
})
