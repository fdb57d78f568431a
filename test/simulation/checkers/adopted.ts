import { ADOPTED_VERSION } from '../aws/adopted.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import { storedRollouts } from './stored.ts'

/** I5 for services that were adopted: what runs already is not rolled out once more, and stays what it is while it is wanted. */
export function checkAdopted({ simulation, checkers, report }: CheckerParts): Checker {
  const { story, branch, machine, pairs } = simulation
  const hasRun = new Set<string>()
  return {
    told(event) {
      if (story.adopted !== true || event.type !== 'RolloutStarted' || hasRun.has(event.release)) return
      hasRun.add(event.release)
      const wanted = branch.saidBy(event.commit).releases.get(event.release)?.version
      if (wanted === ADOPTED_VERSION && !checkers.excuses.wasStruck(event.release))
        report('I5', `${event.rollout} rolls ${wanted} out, with which ${event.release} was adopted`)
    },
    rested() {
      if (story.adopted !== true) return
      for (const { release } of pairs) {
        const [first] = storedRollouts(machine, release)
        if (first?.spec.from.side === 'none' && !checkers.excuses.wasStruck(release))
          report('I5', `the first rollout of ${release} knows of no version to go back to`)
      }
    },
  }
}
