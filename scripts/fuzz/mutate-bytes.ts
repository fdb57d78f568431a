import type { Random } from '../../controller/ports/random.ts'

/** An input is never longer than this. */
export const MAX_INPUT_BYTES = 32_768

/** A changed copy of an input: bytes cut, put in, exchanged or repeated, words put in, parts of another input joined to it. */
export function mutateBytes(
  input: Uint8Array,
  {
    random,
    words,
    other,
  }: { readonly random: Random; readonly words: readonly string[]; readonly other: Uint8Array },
): Uint8Array {
  const below = (limit: number): number => Math.floor(random.next() * limit)
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => below(256))
  const changes: readonly ((from: Uint8Array) => Uint8Array)[] = [
    (from) => splice(from, { at: below(from.length), remove: 1, put: bytes(1) }),
    (from) =>
      splice(from, {
        at: below(from.length),
        remove: 1,
        put: Uint8Array.of((from[below(from.length)] ?? 0) ^ (1 << below(8))),
      }),
    (from) => splice(from, { at: below(from.length + 1), remove: 0, put: bytes(1 + below(8)) }),
    (from) => splice(from, { at: below(from.length), remove: 1 + below(32), put: bytes(0) }),
    (from) =>
      splice(from, {
        at: below(from.length + 1),
        remove: 0,
        put: Buffer.from(words[below(words.length)] ?? ''),
      }),
    (from) =>
      splice(from, {
        at: below(from.length),
        remove: below(8),
        put: Buffer.from(words[below(words.length)] ?? ''),
      }),
    (from) => {
      const start = below(from.length)
      return splice(from, {
        at: below(from.length + 1),
        remove: 0,
        put: from.slice(start, start + 1 + below(64)),
      })
    },
    (from) => {
      const start = below(other.length)
      return splice(from, {
        at: below(from.length + 1),
        remove: below(16),
        put: other.slice(start, start + 1 + below(256)),
      })
    },
    (from) =>
      splice(from, { at: below(from.length), remove: from.length, put: other.slice(below(other.length)) }),
    (from) => from.slice(0, below(from.length + 1)),
  ]
  let changed = input
  for (let left = 1 + below(4); left > 0; left -= 1)
    changed = changes[below(changes.length)]?.(changed) ?? changed
  return changed.slice(0, MAX_INPUT_BYTES)
}

function splice(
  from: Uint8Array,
  { at, remove, put }: { readonly at: number; readonly remove: number; readonly put: Uint8Array },
): Uint8Array {
  return Uint8Array.from(Buffer.concat([from.subarray(0, at), put, from.subarray(at + remove)]))
}
