import type { Clock } from '../../controller/ports/clock.ts'

interface Timer {
  /** Order of making: two timers due at the same time run in it. */
  number: number
  dueAt: number
  callback: () => void
}

/** Enough for any test; a timer that sets itself again without end is a bug that must end in a message. */
const MAXIMUM_TIMERS_RUN = 100_000

/** A clock that stands still until the test turns it: timers run in order of their time, then of their making. */
export class FakeClock implements Clock {
  #wallOffset: number
  #elapsed = 0
  #made = 0
  readonly #timers = new Map<number, Timer>()

  /** Starts at the given wall time, in milliseconds since the epoch. */
  constructor(startAt = Date.UTC(2026, 0, 1)) {
    this.#wallOffset = startAt
  }

  now(): number {
    return this.#wallOffset + this.#elapsed
  }

  monotonic(): number {
    return this.#elapsed
  }

  /** Timers and sleeps that have not run yet. */
  get pending(): number {
    return this.#timers.size
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    this.#made += 1
    const number = this.#made
    this.#timers.set(number, { number, dueAt: this.#elapsed + Math.max(0, delayMs), callback })
    return () => {
      this.#timers.delete(number)
    }
  }

  async sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    const cancel = this.setTimer(durationMs, () => {
      signal?.removeEventListener('abort', abort)
      resolve(undefined)
    })
    function abort(): void {
      cancel()
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', abort, { once: true })
    await promise
  }

  /**
   * Turns the hands forward. Every timer that comes due runs at its own time, and what it set going is let run on (one
   * turn of the event loop) before the next: a timer set by a timer is met too.
   */
  async advance(durationMs: number): Promise<void> {
    const end = this.#elapsed + durationMs
    await settle()
    for (let run = 0; run < MAXIMUM_TIMERS_RUN; run += 1) {
      const next = this.#nextTimer(end)
      if (next === undefined) {
        this.#elapsed = end
        return
      }
      this.#elapsed = Math.max(this.#elapsed, next.dueAt)
      this.#timers.delete(next.number)
      next.callback()
      await settle()
    }
    throw new Error(`more than ${MAXIMUM_TIMERS_RUN} timers ran within ${durationMs} ms`)
  }

  /** Moves wall time alone, as an operator or NTP does; `monotonic` and timers do not notice. */
  jumpWall(byMs: number): void {
    this.#wallOffset += byMs
  }

  #nextTimer(end: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers.values()) {
      if (timer.dueAt > end) continue
      if (next === undefined || timer.dueAt < next.dueAt) next = timer
    }
    return next
  }
}

/** One turn of the event loop: every promise that could go on has gone on. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
