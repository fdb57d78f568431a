import { seededRandom } from '../../support/seeded-random.ts'
import type { Violation } from '../checkers/checker.ts'
import type { Happening } from '../run/story.ts'
import type { FoundViolation } from './crash.ts'
import { compareEnds } from './end-state.ts'
import { inLanes } from './in-lanes.ts'
import type { Observed } from './observe.ts'
import { withHappening } from './observe.ts'
import type { Observer } from './observers.ts'
import { sample } from './sample.ts'
import type { ExploredStory } from './stories.ts'

/** How reads are disturbed: one alone, all for a while, every second one (time goes back and forth), or the controller sleeps through what comes and goes. */
export const stalePatterns = [
  'one read',
  'every read for 30 s',
  'every second read for 30 s',
  'unseen',
] as const

export type StalePattern = (typeof stalePatterns)[number]

/** What came of one pattern in one story. */
export interface StaleRow {
  readonly story: string
  readonly pattern: StalePattern
  /** Reads of the undisturbed run, and how many of them can be answered differently from an earlier state. */
  readonly reads: number
  readonly differing: number
  /** Pairs of a read and an age (or a length of sleep) that there are, and how many were played. */
  readonly points: number
  readonly played: number
  readonly violations: number
}

export interface StaleExploration {
  readonly rows: readonly StaleRow[]
  readonly runs: number
  readonly violations: readonly FoundViolation[]
}

export interface StaleOptions {
  readonly observer: Observer
  readonly onProgress?: (done: number, total: number, what: string) => void
  /** Points of a story and pattern that are played at most; of more, the story's seed draws. */
  readonly mostPoints?: number
}

interface Planned {
  readonly explored: ExploredStory
  readonly undisturbed: Observed
  readonly row: { -readonly [Member in keyof StaleRow]: StaleRow[Member] }
  readonly kind: string
  readonly given: Happening['with']
}

const WINDOW_MS = 30_000
/** Shorter than the lease, longer than the lease, and longer than a whole deployment. */
const SLEEPS_MS = [5_000, 20_000, 60_000]
const MOST_POINTS = 150
const MOST_TOLD = 200
/** More would say nothing new. */
const MOST_VIOLATIONS = 100

/**
 * Plays each story once for each earlier state that AWS could still have shown to a read: to that read alone, to all for a while, to every second one; and once
 * for each moment from which the controller may have slept. No promise may break, and what is left must be as without it.
 */
export async function exploreStaleness(
  stories: readonly ExploredStory[],
  options: StaleOptions,
): Promise<StaleExploration> {
  const planned: Planned[] = []
  const violations: FoundViolation[] = []
  for (const explored of stories) {
    const undisturbed = await options.observer.observe(explored.story, { withReads: true })
    for (const violation of undisturbed.violations)
      violations.push({ ...violation, where: `${explored.name}, undisturbed`, story: explored.story })
    for (const pattern of stalePatterns) planned.push(...plan(explored, undisturbed, pattern, options))
  }
  let done = 0
  const played = await inLanes(
    planned,
    options.observer.lanes,
    async ({ explored, undisturbed, row, kind, given }) => {
      const story = withHappening(explored.story, kind, given)
      const found = judge(undisturbed, await options.observer.observe(story))
      if (done % Math.ceil(planned.length / MOST_TOLD) === 0)
        options.onProgress?.(done, planned.length, `${explored.name}: ${row.pattern}`)
      done += 1
      row.played += 1
      if (found.length > 0) row.violations += 1
      const where = `${explored.name}: ${kind} ${JSON.stringify(given)}`
      return found.map((violation) => ({ ...violation, where, story }))
    },
  )
  violations.push(...played.flat().slice(0, Math.max(0, MOST_VIOLATIONS - violations.length)))
  options.onProgress?.(planned.length, planned.length, 'done')
  const rows = [...new Set(planned.map(({ row }) => row))]
  return { rows, runs: planned.length + stories.length, violations }
}

function judge(undisturbed: Observed, disturbed: Observed): Violation[] {
  const ends = compareEnds(undisturbed.end, disturbed.end)
  return [...disturbed.violations, ...ends.map((message) => ({ promise: 'I5', message, atMs: 0 }))]
}

function plan(
  explored: ExploredStory,
  undisturbed: Observed,
  pattern: StalePattern,
  { mostPoints = MOST_POINTS }: StaleOptions,
): Planned[] {
  const { reads } = undisturbed
  const points = pointsOf(undisturbed, pattern)
  const row = {
    story: explored.name,
    pattern,
    reads: reads.length,
    differing: reads.filter(({ ages }) => ages.length > 0).length,
    points: points.length,
    played: 0,
    violations: 0,
  }
  const kind = pattern === 'unseen' ? 'pause at a read' : 'stale at a read'
  return sample(points, mostPoints, seededRandom(explored.story.seed)).map((given) => ({
    explored,
    undisturbed,
    row,
    kind,
    given,
  }))
}

function pointsOf({ reads }: Observed, pattern: StalePattern): Happening['with'][] {
  if (pattern === 'unseen')
    return reads.flatMap((_, index) => SLEEPS_MS.map((forMs) => ({ read: index + 1, forMs })))
  const forMs = pattern === 'one read' ? 0 : WINDOW_MS
  const every = pattern === 'every second read for 30 s' ? 2 : 1
  return reads.flatMap(({ ages }, index) => ages.map((ageMs) => ({ read: index + 1, ageMs, forMs, every })))
}
