import type { Asked } from '../../../ports/asked.ts'
import type { Clock } from '../../../ports/clock.ts'
import { PortError } from '../../../ports/error.ts'
import type { FairQueue } from './fair-queue.ts'
import { createFairQueue } from './fair-queue.ts'
import type { BucketSize } from './operations.ts'

export interface Turn extends Asked {
  readonly maxWaitMs: number
  readonly signal?: AbortSignal
}

const queueLimit = 5_000
const recoveryMs = 60_000
const slowestShare = 1 / 32
/** Of the tokens that come in, until what is kept back is full. */
const keptShare = 0.1
const roundingSlack = 1e-9

/**
 * A client-side token bucket: keeps the controller below a limit that all its environments and AWS's own tools share. Who is in a hurry goes first, and finds
 * the tokens that are kept back from all others.
 */
export class TokenBucket {
  readonly #size: BucketSize
  readonly #clock: Clock
  readonly #waiting = createFairQueue<() => void>()
  readonly #hurried = createFairQueue<() => void>()
  #tokens: number
  #kept: number
  #rate: number
  #refilledAt: number
  #slowedAt = Number.NEGATIVE_INFINITY
  #cancelPump: () => void = () => {}

  /** Full at first. */
  constructor(size: BucketSize, clock: Clock) {
    this.#size = size
    this.#clock = clock
    this.#kept = size.kept ?? 0
    this.#tokens = size.burst - this.#kept
    this.#rate = size.perSecond
    this.#refilledAt = clock.monotonic()
  }

  /** Calls a second that the bucket lets through at this moment. */
  get ratePerSecond(): number {
    this.#refill()
    return this.#rate
  }

  /** Resolves when it is this caller's turn; owners take turns. Rejects with `Throttled` after `maxWaitMs`; aborting frees the place. */
  async take(owner: string, { maxWaitMs, signal, hurry }: Turn): Promise<void> {
    signal?.throwIfAborted()
    if (this.#depth >= queueLimit) throw tooBusy()
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    const grant = (): void => resolve(undefined)
    const leave = (): boolean => this.#waiting.remove(owner, grant) || this.#hurried.remove(owner, grant)
    const giveUp = (reason: unknown): void => {
      if (leave()) reject(reason)
    }
    const abort = (): void => giveUp(signal?.reason)
    const goFirst = (): void => {
      if (this.#waiting.remove(owner, grant)) this.#enter(this.#hurried, owner, grant)
    }
    const cancelDeadline = this.#clock.setTimer(maxWaitMs, () => giveUp(tooBusy()))
    signal?.addEventListener('abort', abort, { once: true })
    hurry?.addEventListener('abort', goFirst, { once: true })
    this.#enter(hurry?.aborted === true ? this.#hurried : this.#waiting, owner, grant)
    try {
      await promise
    } finally {
      cancelDeadline()
      signal?.removeEventListener('abort', abort)
      hurry?.removeEventListener('abort', goFirst)
      if (this.#depth === 0) this.#cancelPump()
    }
  }

  get #depth(): number {
    return this.#waiting.size + this.#hurried.size
  }

  #enter(queue: FairQueue<() => void>, owner: string, grant: () => void): void {
    queue.add(owner, grant)
    this.#pump()
  }

  /** AWS said that calls come too fast: halves the rate (once a second at most), which recovers within a minute. */
  slowDown(): void {
    this.#refill()
    this.#tokens = Math.min(this.#tokens, 0)
    this.#kept = 0
    if (this.#clock.monotonic() - this.#slowedAt < 1000) return
    this.#slowedAt = this.#clock.monotonic()
    this.#rate = Math.max(this.#rate / 2, this.#size.perSecond * slowestShare)
  }

  #refill(): void {
    const { burst, perSecond, kept = 0 } = this.#size
    const elapsedMs = this.#clock.monotonic() - this.#refilledAt
    this.#refilledAt += elapsedMs
    const fresh = (this.#rate * elapsedMs) / 1000
    const surplus = this.#tokens + fresh - (burst - kept)
    const toKeep = Math.min(kept - this.#kept, Math.max(fresh * keptShare, surplus))
    this.#kept += toKeep
    this.#tokens = Math.min(burst - kept, this.#tokens + fresh - toKeep)
    this.#rate = Math.min(perSecond, this.#rate + (perSecond * elapsedMs) / recoveryMs)
  }

  /** Lets through whom there are tokens for, and looks again when there is one more. */
  #pump(): void {
    this.#cancelPump()
    this.#refill()
    while (this.#hurried.size > 0 && this.#spend('Hurried')) this.#hurried.next()?.()
    while (this.#waiting.size > 0 && this.#hurried.size === 0 && this.#spend('Patient'))
      this.#waiting.next()?.()
    if (this.#depth === 0) return
    const share = this.#kept < (this.#size.kept ?? 0) ? 1 - keptShare : 1
    const untilNextMs = Math.ceil(((1 - this.#tokens) / (this.#rate * share)) * 1000)
    this.#cancelPump = this.#clock.setTimer(Math.max(1, untilNextMs), () => this.#pump())
  }

  /** Takes a token, one that is kept back only for who is in a hurry; false where there is none. */
  #spend(as: 'Hurried' | 'Patient'): boolean {
    const isThere = this.#tokens >= 1 - roundingSlack
    if (isThere) this.#tokens -= 1
    else if (as === 'Hurried' && this.#kept >= 1 - roundingSlack) this.#kept -= 1
    else return false
    return true
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
