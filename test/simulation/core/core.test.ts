import { expect, it } from 'vitest'
import type { ReleaseObservation, SideObservation } from '../../../controller/core/observation.ts'
import { playCore } from '../run/run-seed.ts'
import type { Simulation } from '../run/simulation.ts'
import type { Story } from '../run/story.ts'
import { drawStory } from '../run/draw-story.ts'
import { deploys } from '../scenarios/deploys.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { twoControllers } from '../scenarios/two-controllers.ts'
import { Randomness } from '../time/randomness.ts'
import { PlainTime } from '../time/plain-time.ts'

const storyOf = (scenario: Scenario, seed: number): Story =>
  drawStory(scenario, { seed, level: 'mild', depth: 'core', random: new Randomness(seed).stream('story') })

it.each([deploys, twoControllers])(
  'keeps every promise of $name in a dozen seeds, and plays each the same way twice',
  (scenario) => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const story = storyOf(scenario, seed)
      const { violations, traceHash, writes } = playCore(story)
      expect(violations, `seed ${seed}`).toEqual([])
      expect(writes, `seed ${seed}`).toBeGreaterThan(0)
      expect(playCore(story).traceHash, `seed ${seed}`).toBe(traceHash)
    }
  },
)

it('has a broken promise to show when the core takes every target for healthy', () => {
  const gullible = (simulation: Simulation): void => {
    const { nextStep } = simulation.decisions
    simulation.decisions = {
      ...simulation.decisions,
      assertSafe: () => undefined,
      nextStep: (input) => nextStep({ ...input, observation: allHealthy(input.observation) }),
    }
  }
  const seeds = Array.from({ length: 12 }, (_, index) => index + 1)
  const broken = seeds.flatMap((seed) => playCore(storyOf(deploys, seed), gullible).violations)
  expect(broken.map(({ promise }) => promise)).toContain('I1')
})

function allHealthy(observation: ReleaseObservation): ReleaseObservation {
  const { blue, green } = observation.sides
  return { ...observation, sides: { blue: healthy(blue), green: healthy(green) } }
}

function healthy(side: SideObservation): SideObservation {
  const { members } = side
  if (members === undefined) return side
  const targets = members.targets.map((target) =>
    target.state === 'initial' || target.state === 'unhealthy'
      ? { ...target, state: 'healthy' as const }
      : target,
  )
  return { ...side, members: { ...members, targets } }
}

it('runs timers of the same time in the order of their making, and none that was cancelled', () => {
  const time = new PlainTime()
  const ran: string[] = []
  time.after(20, () => ran.push('later'))
  time.after(10, () => {
    ran.push('first')
    time.after(0, () => ran.push('made meanwhile'))
  })
  const cancel = time.after(10, () => ran.push('cancelled'))
  time.after(10, () => ran.push('second'))
  cancel()
  while (time.hasNext()) time.step()
  expect(ran).toEqual(['first', 'second', 'made meanwhile', 'later'])
  expect(time.elapsed()).toBe(20)
})
