import { isConditionTrue } from '../../../controller/resources/conditions.ts'
import { seeRelease, sideNames } from '../aws/view.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import type { StoredRollout } from './stored.ts'
import { storedReleases, storedRollouts } from './stored.ts'

/** I6: what is gone back behind, and not undone by it, is said: by the rollout that turns back, and for as long as the older version serves. */
export function checkUnsafe({ simulation, report }: CheckerParts): Checker {
  const { aws, machine, pairs, story } = simulation
  if (story.gates !== 'task') return {}
  return {
    told(event) {
      if (event.type !== 'RolloutFinished' || event.outcome === 'Succeeded') return
      const ended = storedRollouts(machine, event.release).find(({ name }) => name === event.rollout)
      if (ended === undefined || ended.spec.from.taskDefinition === undefined || !hasMigrated(ended)) return
      if (!event.message.includes('not undone by that: '))
        report('I6', `${event.rollout} went back behind its migration and does not say so: ${event.message}`)
    },
    rested() {
      for (const pair of pairs) {
        const rollouts = storedRollouts(machine, pair.release)
        const { weights, sides } = seeRelease(aws, pair)
        const live = sideNames.find((side) => (weights?.[side] ?? 0) > 0)
        const serving = live === undefined ? undefined : sides[live].taskDefinition
        const firstOf = (taskDefinition: string | undefined): number =>
          Math.min(
            ...rollouts
              .filter(({ spec }) => spec.taskDefinition === taskDefinition)
              .map(({ spec }) => spec.number),
          )
        const newest = Math.max(
          ...rollouts.filter(hasMigrated).map(({ spec }) => firstOf(spec.taskDefinition)),
        )
        const isBehind = newest > firstOf(serving) && Number.isFinite(firstOf(serving))
        const { conditions = [] } = storedReleases(machine).get(pair.release) ?? {}
        if (isConditionTrue(conditions, 'UnsafeVersion') === isBehind) continue
        const what = isBehind ? 'serves behind a migration and does not say so' : 'says so without a reason'
        report('I6', `${pair.release} rests and ${what}: ${serving ?? 'nothing'}`)
      }
    },
  }
}

const hasMigrated = ({ spec, status }: StoredRollout): boolean =>
  (spec.gates ?? []).some(
    ({ name, task }) =>
      task?.irreversible === true &&
      status.gates?.find((gate) => gate.name === name)?.task?.requestedAt !== undefined,
  )
