import type { Violation } from '../checkers/checker.ts'
import { play } from '../run/run-seed.ts'
import type { Simulation } from '../run/simulation.ts'
import type { Happening, Story } from '../run/story.ts'
import type { Effect } from './effects.ts'
import { collectEffects } from './effects.ts'
import type { EndState } from './end-state.ts'
import { endStateOf } from './end-state.ts'
import type { Read } from './reads.ts'
import { collectReads } from './reads.ts'

/** A story that was played, and what explorers compare. */
export interface Observed {
  readonly story: Story
  readonly traceHash: string
  readonly violations: readonly Violation[]
  /** What each write of the controller was, in order: `aws UpdateService`, `git pushTags`, `store rename`, … */
  readonly writes: readonly string[]
  readonly effects: readonly Effect[]
  /** The reads of AWS, in order; only when asked for. */
  readonly reads: readonly Read[]
  readonly end: EndState
}

/** Looks at a simulation before it begins, such as to break something on purpose. */
export type Prepare = (simulation: Simulation) => void

/** Plays a story and keeps what can be compared. A run that throws has broken the promise `defect`. */
export async function observe(
  story: Story,
  prepare: Prepare = () => {},
  { withReads = false }: { readonly withReads?: boolean } = {},
): Promise<Observed> {
  const writes: string[] = []
  let effects: readonly Effect[] = []
  let reads: readonly Read[] = []
  let simulation: Simulation | undefined
  try {
    const result = await play(story, (made) => {
      simulation = made
      effects = collectEffects(made, story.releases)
      if (withReads) reads = collectReads(made)
      made.onWrite = ({ what, moment }) => void (moment === 'before' && writes.push(what))
      prepare(made)
    })
    const { traceHash, violations } = result
    const end = simulation === undefined ? [] : await endStateOf(simulation)
    return { story, traceHash, violations, writes, effects, reads, end }
  } catch (error) {
    const violation = { promise: 'defect', message: `the run threw ${String(error)}`, atMs: 0 }
    return { story, traceHash: '', violations: [violation], writes, effects, reads, end: [] }
  }
}

/** The story with something more in it, which begins to matter at its start. */
export function withHappening(story: Story, kind: string, given: Happening['with']): Story {
  return { ...story, happenings: [{ atMs: 0, kind, with: given }, ...story.happenings] }
}
