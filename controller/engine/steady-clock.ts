import type { Clock } from '../ports/clock.ts'

/** Smaller steps of the wall clock are followed at once, in milliseconds: every decision bears clocks that differ by so much. */
const FOLLOWED_MS = 1_000

/**
 * The engine's time: it goes on with the monotonic clock where the wall clock leaps, so that what is counted from a time of a moment ago stays right. It
 * follows the leap when it is told to, which is when nothing is counted.
 */
export class SteadyClock implements Clock {
  readonly #clock: Clock
  /** From the monotonic clock to this one, in milliseconds. */
  #offsetMs: number

  constructor(clock: Clock) {
    this.#clock = clock
    this.#offsetMs = clock.now() - clock.monotonic()
  }

  /** Milliseconds since the epoch, as they pass. */
  now(): number {
    if (Math.abs(this.#aheadMs()) <= FOLLOWED_MS) this.follow()
    return Math.round(this.#offsetMs + this.#clock.monotonic())
  }

  /** Milliseconds since the epoch as the machine has them just now: for the windows and dates of people. */
  wall(): number {
    return this.#clock.now()
  }

  /** By how much the wall clock has leapt ahead of this one, or back, in milliseconds; 0 where it is followed. */
  leaptMs(): number {
    const aheadMs = this.#aheadMs()
    return Math.abs(aheadMs) <= FOLLOWED_MS ? 0 : aheadMs
  }

  /** Takes what the wall clock says. */
  follow(): void {
    this.#offsetMs = this.#clock.now() - this.#clock.monotonic()
  }

  monotonic(): number {
    return this.#clock.monotonic()
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return this.#clock.sleep(durationMs, signal)
  }

  setTimer(delayMs: number, callback: () => void): () => void {
    return this.#clock.setTimer(delayMs, callback)
  }

  #aheadMs(): number {
    return this.#clock.now() - this.#clock.monotonic() - this.#offsetMs
  }
}
