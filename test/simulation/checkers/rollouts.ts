import { isFinished } from '../../../controller/core/rollout/state.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import { storedRollouts } from './stored.ts'

/** I4 for releases: one rollout at a time, by what is told and by what is on the disk; and I5: each of them ends. */
export function checkRollouts({ simulation, report }: CheckerParts): Checker {
  const running = new Map<string, string>()
  return {
    rested() {
      for (const { name, status } of storedRollouts(simulation.machine))
        if (!isFinished(status))
          report('I5', `${name} has not ended: ${status.phase ?? 'Pending'}, ${status.message ?? ''}`)
    },
    told(event) {
      if (event.type === 'RolloutStarted') {
        const key = `${event.environment}/${event.release}`
        const other = running.get(key)
        // A crash may take the word of a rollout's end with it: then the disk says that it ended.
        const hasEnded = storedRollouts(simulation.machine, event.release).some(
          ({ name, status }) => name === other && isFinished(status),
        )
        if (other !== undefined && other !== event.rollout && !hasEnded)
          report('I4', `${event.rollout} starts while ${other} runs`)
        running.set(key, event.rollout)
      }
      if (event.type === 'RolloutFinished') running.delete(`${event.environment}/${event.release}`)
      if (event.type !== 'RolloutStarted' && event.type !== 'PhaseEntered') return
      const unfinished = storedRollouts(simulation.machine, event.release).filter(
        ({ status }) => !isFinished(status),
      )
      if (unfinished.length > 1)
        report('I4', `the store holds ${unfinished.map(({ name }) => name).join(' and ')}, both unfinished`)
    },
  }
}
