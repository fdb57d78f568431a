/** RFC 3339 in UTC, as status fields have it, from milliseconds since the epoch. */
export const timestamp = (milliseconds: number): string => new Date(milliseconds).toISOString()

/** Milliseconds since the epoch from RFC 3339. */
export function fromTimestamp(text: string): number {
  const known = parsed.get(text)
  if (known !== undefined) return known
  const milliseconds = Date.parse(text)
  if (parsed.size >= MOST_PARSED) parsed.clear()
  parsed.set(text, milliseconds)
  return milliseconds
}

/** Each step of a rollout reads the same few times again, so that what a text means is kept. */
const parsed = new Map<string, number>()
const MOST_PARSED = 1_000

/** How long an AWS read may show the world before a write: the bound that all decisions on possibly stale reads use. */
export const STALENESS_BOUND_MS = 60_000
