import type { Random } from '../../../controller/ports/random.ts'
import type { HappeningKind, StoryShape } from '../happenings/kind.ts'
import { happeningKinds } from '../happenings/kinds.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { between, chance, oneOf } from '../time/randomness.ts'
import type { Extent } from './extent.ts'
import { extents } from './extent.ts'
import type { Depth, FaultLevel, Happening, Story } from './story.ts'

/** At least this many pushes are in every story. */
const LEAST_PUSHES = 3

interface Drawing {
  readonly seed: number
  readonly level: FaultLevel
  readonly random: Random
  readonly depth: Depth
}

/** Draws the story of a seed. */
export function drawStory(scenario: Scenario, { seed, level, random, depth }: Drawing): Story {
  const extent = extents[depth]
  const releases = ['web', 'api', 'worker'].slice(0, oneOf(random, scenario.releases))
  const shape = { releases, seats: scenario.seats }
  const pushes = drawPushes(scenario, { random, releases, extent })
  const horizonMs = (pushes.at(-1)?.atMs ?? 0) + extent.afterMs
  const kinds = scenario.faults
    .map((name) => kindNamed(name))
    .filter(({ severity }) => level === 'harsh' || severity === 'mild')
  const range = extent.faults[level]
  const count = kinds.length === 0 ? 0 : between(random, range.from, range.to)
  const faults = Array.from({ length: count }, () => {
    const kind = oneOf(random, kinds)
    const atMs = drawTime(random, pushes, horizonMs)
    return { atMs, kind: kind.name, with: kind.draw(random, shape), ...drawPhase(random, scenario, pushes) }
  })
  const desiredCount = oneOf(random, [1, 2, 3])
  const certain = certainFaults(faults, { level, random, shape, pushes, horizonMs })
  const always = (scenario.always ?? []).map((name): Happening => {
    const atMs = drawTime(random, pushes, horizonMs)
    return { atMs, kind: name, with: kindNamed(name).draw(random, shape) }
  })
  return {
    scenario: scenario.name,
    ...(depth === 'full' ? {} : { depth }),
    seed,
    releases,
    desiredCount,
    ...worldOf(scenario),
    seats: scenario.seats,
    happenings: [...pushes, ...faults, ...certain, ...always].toSorted(
      (left, right) => left.atMs - right.atMs,
    ),
  }
}

/** What a scenario may have that is different about its world. */
const WORLD = [
  'launchType',
  'apart',
  'store',
  'shards',
  'rules',
  'sticky',
  'content',
  'pace',
  'scaling',
  'schedules',
  'gates',
  'strategy',
  'supersede',
  'infrastructure',
  'watched',
  'scans',
  'settings',
  'quietMs',
  'relations',
  'adopted',
  'news',
] as const satisfies readonly (keyof Scenario & keyof Story)[]

/** What is different about the world of a scenario. */
const worldOf = (scenario: Scenario): Partial<Story> =>
  Object.fromEntries(
    WORLD.filter((name) => scenario[name] !== undefined).map((name) => [name, scenario[name]]),
  )

/** Where a scenario names phases, this share of its faults wait for one, from a push on. */
const IN_A_PHASE = 0.7
/** Most of them strike as soon as the phase is entered, and the others a while later. */
const AT_ONCE = 0.6
const LONGEST_DELAY_MS = 40_000

/** In which phase a fault strikes, and from when on it waits for that; nothing for one that strikes at its time. */
function drawPhase(
  random: Random,
  { phases }: Scenario,
  pushes: readonly Happening[],
): Partial<Pick<Happening, 'during' | 'delayMs' | 'atMs'>> {
  if (phases === undefined || !chance(random, IN_A_PHASE)) return {}
  const delayMs = chance(random, AT_ONCE) ? 0 : between(random, 0, LONGEST_DELAY_MS)
  return { atMs: oneOf(random, pushes).atMs, during: oneOf(random, phases), delayMs }
}

/** A rollout is at its most delicate within so many milliseconds of its push: it is verified and moves its weights. */
const DELICATE_MS = 45_000
/** The rest may strike at any time, also when nothing rolls out. */
const NEAR_A_PUSH = 0.6

/** When a fault strikes: mostly while a push is on its way to the traffic. */
function drawTime(random: Random, pushes: readonly Happening[], horizonMs: number): number {
  if (!chance(random, NEAR_A_PUSH)) return between(random, 0, horizonMs)
  return oneOf(random, pushes).atMs + between(random, 0, DELICATE_MS)
}

/** Kinds of these groups strike whatever else happens: nobody has to run into them. */
const CERTAIN_GROUPS: ReadonlySet<HappeningKind['group']> = new Set(['controller', 'clock'])
/** What is added where too little is certain. */
const CERTAIN_FAULTS = ['kill', 'pause'] as const
/** At least this many faults strike in every story that has faults. */
const LEAST_FAULTS = 3

/** As many as are missing, for others may strike nobody. They are drawn last, so that they change nothing else of the story. */
function certainFaults(
  faults: readonly Happening[],
  {
    level,
    random,
    shape,
    pushes,
    horizonMs,
  }: {
    readonly level: FaultLevel
    readonly random: Random
    readonly shape: StoryShape
    readonly pushes: readonly Happening[]
    readonly horizonMs: number
  },
): Happening[] {
  if (level === 'none') return []
  const there = faults.filter(({ kind }) => CERTAIN_GROUPS.has(kindNamed(kind).group)).length
  return Array.from({ length: Math.max(0, LEAST_FAULTS - there) }, () => {
    const kind = kindNamed(oneOf(random, CERTAIN_FAULTS))
    return { atMs: drawTime(random, pushes, horizonMs), kind: kind.name, with: kind.draw(random, shape) }
  })
}

/** The kind of that name; throws for one that there is not. */
export function kindNamed(name: string): HappeningKind {
  const kind = happeningKinds.get(name)
  if (kind === undefined)
    throw new Error(`no happening ${name}; there are ${[...happeningKinds.keys()].join(', ')}`)
  return kind
}

/** So long services have served, in a minute's peace, that are adopted then. */
const SERVES_BEFORE_MS = 60_000

function drawPushes(
  scenario: Scenario,
  {
    random,
    releases,
    extent,
  }: { readonly random: Random; readonly releases: readonly string[]; readonly extent: Extent },
): Happening[] {
  const count = extent.hasFewPushes
    ? Math.max(2, LEAST_PUSHES - releases.length + 1)
    : between(random, LEAST_PUSHES, scenario.mostPushes)
  let atMs = scenario.adopted === true ? SERVES_BEFORE_MS : 0
  const firstMs = atMs
  const first = releases.map((release, index) => push(firstMs + index, { release, version: 'v1-good' }))
  const later = Array.from({ length: count - 1 }, (_, index) => {
    atMs += between(random, scenario.pause.fromMs, scenario.pause.toMs)
    const like = oneOf(random, scenario.versions)
    const version = `v${index + 2}-${(index === count - 2 ? scenario.lastVersion : undefined) ?? like}`
    return push(atMs, { release: oneOf(random, releases), version })
  })
  return [...first, ...later]
}

const push = (atMs: number, what: { readonly release: string; readonly version: string }): Happening => ({
  atMs,
  kind: 'push',
  with: what,
})
