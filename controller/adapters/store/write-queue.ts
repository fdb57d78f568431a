import { unavailable } from './errors.ts'

/** Runs actions one after another in the order they came; an action that fails does not stop the next. */
export interface WriteQueue {
  /** Refuses with `StoreUnavailable` when too many wait already, or after `close`. */
  run<Result>(action: () => Promise<Result>): Promise<Result>
  /** Resolves when everything that was accepted has ended. */
  close(): Promise<void>
}

/** `limit` bounds how many actions may wait. */
export function createWriteQueue(limit: number): WriteQueue {
  let tail: Promise<unknown> = Promise.resolve()
  let waiting = 0
  let closed = false

  return {
    run(action) {
      if (closed) return Promise.reject(unavailable('the store is closed'))
      if (waiting >= limit) return Promise.reject(unavailable(`${limit} writes wait for the disk already`))
      waiting += 1
      const result = tail.then(action)
      tail = result.then(ended, ended)
      return result
    },
    async close() {
      closed = true
      await tail
    },
  }

  function ended(): void {
    waiting -= 1
  }
}
