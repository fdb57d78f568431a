import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'

/** Of the five minutes that a rollout has: with so much of them lost, in milliseconds, what must be read anew afterwards may take the rest. */
const MUCH_MS = 60_000

/** Where controllers share a table or a cluster: a version may fail by its deadline although it is good, when that or a controller was away for much of that time. */
export function excuseLostTime({ simulation, checkers }: CheckerParts): Checker {
  const { time, seats, machine } = simulation
  if (machine.table === undefined && machine.cluster === undefined) return {}
  const lostBefore = new Map<string, number>()
  let lostMs = 0
  let seenMs = 0
  let isLost = false
  return {
    stepped() {
      if (isLost) lostMs += time.elapsed() - seenMs
      seenMs = time.elapsed()
      isLost =
        !simulation.isStoreThere ||
        seats.some(({ process }) => process?.isRunning !== true || process.isCutOff)
    },
    told(event) {
      if (event.type === 'RolloutStarted') lostBefore.set(event.rollout, lostMs)
      if (event.type !== 'RolloutFinished' || event.reason !== 'DeadlineExceeded') return
      if (lostMs - (lostBefore.get(event.rollout) ?? 0) >= MUCH_MS)
        checkers.disturbed({ release: event.release })
    },
  }
}
