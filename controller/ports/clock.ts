/** The only source of time for the engine and the adapters, so that a simulation can turn the hands itself. */
export interface Clock {
  /** Wall time in milliseconds since the epoch. It may jump; compare with {@link Clock.monotonic} where that matters. */
  now(): number
  /** Milliseconds from an arbitrary start; never goes back. */
  monotonic(): number
  /** Resolves after `durationMs`; rejects with the signal's reason when it is aborted first. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>
  /** Runs `callback` once after `delayMs`; the returned function cancels it. */
  setTimer(delayMs: number, callback: () => void): () => void
}
