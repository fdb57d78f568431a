import type { Clock } from '../../../ports/clock.ts'
import type { Scan } from '../../../core/scan.ts'
import { createCache } from '../client/cache.ts'

/** For how long a result is believed: a scan may be repeated, and enhanced scanning finds what became known since. */
const RESULT_KEPT_MS = 600_000
/** Between two looks at a scan that is not done. */
const SHORTEST_MS = 5_000
const LONGEST_MS = 300_000
const MOST_KEPT = 5_000

/** What was answered about scans lately. */
export interface ScanMemory {
  get(key: string): Scan | undefined
  set(key: string, scan: Scan): void
}

interface Known {
  readonly scan: Scan
  /** When the first answer came that was no result. */
  readonly waitsSince: number
  readonly until: number
}

/** Keeps a result for ten minutes, and what is none for a quarter of the time since it was asked for first: from 5 s to 5 minutes. */
export function createScanMemory(clock: Clock): ScanMemory {
  const cache = createCache<Known>({ clock, maxEntries: MOST_KEPT })
  return {
    get(key) {
      const known = cache.get(key)
      return known !== undefined && clock.monotonic() < known.until ? known.scan : undefined
    },
    set(key, scan) {
      const now = clock.monotonic()
      const waitsSince = cache.get(key)?.waitsSince ?? now
      const keptMs =
        scan.kind === 'Done'
          ? RESULT_KEPT_MS
          : Math.min(Math.max((now - waitsSince) / 4, SHORTEST_MS), LONGEST_MS)
      cache.set(key, { scan, waitsSince: scan.kind === 'Done' ? now : waitsSince, until: now + keptMs })
    },
  }
}
