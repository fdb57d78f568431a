import type { Random } from '../../../controller/ports/random.ts'

/** At most so many of the choices, drawn by chance and in their own order. */
export function sample<T>(choices: readonly T[], most: number, random: Random): T[] {
  if (choices.length <= most) return [...choices]
  const indexes = choices.map((_, index) => ({ index, by: random.next() }))
  const drawn = indexes.toSorted((one, other) => one.by - other.by).slice(0, most)
  return drawn
    .toSorted((one, other) => one.index - other.index)
    .flatMap(({ index }) => choices.slice(index, index + 1))
}
