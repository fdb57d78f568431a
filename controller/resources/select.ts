import { isRecord, pointerSegments, pointerTo } from './problem.ts'

/** A value of a document, with the pointer to it. */
export interface Selected {
  readonly path: string
  readonly value: unknown
}

/** What of a document a pattern names: a pointer in which `*` stands for every item of a list. Null counts as left out. */
export const select = (document: unknown, pattern: string): Selected[] =>
  follow(document, pointerSegments(pattern), '')

function follow(value: unknown, segments: readonly string[], path: string): Selected[] {
  const [first, ...rest] = segments
  if (first === undefined) return [{ path, value }]
  if (first === '*') {
    if (!Array.isArray(value)) return []
    return value.flatMap((item, index) => follow(item, rest, pointerTo(path, index)))
  }
  if (!isRecord(value) || !Object.hasOwn(value, first) || value[first] === null) return []
  return follow(value[first], rest, pointerTo(path, first))
}
