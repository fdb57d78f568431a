/** Where every simulated day begins: 2026-01-01T00:00:00Z. */
export const START = Date.UTC(2026, 0, 1)

/** The one time of a simulated run: it stands still while programs compute, and jumps to the next timer when nothing else is left to do. */
export interface Time {
  /** Milliseconds since the epoch. */
  now(): number
  /** Milliseconds since the start. */
  elapsed(): number
  /** Runs `callback` once after `delayMs`, after those of the same time that were made before; the returned function cancels it. */
  after(delayMs: number, callback: () => void): () => void
  /** Whether a timer is left to run. */
  hasNext(): boolean
  /** Jumps to the next timer and runs it, and then all that it set going, to the end. */
  step(): void | Promise<void>
  /** Gives the process its real time back. */
  end(): void
}
