import type { Checker } from './checker.ts'
import type { CheckerParts } from './checkers.ts'

/** I4 for releases and I8: one rollout at a time, and what failed is not tried again by itself. */
export function checkRollouts({ report }: CheckerParts): Checker {
  const running = new Map<string, string>()
  return {
    told(event) {
      if (event.type === 'RolloutStarted') {
        const key = `${event.environment}/${event.release}`
        const other = running.get(key)
        if (other !== undefined && other !== event.rollout)
          report('I4', `${event.rollout} starts while ${other} runs`)
        running.set(key, event.rollout)
      }
      if (event.type === 'RolloutFinished') running.delete(`${event.environment}/${event.release}`)
    },
  }
}
