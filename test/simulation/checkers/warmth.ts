import { isFinished } from '../../../controller/core/rollout/state.ts'
import { serviceName } from '../aws/shape.ts'
import { seeRelease, sideNames } from '../aws/view.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import { storedRollouts } from './stored.ts'

/** I5: after a success the old side is there to go back to for as long as keepPrevious says, unless a new rollout needs it. */
export function checkWarmth({ simulation, report }: CheckerParts): Checker {
  const { aws, pairs, machine, story, time } = simulation
  // By a clock that is off, the time is over sooner or later.
  if (story.happenings.some(({ kind }) => kind.startsWith('clock'))) return {}
  return {
    beforeCall({ who, operation, input }) {
      if (who === 'people' || operation !== 'UpdateService' || input['desiredCount'] !== 0) return
      for (const pair of pairs) {
        const side = sideNames.find((one) => serviceName(pair, one) === input['service'])
        if (side === undefined || (seeRelease(aws, pair).weights?.[side] ?? 0) > 0) continue
        const last = storedRollouts(machine, pair.release).at(-1)
        const { phase, keepPreviousUntil } = last?.status ?? {}
        if (phase !== 'Succeeded' || last?.spec.from.side !== side || !isFinished(last.status)) continue
        const leftMs = Date.parse(keepPreviousUntil ?? '') - time.now()
        if (leftMs > 0)
          report('I5', `the ${side} side of ${pair.release} is stopped ${leftMs} ms before it may get cold`)
      }
    },
  }
}
