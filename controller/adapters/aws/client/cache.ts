import type { Clock } from '../../../ports/clock.ts'

/** A bounded cache that forgets the least recently used entry first, and each entry after its time. */
export interface Cache<Value> {
  get(key: string): Value | undefined
  set(key: string, value: Value): void
}

export function createCache<Value>(options: {
  readonly clock: Clock
  readonly maxEntries: number
  /** Left out: entries never grow old. */
  readonly maxAgeMs?: number
}): Cache<Value> {
  const { clock, maxEntries, maxAgeMs = Number.POSITIVE_INFINITY } = options
  const entries = new Map<string, { readonly value: Value; readonly storedAt: number }>()
  return {
    get(key) {
      const entry = entries.get(key)
      if (entry === undefined) return undefined
      entries.delete(key)
      if (clock.monotonic() - entry.storedAt >= maxAgeMs) return undefined
      entries.set(key, entry)
      return entry.value
    },
    set(key, value) {
      entries.delete(key)
      entries.set(key, { value, storedAt: clock.monotonic() })
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries) break
        entries.delete(oldest)
      }
    },
  }
}
