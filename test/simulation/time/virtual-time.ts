import { PlainTime } from './plain-time.ts'
import type { Time } from './time.ts'
import { virtualGlobals } from './virtual-globals.ts'

const realSetImmediate = globalThis.setImmediate

/** Node's timers know no longer delays, and take one for 1 ms. */
const LONGEST_MS = 2 ** 31 - 1

/**
 * The one time of a simulated run. It stands still while programs compute, and jumps to the next timer when nothing else is left to do. Timers, Date and
 * performance of the whole process follow it.
 */
export class VirtualTime implements Time {
  readonly #queue = new PlainTime()
  readonly #giveBack = virtualGlobals({
    now: () => this.now(),
    elapsed: () => this.elapsed(),
    after: (delayMs, callback) => this.after(delayMs, callback),
  })
  /** While a timer's callback runs. */
  #isRunning = false

  /** Milliseconds since the epoch. */
  now(): number {
    return this.#queue.now()
  }

  /** Milliseconds since the start. */
  elapsed(): number {
    return this.#queue.elapsed()
  }

  /** Runs `callback` once after `delayMs`; the returned function cancels it. What a callback lets begin at once begins a millisecond later. */
  after(delayMs: number, callback: () => void): () => void {
    const wholeMs = Number.isFinite(delayMs) ? Math.max(0, Math.ceil(delayMs)) : 0
    const leastMs = this.#isRunning ? 1 : 0
    return this.#queue.after(wholeMs > LONGEST_MS ? 1 : Math.max(leastMs, wholeMs), callback)
  }

  /** Whether a timer is left to run. */
  hasNext(): boolean {
    return this.#queue.hasNext()
  }

  /** Jumps to the next timer and runs it, and then all that it set going, to the end. */
  async step(): Promise<void> {
    this.#isRunning = true
    try {
      this.#queue.step()
    } finally {
      this.#isRunning = false
    }
    await settle()
  }

  /** Gives the process its real time back. */
  end(): void {
    this.#giveBack()
    this.#queue.end()
  }
}

/** Resolves when every promise that could go on has gone on: microtasks and ticks all run before it. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    realSetImmediate(resolve)
  })
}
