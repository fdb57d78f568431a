import type { FuzzTarget } from '../../test/fuzz/target.ts'

/** A corpus is read by people, and by every run of the tests. */
const MAX_INPUTS = 24
const MAX_BYTES = 1_024

/** The few short inputs that together reach most of what the target's seeds alone do not, the most telling first. */
export function leadingInputs(
  inputs: readonly { readonly input: Uint8Array; readonly points: ReadonlySet<string> }[],
  target: FuzzTarget,
): Uint8Array[] {
  const isSeed = (input: Uint8Array): boolean =>
    target.seeds.some((seed) => Buffer.compare(seed, input) === 0)
  const reached = new Set(inputs.filter(({ input }) => isSeed(input)).flatMap(({ points }) => [...points]))
  let left = inputs.filter(({ input }) => !isSeed(input) && input.length <= MAX_BYTES)
  const chosen: Uint8Array[] = []
  while (chosen.length < MAX_INPUTS && left.length > 0) {
    const ranked = left
      .map((one) => ({ ...one, fresh: [...one.points].filter((point) => !reached.has(point)).length }))
      .filter(({ fresh }) => fresh > 0)
      .toSorted((one, other) => other.fresh - one.fresh || one.input.length - other.input.length)
    const [best, ...others] = ranked
    if (best === undefined) break
    chosen.push(best.input)
    for (const point of best.points) reached.add(point)
    left = others
  }
  return chosen
}
