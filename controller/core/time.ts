/** RFC 3339 in UTC, as status fields have it, from milliseconds since the epoch. */
export function timestamp(milliseconds: number): string {
  const known = formatted.get(milliseconds)
  if (known !== undefined) return known
  const text = new Date(milliseconds).toISOString()
  if (formatted.size >= MOST_KNOWN) formatted.clear()
  formatted.set(milliseconds, text)
  return text
}

/** Milliseconds since the epoch from RFC 3339. */
export function fromTimestamp(text: string): number {
  const known = parsed.get(text)
  if (known !== undefined) return known
  const milliseconds = Date.parse(text)
  if (parsed.size >= MOST_KNOWN) parsed.clear()
  parsed.set(text, milliseconds)
  return milliseconds
}

/** Since when reads may be older than a write, and for how long. */
export interface Settling {
  readonly now: number
  /** How long a read may show the world before a write. */
  readonly stalenessBoundMs: number
  /**
   * When this controller took the release over, in milliseconds since the epoch. What was written before bears the time of another clock, or of this one before
   * somebody set it: it counts from then on.
   */
  readonly ledSince?: number | undefined
}

/** Whether a read may still show the world before what was written then. */
export const mayNotShow = (at: string, { now, stalenessBoundMs, ledSince = -Infinity }: Settling): boolean =>
  now - Math.max(fromTimestamp(at), ledSince) < stalenessBoundMs

/** Each step of a rollout writes and reads the same few times again, so that what a text means is kept. */
const formatted = new Map<number, string>()
const parsed = new Map<string, number>()
const MOST_KNOWN = 1_000

/** How long an AWS read may show the world before a write: the bound that all decisions on possibly stale reads use. */
export const STALENESS_BOUND_MS = 60_000
