/** Time as the sandbox sees it: epoch milliseconds and one-shot timers, so that a simulation can drive it without waiting. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Runs `run` once after `delayMs`; the returned function cancels it (harmless when it has run). */
  setTimer(delayMs: number, run: () => void): () => void
}

/** The machine's own clock; its timers don't keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(delayMs, run) {
    const timer = setTimeout(run, Math.max(0, delayMs))
    timer.unref()
    return () => clearTimeout(timer)
  },
}

/**
 * A clock whose timers run `speed` times faster while `now()` stays true. The world hands this one to every model, so a
 * model gives AWS's own delays to `setTimer` and never divides by the speed itself.
 */
export function scaledClock(clock: Clock, settings: { readonly speed: number }): Clock {
  return {
    now: () => clock.now(),
    setTimer: (delayMs, run) => clock.setTimer(delayMs / settings.speed, run),
  }
}
