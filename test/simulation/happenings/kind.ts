import type { Random } from '../../../controller/ports/random.ts'
import type { Simulation } from '../run/simulation.ts'

export type HappeningArguments = Readonly<Record<string, string | number>>

/** What a kind of happening may draw from. */
export interface StoryShape {
  readonly releases: readonly string[]
  readonly seats: number
}

/** A way in which the outside acts on a run. */
export interface HappeningKind {
  readonly name: string
  /** The row of the coverage table that it counts for. */
  readonly group: 'push' | 'people' | 'terraform' | 'aws' | 'tasks' | 'git' | 'controller' | 'disk' | 'clock'
  /** `mild`: what a usual week brings. */
  readonly severity: 'mild' | 'harsh'
  draw(random: Random, shape: StoryShape): HappeningArguments
  apply(simulation: Simulation, given: HappeningArguments): void
}
