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
  /** Forgets every change: whoever has not seen this version yet gets EXPIRED. */
  expire(version: number): void
  /** Ends every watch. */
  close(): void
}

/** `start` is the version before the first change that this log can see; the last `limit` changes are kept. */
export function createWatchLog(options: { readonly start: number; readonly limit: number }): WatchLog {
  return new BoundedLog(options)
}

class BoundedLog implements WatchLog {
  readonly #limit: number
  readonly #changes: Change[] = []
  readonly #wakers = new Set<() => void>()
  #oldestReachable: number
  #newest: number
  #closed = false

  constructor({ start, limit }: { readonly start: number; readonly limit: number }) {
    this.#limit = limit
    this.#oldestReachable = start
    this.#newest = start
  }

  add(change: Change): void {
    this.#changes.push(change)
    this.#newest = change.version
    if (this.#changes.length > this.#limit) {
      this.#oldestReachable = this.#changes.shift()?.version ?? this.#oldestReachable
    }
    this.#wakeAll()
  }

  expire(version: number): void {
    this.#changes.length = 0
    this.#oldestReachable = version
    this.#newest = version
    this.#wakeAll()
  }

  close(): void {
    this.#closed = true
    this.#wakeAll()
  }

  /** Every follower reads the shared log at its own speed, so a slow one costs no memory: it expires. */
  async *watch({ kinds, after, signal }: Parameters<WatchLog['watch']>[0]): AsyncGenerator<WatchEvent> {
    let seen = after
    while (!this.#closed && !signal.aborted) {
      if (!(seen >= this.#oldestReachable && seen <= this.#newest)) {
        yield { type: 'EXPIRED' }
        return
      }
      const change = this.#changes[this.#firstAfter(seen)]
      if (change === undefined) {
        await this.#nextChange(signal)
        continue
      }
      seen = change.version
      if (kinds === undefined || kinds.includes(change.object.kind)) {
        yield { type: change.type, object: change.object }
      }
    }
  }

  /** Binary search: versions only grow. */
  #firstAfter(version: number): number {
    let low = 0
    let high = this.#changes.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#changes[middle]?.version ?? 0) > version) high = middle
      else low = middle + 1
    }
    return low
  }

  #nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#wakers.delete(wake)
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#wakers.add(wake)
      signal.addEventListener('abort', wake, { once: true })
    })
  }

  #wakeAll(): void {
    for (const wake of this.#wakers) wake()
  }
}
