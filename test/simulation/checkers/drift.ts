import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'

/** No false drift: it is found and corrected only where somebody, or bad luck, changed something. */
export function checkDrift({ checkers, report }: CheckerParts): Checker {
  return {
    told(event) {
      const isDrift = event.type === 'DriftFound' || event.type === 'DriftCorrected'
      const isDriftRollout = event.type === 'RolloutStarted' && event.why === 'Drift'
      if (!isDrift && !isDriftRollout) return
      if (checkers.excuses.wasStruck(event.release) || checkers.excuses.mayBeMistimed()) return
      const what =
        event.type === 'DriftFound' ? `${event.path}: ${event.live} instead of ${event.wanted}` : event.type
      report('drift', `${event.release} has drifted although nobody touched it: ${what}`)
    },
  }
}
