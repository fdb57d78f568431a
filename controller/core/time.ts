/** RFC 3339 in UTC, as status fields have it, from milliseconds since the epoch. */
export const timestamp = (milliseconds: number): string => new Date(milliseconds).toISOString()

/** Milliseconds since the epoch from RFC 3339. */
export const fromTimestamp = (text: string): number => Date.parse(text)

/** How long an AWS read may show the world before a write: the bound that all decisions on possibly stale reads use. */
export const STALENESS_BOUND_MS = 60_000
