import type { Happening, Story } from '../../run/story.ts'
import { isFault } from '../played.ts'
import { ddmin } from './ddmin.ts'

/** How long a search may be. */
export interface Budget {
  readonly tries: number
  /** Real time. */
  readonly forMs: number
  /** Ends the search early. */
  readonly stop?: AbortSignal
}

export interface Shrunk {
  readonly story: Story
  readonly tries: number
}

/** Times are rounded to these, the coarsest first, in milliseconds. */
const ROUNDINGS_MS = [60_000, 10_000, 1_000] as const

/**
 * A shorter story that still breaks the same promise: first faults go, then pushes, then times are rounded. `isBroken` plays a story and says whether the
 * promise is broken in it.
 */
export async function shrink(
  story: Story,
  isBroken: (story: Story) => Promise<boolean>,
  { budget, onTry }: { readonly budget: Budget; readonly onTry: (tries: number, happenings: number) => void },
): Promise<Shrunk> {
  const startedMs = performance.now()
  let tries = 0
  const mayGoOn = (): boolean =>
    tries < budget.tries && performance.now() - startedMs < budget.forMs && budget.stop?.aborted !== true
  const fails = async (happenings: readonly Happening[]): Promise<boolean> => {
    tries += 1
    onTry(tries, happenings.length)
    return isBroken({ ...story, happenings })
  }
  let kept = story.happenings
  for (const isDroppable of [isFault, (kind: string) => !isFault(kind)]) {
    const fixed = kept.filter(({ kind }) => !isDroppable(kind))
    const dropped = kept.filter(({ kind }) => isDroppable(kind))
    const fewest = await ddmin(dropped, (some) => fails(inOrder([...fixed, ...some])), mayGoOn)
    kept = inOrder([...fixed, ...fewest])
  }
  for (const roundTo of ROUNDINGS_MS) {
    if (!mayGoOn()) break
    const coarse = kept.map((happening) => ({ ...happening, atMs: rounded(happening.atMs, roundTo) }))
    if (!(await fails(coarse))) continue
    kept = coarse
    break
  }
  return { story: { ...story, happenings: kept }, tries }
}

const rounded = (atMs: number, toMs: number): number => Math.round(atMs / toMs) * toMs

/** Pushes and faults of one moment keep their order among themselves. */
const inOrder = (happenings: readonly Happening[]): readonly Happening[] =>
  happenings.toSorted((left, right) => left.atMs - right.atMs)
