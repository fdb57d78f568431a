import FakeTimers from '@sinonjs/fake-timers'
import type { Time } from './time.ts'
import { START } from './time.ts'

const realSetImmediate = globalThis.setImmediate

/**
 * The one time of a simulated run. It stands still while programs compute, and jumps to the next timer when nothing else is left to do. Timers, Date and
 * performance of the whole process follow it, so that no library can smuggle in the real time.
 */
export class VirtualTime implements Time {
  readonly #timers = FakeTimers.install({
    now: START,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  })

  /** Milliseconds since the epoch. */
  now(): number {
    return this.#timers.now
  }

  /** Milliseconds since the start. */
  elapsed(): number {
    return this.#timers.now - START
  }

  /** Runs `callback` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, callback: () => void): () => void {
    const timer = this.#timers.setTimeout(callback, Math.max(0, Math.ceil(delayMs)))
    return () => this.#timers.clearTimeout(timer)
  }

  /** Whether a timer is left to run. */
  hasNext(): boolean {
    return this.#timers.countTimers() > 0
  }

  /** Jumps to the next timer and runs it, and then all that it set going, to the end. */
  async step(): Promise<void> {
    this.#timers.next()
    await settle()
  }

  /** Gives the process its real time back. */
  end(): void {
    this.#timers.uninstall()
  }
}

/** Resolves when every promise that could go on has gone on: microtasks and ticks all run before it. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    realSetImmediate(resolve)
  })
}
