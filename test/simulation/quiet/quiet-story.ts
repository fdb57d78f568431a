import type { Random } from '../../../controller/ports/random.ts'
import { kindNamed } from '../run/draw-story.ts'
import type { Happening, Story } from '../run/story.ts'
import { between, oneOf, Randomness } from '../time/randomness.ts'

const HOUR_MS = 3_600_000
/** From the first push of a release to that of the next, so that they do not all wait for the same limits of AWS. */
const BETWEEN_FIRST_MS = 4_000

/** How often what happens by itself happens, for each release and hour. */
const PER_RELEASE_AND_HOUR = { 'the load changes': 2, 'a task dies': 0.5, push: 0.1 } as const
/** The same for the whole town: AWS at work on its own control plane, and a lost zone, of which it speaks seldom. */
const PER_HOUR = {
  throttling: 0.5,
  'server errors': 0.5,
  'connection resets': 0.25,
  'slow answers': 0.5,
  'stale reads': 1,
  'a greedy neighbour': 0.25,
  'a zone is lost': 0.125,
} as const

export interface QuietDays {
  readonly hours: number
  readonly releases: number
  readonly seed: number
  /** How often all releases are looked at: `source.interval` of the environment. */
  readonly interval: string
}

/**
 * Days on which nobody changes anything by hand: versions are merged, autoscaling follows the load, hosts fail and tasks are replaced, AWS works on itself and
 * answers late, old things or not at all meanwhile.
 */
export function quietStory({ hours, releases: count, seed }: Omit<QuietDays, 'interval'>): Story {
  const random = new Randomness(seed).stream('story')
  const releases = Array.from({ length: count }, (_, index) => `r${index}`)
  const firstMs = count * BETWEEN_FIRST_MS
  const draw = (kind: string, perHour: number): Happening[] =>
    Array.from({ length: Math.max(1, Math.round(perHour * hours)) }, () => ({
      atMs: between(random, firstMs, firstMs + hours * HOUR_MS),
      kind,
      with: given(random, kind, releases),
    }))
  const happenings = [
    ...releases.map((release, index): Happening => ({
      atMs: index * BETWEEN_FIRST_MS,
      kind: 'push',
      with: { release, version: 'v1-good' },
    })),
    ...Object.entries(PER_RELEASE_AND_HOUR).flatMap(([kind, often]) => draw(kind, often * count)),
    ...Object.entries(PER_HOUR).flatMap(([kind, often]) => draw(kind, often)),
  ].toSorted((left, right) => left.atMs - right.atMs)
  return {
    scenario: 'quiet days',
    seed,
    releases,
    desiredCount: 2,
    rules: 'named',
    scaling: 'tracked',
    seats: 1,
    happenings: happenings.map(numbered),
  }
}

function given(random: Random, kind: string, releases: readonly string[]): Happening['with'] {
  if (kind === 'push') return { release: oneOf(random, releases), version: 'good' }
  return kindNamed(kind).draw(random, { releases, seats: 1 })
}

/** Each push is of a version that was never there before. */
const numbered = (happening: Happening, index: number): Happening =>
  happening.kind === 'push' && happening.with['version'] === 'good'
    ? { ...happening, with: { ...happening.with, version: `v${index}-good` } }
    : happening
