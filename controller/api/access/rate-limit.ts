import type { Clock } from '../../ports/clock.ts'
import { RequestError } from '../request-error.ts'

export interface RateLimit {
  /** Calls that may come at once. */
  readonly burst: number
  readonly perSecond: number
}

/** Addresses that are remembered; beyond it the one that was seen longest ago starts anew. */
const REMEMBERED = 10_000

/** A bucket of calls for each caller; taking from an empty one throws 429. */
export function createRateLimiter(
  { burst, perSecond }: RateLimit,
  clock: Pick<Clock, 'monotonic'>,
): (caller: string) => void {
  const buckets = new Map<string, { left: number; at: number }>()
  return (caller) => {
    const now = clock.monotonic()
    const { left, at } = buckets.get(caller) ?? { left: burst, at: now }
    const filled = Math.min(burst, left + ((now - at) / 1_000) * perSecond)
    buckets.delete(caller)
    buckets.set(caller, { left: Math.max(0, filled - 1), at: now })
    if (buckets.size > REMEMBERED) buckets.delete(buckets.keys().next().value ?? caller)
    if (filled >= 1) return
    throw new RequestError(429, {
      code: 'TooManyRequests',
      message: `more than ${perSecond} requests a second`,
      remedy: 'Ask less often; GET /api/v1/watch tells changes without asking.',
    })
  }
}
