import type { Violation } from '../checkers/checker.ts'
import { isOutside } from '../happenings/explored.ts'
import type { Story } from '../run/story.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { compareEffects } from './effects.ts'
import { compareEnds } from './end-state.ts'
import { inLanes } from './in-lanes.ts'
import type { Observed } from './observe.ts'
import { withHappening } from './observe.ts'
import type { Observer } from './observers.ts'
import { sample } from './sample.ts'
import type { ExploredStory } from './stories.ts'

/** A promise that an explored run broke, and the story that plays it again. */
export interface FoundViolation extends Violation {
  readonly where: string
  readonly story: Story
}

/** What came of the crashes at one kind of write in one story. */
export interface CrashRow {
  readonly story: string
  /** `aws UpdateService`, `git pushTags`, `store rename`, … */
  readonly kind: string
  readonly count: number
  readonly before: number
  readonly after: number
  /** Runs with a second crash whose first was at such a write. */
  readonly pairs: number
  readonly violations: number
}

export interface CrashExploration {
  readonly rows: readonly CrashRow[]
  /** How many pairs there are in the short stories, and how many of them were played. */
  readonly pairs: { readonly all: number; readonly played: number }
  readonly runs: number
  /** AWS writes that were made a second time, as I10 allows, in all runs together. */
  readonly repeated: number
  readonly violations: readonly FoundViolation[]
  /** Every kind of write that occurred. */
  readonly kinds: ReadonlySet<string>
}

export interface CrashOptions {
  readonly observer: Observer
  readonly onProgress?: (done: number, total: number, what: string) => void
  /** Pairs of a story that are played at most; more are drawn from by its seed. */
  readonly mostPairs?: number
  /** Writes of a story that are crashed at most, for a small look only; default: all. */
  readonly mostWrites?: number
}

type Moment = 'before' | 'after'

/** Where a run ends its controller: once, or a second time later. */
interface CrashPoint {
  /** Counted from 1, over all writes, or over those to AWS and git. */
  readonly write: number
  readonly of: 'any' | 'outside'
  readonly moment: Moment
}

/** A run that is to be played. */
interface Planned {
  readonly explored: ExploredStory
  readonly undisturbed: Observed
  /** The kind of the write of the first crash. */
  readonly kind: string
  readonly crashes: readonly CrashPoint[]
}

const DOWN_MS = 2_000
const MOMENTS: readonly Moment[] = ['before', 'after']
const MOST_PAIRS = 200
/** How often progress is told at most. */
const MOST_TOLD = 200
/** More would say nothing new. */
const MOST_VIOLATIONS = 100

/**
 * Plays each story once per write with a crash right before it (nobody outside has seen it) and once right after it (it is done, and the controller never hears
 * of it), and short ones with two crashes. No promise may break, and what was done and what is left must be as without a crash.
 */
export async function exploreCrashes(
  stories: readonly ExploredStory[],
  options: CrashOptions,
): Promise<CrashExploration> {
  const tally = new Tally()
  const planned: Planned[] = []
  for (const explored of stories) {
    const undisturbed = await options.observer.observe(explored.story)
    tally.learned(explored, undisturbed)
    planned.push(...plan(explored, undisturbed, options, tally))
  }
  let done = 0
  const played = await inLanes(planned, options.observer.lanes, async (run) => {
    const outcome = await playPlanned(run, options.observer)
    if (done % Math.ceil(planned.length / MOST_TOLD) === 0)
      options.onProgress?.(done, planned.length, `${run.explored.name}: ${run.kind}`)
    done += 1
    return outcome
  })
  for (const outcome of played) tally.played(outcome)
  options.onProgress?.(planned.length, planned.length, 'done')
  return tally.result()
}

/** What came of a planned run; the rest of what was observed is forgotten at once. */
interface Outcome {
  readonly run: Planned
  readonly story: Story
  readonly repeated: number
  readonly found: readonly Violation[]
}

async function playPlanned(run: Planned, observer: Observer): Promise<Outcome> {
  const story = run.crashes.reduce(withCrash, run.explored.story)
  const observed = await observer.observe(story)
  const repeated = Math.max(0, observed.effects.length - run.undisturbed.effects.length)
  return { run, story, repeated, found: judge(run.undisturbed, observed) }
}

