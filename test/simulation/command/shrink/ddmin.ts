/**
 * The fewest of the items, in their order, with which it still fails: no single one more can go, unless `mayGoOn` ended the search before.
 * Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input" (2002), by complements alone.
 */
export async function ddmin<Item>(
  items: readonly Item[],
  stillFails: (items: readonly Item[]) => Promise<boolean>,
  mayGoOn: () => boolean = () => true,
): Promise<readonly Item[]> {
  let kept = items
  let parts = Math.min(2, kept.length)
  while (kept.length > 0 && mayGoOn()) {
    const without = await firstThatFails(complements(kept, parts), stillFails, mayGoOn)
    if (without !== undefined) {
      kept = without
      parts = Math.max(1, Math.min(kept.length, parts - 1))
    } else if (parts >= kept.length) break
    else parts = Math.min(kept.length, parts * 2)
  }
  return kept
}

async function firstThatFails<Item>(
  candidates: Iterable<readonly Item[]>,
  stillFails: (items: readonly Item[]) => Promise<boolean>,
  mayGoOn: () => boolean,
): Promise<readonly Item[] | undefined> {
  for (const candidate of candidates) {
    if (!mayGoOn()) return undefined
    if (await stillFails(candidate)) return candidate
  }
  return undefined
}

/** The items without each of so many parts of about the same length. */
function* complements<Item>(items: readonly Item[], parts: number): Generator<readonly Item[]> {
  for (let part = 0; part < parts; part += 1) {
    const from = Math.floor((items.length * part) / parts)
    const to = Math.floor((items.length * (part + 1)) / parts)
    yield [...items.slice(0, from), ...items.slice(to)]
  }
}
