import type { Clock } from '../../../ports/clock.ts'
import { PortError } from '../../../ports/error.ts'
import { createFairQueue } from './fair-queue.ts'
import type { BucketSize } from './operations.ts'

export interface Turn {
  readonly maxWaitMs: number
  readonly signal?: AbortSignal
}

const queueLimit = 5_000
const recoveryMs = 60_000
const slowestShare = 1 / 32
const roundingSlack = 1e-9

/** A client-side token bucket: keeps the controller below a limit that all its environments and AWS's own tools share. */
export class TokenBucket {
  readonly #size: BucketSize
  readonly #clock: Clock
  readonly #waiting = createFairQueue<() => void>()
  #tokens: number
  #rate: number
  #refilledAt: number
  #slowedAt = Number.NEGATIVE_INFINITY
  #cancelPump: () => void = () => {}

  /** Full at first. */
  constructor(size: BucketSize, clock: Clock) {
    this.#size = size
    this.#clock = clock
    this.#tokens = size.burst
    this.#rate = size.perSecond
    this.#refilledAt = clock.monotonic()
  }

  /** Calls a second that the bucket lets through at this moment. */
  get ratePerSecond(): number {
    this.#refill()
    return this.#rate
  }

  /** Resolves when it is this caller's turn; owners take turns. Rejects with `Throttled` after `maxWaitMs`; aborting frees the place. */
  async take(owner: string, { maxWaitMs, signal }: Turn): Promise<void> {
    signal?.throwIfAborted()
    if (this.#waiting.size >= queueLimit) throw tooBusy()
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    const grant = (): void => resolve(undefined)
    const giveUp = (reason: unknown): void => {
      if (this.#waiting.remove(owner, grant)) reject(reason)
    }
    const abort = (): void => giveUp(signal?.reason)
    const cancelDeadline = this.#clock.setTimer(maxWaitMs, () => giveUp(tooBusy()))
    signal?.addEventListener('abort', abort, { once: true })
    this.#waiting.add(owner, grant)
    this.#pump()
    try {
      await promise
    } finally {
      cancelDeadline()
      signal?.removeEventListener('abort', abort)
      if (this.#waiting.size === 0) this.#cancelPump()
    }
  }

  /** AWS said that calls come too fast: halves the rate (once a second at most), which recovers within a minute. */
  slowDown(): void {
    this.#refill()
    this.#tokens = Math.min(this.#tokens, 0)
    if (this.#clock.monotonic() - this.#slowedAt < 1000) return
    this.#slowedAt = this.#clock.monotonic()
    this.#rate = Math.max(this.#rate / 2, this.#size.perSecond * slowestShare)
  }

  #refill(): void {
    const { burst, perSecond } = this.#size
    const elapsedMs = this.#clock.monotonic() - this.#refilledAt
    this.#refilledAt += elapsedMs
    this.#tokens = Math.min(burst, this.#tokens + (this.#rate * elapsedMs) / 1000)
    this.#rate = Math.min(perSecond, this.#rate + (perSecond * elapsedMs) / recoveryMs)
  }

  /** Lets through whom there are tokens for, and looks again when there is one more. */
  #pump(): void {
    this.#cancelPump()
    this.#refill()
    while (this.#waiting.size > 0 && this.#tokens >= 1 - roundingSlack) {
      this.#tokens -= 1
      this.#waiting.next()?.()
    }
    if (this.#waiting.size === 0) return
    const untilNextMs = Math.ceil(((1 - this.#tokens) / this.#rate) * 1000)
    this.#cancelPump = this.#clock.setTimer(Math.max(1, untilNextMs), () => this.#pump())
  }
}

function tooBusy(): PortError {
  return new PortError("the call waited too long for its turn below AWS's request rate and was not made", {
    code: 'Throttled',
    handling: 'retry',
    remedy:
      'Nothing to mend: the controller slows down by itself; ask AWS for higher API limits if this lasts.',
  })
}