/** What a run with crashes may not differ in from the one without. */
function judge(undisturbed: Observed, crashed: Observed): Violation[] {
  const atMs = 0
  return [
    ...crashed.violations,
    ...compareEffects(undisturbed.effects, crashed.effects).map((message) => ({
      promise: 'I10',
      message,
      atMs,
    })),
    ...compareEnds(undisturbed.end, crashed.end).map((message) => ({ promise: 'I5', message, atMs })),
  ]
}

const withCrash = (story: Story, { write, of, moment }: CrashPoint): Story =>
  withHappening(story, 'crash at a write', { write, of, moment, downMs: DOWN_MS })

function plan(
  explored: ExploredStory,
  undisturbed: Observed,
  options: CrashOptions,
  tally: Tally,
): Planned[] {
  const random = seededRandom(explored.story.seed)
  const base = { explored, undisturbed }
  const single = undisturbed.writes.map((kind, index) => ({ kind, write: index + 1 }))
  const chosen = sample(single, options.mostWrites ?? single.length, random)
  const once = chosen.flatMap(({ kind, write }) =>
    MOMENTS.map((moment) => ({ ...base, kind, crashes: [{ write, of: 'any' as const, moment }] })),
  )
  if (!explored.isShort) return once
  const outside = undisturbed.writes.filter(isOutside)
  const pairs = outside.flatMap((kind, index) =>
    pairsFrom(index + 1, outside.length).map((crashes) => ({ ...base, kind, crashes })),
  )
  const played = sample(pairs, options.mostPairs ?? MOST_PAIRS, random)
  tally.paired(pairs.length, played.length)
  return [...once, ...played]
}

/** The write that was cut short is made again and counts again, so the second crash may be one write later than there are. */
function pairsFrom(first: number, writes: number): CrashPoint[][] {
  const points: CrashPoint[][] = []
  for (let second = first + 1; second <= writes + 1; second += 1)
    for (const moment of MOMENTS)
      for (const later of MOMENTS)
        points.push([
          { write: first, of: 'outside', moment },
          { write: second, of: 'outside', moment: later },
        ])
  return points
}

class Tally {
  readonly #rows = new Map<string, { -readonly [Member in keyof CrashRow]: CrashRow[Member] }>()
  readonly #violations: FoundViolation[] = []
  readonly #kinds = new Set<string>()
  #pairs = { all: 0, played: 0 }
  #runs = 0
  #repeated = 0

  learned({ name, story }: ExploredStory, { writes, violations }: Observed): void {
    this.#runs += 1
    for (const kind of writes) {
      this.#kinds.add(kind)
      this.#row(name, kind).count += 1
    }
    for (const violation of violations)
      this.#violations.push({ ...violation, story, where: `${name}, undisturbed` })
  }

  paired(all: number, played: number): void {
    this.#pairs = { all: this.#pairs.all + all, played: this.#pairs.played + played }
  }

  played({ run: { explored, kind, crashes }, story, repeated, found }: Outcome): void {
    this.#runs += 1
    this.#repeated += repeated
    const row = this.#row(explored.name, kind)
    const [first, second] = crashes
    if (second !== undefined) row.pairs += 1
    else if (first?.moment === 'before') row.before += 1
    else row.after += 1
    if (found.length > 0) row.violations += 1
    const where = `${explored.name}: ${crashes.map(({ write, of, moment }) => `${moment} write ${write} (${of})`).join(', then ')}: ${kind}`
    for (const violation of found)
      if (this.#violations.length < MOST_VIOLATIONS) this.#violations.push({ ...violation, where, story })
  }

  result(): CrashExploration {
    return {
      rows: [...this.#rows.values()],
      pairs: this.#pairs,
      runs: this.#runs,
      repeated: this.#repeated,
      violations: this.#violations,
      kinds: this.#kinds,
    }
  }

  #row(story: string, kind: string): { -readonly [Member in keyof CrashRow]: CrashRow[Member] } {
    const known = this.#rows.get(`${story}/${kind}`)
    if (known !== undefined) return known
    const row = { story, kind, count: 0, before: 0, after: 0, pairs: 0, violations: 0 }
    this.#rows.set(`${story}/${kind}`, row)
    return row
  }
}
