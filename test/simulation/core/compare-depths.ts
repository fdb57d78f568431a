import { expect } from 'vitest'
import { endOutside } from '../explore/end-state.ts'
import { drawStory } from '../run/draw-story.ts'
import { play } from '../run/run-seed.ts'
import type { Simulation } from '../run/simulation.ts'
import type { Story } from '../run/story.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { Randomness } from '../time/randomness.ts'

/** What a run did to AWS and git, and what it left there. */
interface Done {
  /** How often each call that writes was made, and how it ended. */
  readonly writes: Readonly<Record<string, number>>
  readonly end: readonly string[]
}

async function done(story: Story): Promise<Done> {
  const writes: Record<string, number> = {}
  let played: Simulation | undefined
  await play(story, (simulation) => {
    played = simulation
    simulation.aws.listen({
      afterCall({ who, writes: isWrite, operation }) {
        if (who === 'people' || !isWrite) return
        writes[operation] = (writes[operation] ?? 0) + 1
      },
    })
  })
  // Releases of one commit roll out side by side, so the order among them is nobody's.
  return { writes, end: played === undefined ? [] : endOutside(played).toSorted() }
}

/** The loop around the core is there twice, once for each depth: where nothing goes wrong, both do the same. */
export async function expectSameAtBothDepths(scenario: Scenario): Promise<void> {
  const random = new Randomness(1).stream('story')
  const story = drawStory(scenario, { seed: 1, level: 'none', depth: 'core', random })
  const ofCore = await done(story)
  const ofEngine = await done({ ...story, depth: 'full' })
  expect(ofCore).toEqual(ofEngine)
  const { ModifyListener = 0, ModifyRule = 0, UpdateService = 0 } = ofEngine.writes
  expect(
    scenario.strategy === 'rolling' || scenario.strategy === 'native'
      ? UpdateService
      : ModifyListener + ModifyRule,
  ).toBeGreaterThan(0)
}
