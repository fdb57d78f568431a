import type { Kind, StoredObject, WatchEvent } from '../../ports/store.ts'

export interface Change {
  readonly version: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly object: StoredObject
}

/** The last changes in order, and those who follow them. */
export interface WatchLog {
  add(change: Change): void
  watch(options: {
    readonly kinds: readonly Kind[] | undefined
    /** Changes after this version; one that the log can't reach back to gets EXPIRED at once. */
    readonly after: number
    readonly signal: AbortSignal
  }): AsyncIterable<WatchEvent>
  /** Ends every watch. */
  close(): void
}

/** `start` is the version before the first change that this log can see; the last `limit` changes are kept. */
export function createWatchLog({
  start,
  limit,
}: {
  readonly start: number
  readonly limit: number
}): WatchLog {
  const changes: Change[] = []
  const wakers = new Set<() => void>()
  let oldestReachable = start
  let newest = start
  let closed = false

  return {
    add(change) {
      changes.push(change)
      newest = change.version
      if (changes.length > limit) oldestReachable = changes.shift()?.version ?? oldestReachable
      wakeAll()
    },
    watch: ({ kinds, after, signal }) => follow(kinds, after, signal),
    close() {
      closed = true
      wakeAll()
    },
  }

  /** Every follower reads the shared log at its own speed, so a slow one costs no memory: it expires. */
  async function* follow(
    kinds: readonly Kind[] | undefined,
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<WatchEvent, void, undefined> {
    let seen = after
    while (!closed && !signal.aborted) {
      if (!(seen >= oldestReachable && seen <= newest)) {
        yield { type: 'EXPIRED' }
        return
      }
      const change = changes[firstAfter(seen)]
      if (change === undefined) {
        await nextChange(signal)
        continue
      }
      seen = change.version
      if (kinds === undefined || kinds.includes(change.object.kind)) {
        yield { type: change.type, object: change.object }
      }
    }
  }

  /** Binary search: versions only grow. */
  function firstAfter(version: number): number {
    let low = 0
    let high = changes.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((changes[middle]?.version ?? 0) > version) high = middle
      else low = middle + 1
    }
    return low
  }

  function nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        wakers.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      wakers.add(wake)
      signal.addEventListener('abort', wake, { once: true })
    })
  }

  function wakeAll(): void {
    for (const wake of [...wakers]) wake()
  }
}
