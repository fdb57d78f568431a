import { createHash } from 'node:crypto'

/** JSON with sorted keys and without undefined members (RFC 8785 but for its number rules): equal data, equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? 'null'
}

/** `sha256:` and 64 hexadecimal digits over the canonical JSON of the value. */
export function sha256(value: unknown): string {
  return `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const)
  entries.sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries)
}
