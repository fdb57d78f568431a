import type { Clock } from '../../../ports/clock.ts'
import { PortError } from '../../../ports/error.ts'
import type { BucketSize } from './operations.ts'

/** A client-side token bucket: keeps the controller below a limit that all its environments and AWS's own tools share. */
export interface TokenBucket {
  /** Resolves when it is this caller's turn; owners take turns. Rejects with `Throttled` after `maxWaitMs`. Aborting frees the place. */
  take(owner: string, options: { readonly maxWaitMs: number; readonly signal?: AbortSignal }): Promise<void>
  /** AWS said that calls come too fast: halves the rate (once a second at most), which recovers within a minute. */
  slowDown(): void
  /** Calls a second that the bucket lets through at this moment. */
  ratePerSecond(): number
}

interface Waiter {
  readonly grant: () => void
}

const queueLimit = 5_000
const recoveryMs = 60_000
const slowestShare = 1 / 32

/** A full bucket on the given clock. */
export function createTokenBucket(size: BucketSize, clock: Clock): TokenBucket {
  const fullRate = size.perSecond
  const queues = new Map<string, Set<Waiter>>()
  let waiting = 0
  let tokens = size.burst
  let rate = fullRate
  let refilledAt = clock.monotonic()
  let slowedAt = Number.NEGATIVE_INFINITY
  let cancelPump: (() => void) | undefined

  function refill(): void {
    const elapsedMs = clock.monotonic() - refilledAt
    refilledAt += elapsedMs
    tokens = Math.min(size.burst, tokens + (rate * elapsedMs) / 1000)
    rate = Math.min(fullRate, rate + (fullRate * elapsedMs) / recoveryMs)
  }

  function pump(): void {
    refill()
    while (waiting > 0 && tokens >= 1 - 1e-9) {
      tokens -= 1
      nextWaiter()?.grant()
    }
    cancelPump?.()
    cancelPump = undefined
    if (waiting > 0) cancelPump = clock.setTimer(Math.max(1, Math.ceil(((1 - tokens) / rate) * 1000)), pump)
  }

  function nextWaiter(): Waiter | undefined {
    for (const [owner, queue] of queues) {
      const [waiter] = queue
      queues.delete(owner)
      if (waiter === undefined) continue
      leave(waiter, queue)
      if (queue.size > 0) queues.set(owner, queue)
      return waiter
    }
    return undefined
  }

  function leave(waiter: Waiter, queue: Set<Waiter>): void {
    if (queue.delete(waiter)) waiting -= 1
  }

  function join(owner: string, waiter: Waiter): Set<Waiter> {
    const queue = queues.get(owner) ?? new Set<Waiter>()
    queues.set(owner, queue.add(waiter))
    waiting += 1
    return queue
  }

  function take(
    owner: string,
    { maxWaitMs, signal }: { maxWaitMs: number; signal?: AbortSignal },
  ): Promise<void> {
    if (signal?.aborted === true) return Promise.reject(signal.reason)
    if (waiting >= queueLimit) return Promise.reject(tooBusy())
    return new Promise((resolve, reject) => {
      const settle = (outcome: () => void): void => {
        cancelDeadline()
        signal?.removeEventListener('abort', abort)
        outcome()
      }
      const waiter: Waiter = { grant: () => settle(resolve) }
      const giveUp = (reason: unknown): void => {
        leave(waiter, queue)
        settle(() => reject(reason))
      }
      const abort = (): void => giveUp(signal?.reason)
      const cancelDeadline = clock.setTimer(maxWaitMs, () => giveUp(tooBusy()))
      signal?.addEventListener('abort', abort, { once: true })
      const queue = join(owner, waiter)
      pump()
    })
  }

  function slowDown(): void {
    refill()
    tokens = Math.min(tokens, 0)
    if (clock.monotonic() - slowedAt < 1000) return
    slowedAt = clock.monotonic()
    rate = Math.max(rate / 2, fullRate * slowestShare)
  }

  function ratePerSecond(): number {
    refill()
    return rate
  }

  return { take, slowDown, ratePerSecond }
}

function tooBusy(): PortError {
  return new PortError("the call waited too long for its turn below AWS's request rate and was not made", {
    code: 'Throttled',
    handling: 'retry',
    remedy:
      'Nothing to mend: the controller slows down by itself; ask AWS for higher API limits if this lasts.',
  })
}
