import { Randomness, oneOf } from '../time/randomness.ts'
import type { Depth, FaultLevel, Story } from '../run/story.ts'
import { drawStory } from '../run/draw-story.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { scenarios } from '../scenarios/all.ts'

export const faultLevels = ['none', 'mild', 'harsh'] as const satisfies readonly FaultLevel[]
export const depths = ['full', 'core'] as const satisfies readonly Depth[]

/** How seeds are to be played. */
export interface Job {
  /** Undefined: each seed picks one. */
  readonly scenario: string | undefined
  readonly level: FaultLevel
  readonly depth: Depth
}

/** What the command line asks for. */
export type Request =
  | ({ readonly kind: 'Seeds'; readonly resume: string | undefined } & Play & SeedsRequest)
  | ({ readonly kind: 'Determinism' } & Play & SeedsRequest)
  | ({ readonly kind: 'Replay'; readonly what: string; readonly isVerbose: boolean } & Play)
  | ({ readonly kind: 'Planted'; readonly name: string | undefined } & Play & SeedsRequest)
  | ({ readonly kind: 'Explore'; readonly name: string; readonly workers: number } & Play)

interface Play {
  readonly job: Job
  readonly isJson: boolean
  readonly isShrunk: boolean
  /** Directory for the stories that broke a promise. */
  readonly save: string | undefined
  /** Page whose figures are replaced. */
  readonly report: string | undefined
}

/** Which seeds, for how long, and by how many processes. */
export interface SeedsRequest {
  readonly from: number
  /** Undefined: as many as fit into the minutes. */
  readonly seeds: number | undefined
  readonly minutes: number | undefined
  readonly workers: number
}

/** The story of a seed: the same for everybody who plays the same job. */
export function storyOf({ scenario, level, depth }: Job, seed: number): Story {
  const randomness = new Randomness(seed)
  const chosen =
    scenario === undefined
      ? oneOf(randomness.stream('scenario'), scenariosOf(depth))
      : scenarioNamed(scenario, depth)
  return drawStory(chosen, { seed, level, depth, random: randomness.stream('story') })
}

/** Those that the depth can play. */
const scenariosOf = (depth: Depth): readonly Scenario[] =>
  [...scenarios.values()].filter((scenario) => scenario.depth === undefined || scenario.depth === depth)

function scenarioNamed(name: string, depth: Depth): Scenario {
  const scenario = scenarios.get(name)
  if (scenario === undefined)
    throw new Error(`there is no scenario ${name}; there are ${[...scenarios.keys()].join(', ')}`)
  if (scenario.depth !== undefined && scenario.depth !== depth)
    throw new Error(`the scenario ${name} is played at depth ${scenario.depth} only`)
  return scenario
}
