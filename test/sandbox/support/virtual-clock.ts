import type { Clock } from '../../../controller/sandbox/kernel/clock.ts'

/** A clock that moves only when told, and runs what is due in order. */
export interface VirtualClock extends Clock {
  advance(ms: number): void
}

export function virtualClock(startMs = Date.UTC(2026, 0, 1)): VirtualClock {
  let now = startMs
  let next = 0
  const timers = new Map<number, { at: number; run: () => void }>()
  return {
    now: () => now,
    setTimer(delayMs, run) {
      const id = next
      next += 1
      timers.set(id, { at: now + Math.max(0, delayMs), run })
      return () => timers.delete(id)
    },
    advance(ms) {
      const until = now + ms
      for (;;) {
        const due = [...timers].filter(([, timer]) => timer.at <= until)
        const [first] = due.toSorted(
          ([leftId, left], [rightId, right]) => left.at - right.at || leftId - rightId,
        )
        if (first === undefined) break
        timers.delete(first[0])
        now = first[1].at
        first[1].run()
      }
      now = until
    },
  }
}
