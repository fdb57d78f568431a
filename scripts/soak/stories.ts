import type { Random } from '../../controller/ports/random.ts'

/** How the traffic moves: `spec.strategy` of the release, without its times. */
export type Strategy =
  | { readonly type: 'BlueGreen' }
  | { readonly type: 'Canary'; readonly steps: readonly number[] }
  | { readonly type: 'Linear'; readonly by: number }

/** What becomes of a version. Of the first four a gate or the load balancer thinks badly; of the next two a person. */
export type Ending =
  | 'FailsAtVerify'
  | 'FailsAtShift'
  | 'FailsAtBake'
  | 'NeverHealthy'
  | 'Aborted'
  | 'RolledBackNow'
  | 'RolledBackByPin'
  | 'Succeeds'

/** One swap of the soak: a new version, how it gets the traffic, and what becomes of it. */
export interface Story {
  readonly version: string
  readonly strategy: Strategy
  readonly ending: Ending
  /** Whether the production rule is sticky meanwhile. */
  readonly sticky: boolean
}

/** Twelve swaps hold each ending, a third of them failed; which of them are sticky changes from one dozen to the next. */
const DOZEN: readonly Ending[] = [
  'FailsAtVerify',
  'Succeeds',
  'FailsAtShift',
  'Aborted',
  'Succeeds',
  'FailsAtBake',
  'Aborted',
  'RolledBackNow',
  'RolledBackNow',
  'NeverHealthy',
  'RolledBackByPin',
  'Succeeds',
]

/** So many stories, always the same ones for the same random numbers. */
export function drawStories(random: Random, count: number): Story[] {
  const stories: Story[] = []
  for (let dozen = 0; stories.length < count; dozen++) {
    const drawn = DOZEN.map((ending, index) => ({ ending, sticky: (index + dozen) % 2 === 1 }))
    for (const { ending, sticky } of shuffled(random, drawn)) {
      const strategy = drawStrategy(random, ending)
      stories.push({ version: `s${stories.length + 1}`, strategy, ending, sticky })
    }
  }
  return stories.slice(0, count)
}

/** Whether a version of this ending has any traffic before it is refused. */
export const takesTraffic = (ending: Ending): boolean =>
  ending !== 'FailsAtVerify' && ending !== 'NeverHealthy'

function drawStrategy(random: Random, ending: Ending): Strategy {
  // Only steps ask gates of the shift.
  const kinds = ending === 'FailsAtShift' ? (['Canary', 'Linear'] as const) : STRATEGIES
  switch (pick(random, kinds)) {
    case 'BlueGreen':
      return { type: 'BlueGreen' }
    case 'Canary':
      return { type: 'Canary', steps: pick(random, CANARIES) }
    case 'Linear':
      return { type: 'Linear', by: pick(random, [34, 50]) }
  }
}

const STRATEGIES = ['BlueGreen', 'Canary', 'Linear'] as const
const CANARIES: readonly [readonly number[], ...(readonly number[])[]] = [[10], [25], [10, 50], [25, 75]]

function pick<T>(random: Random, from: readonly [T, ...T[]]): T {
  return from[Math.floor(random.next() * from.length)] ?? from[0]
}

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, order: random.next() }))
    .toSorted((one, other) => one.order - other.order)
    .map(({ item }) => item)
}
