import { healthyTargets, seeRelease, sideNames } from '../aws/view.ts'
import { isUnfit } from '../scenarios/version.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './checkers.ts'

/** I5: once faults stop, everything comes to rest at the wanted version, or at the last good one where that failed. */
export function checkRest({ simulation, checkers, report }: CheckerParts): Checker {
  const { aws, pairs, story } = simulation
  const pushed = new Map<string, string[]>()
  return {
    pushed: ({ release, version }) => void pushed.set(release, [...(pushed.get(release) ?? []), version]),
    rested() {
      for (const pair of pairs) {
        const versions = pushed.get(pair.release) ?? []
        const seen = seeRelease(aws, pair)
        const live = sideNames.filter((side) => (seen.weights?.[side] ?? 0) > 0)
        const [side] = live
        if (side === undefined || live.length !== 1) {
          report('I5', `${pair.release} rests with its traffic at ${live.join(' and ') || 'nobody'}`)
          continue
        }
        const healthy = healthyTargets(seen.sides[side])
        const serving = [...new Set(healthy.map(({ version }) => version ?? 'nothing'))]
        const wanted = versions.at(-1) ?? ''
        const mayServe =
          isUnfit(wanted) || checkers.wasDisturbed
            ? versions.filter((version) => !isUnfit(version))
            : [wanted]
        if (serving.length !== 1 || !mayServe.includes(serving[0] ?? ''))
          report(
            'I5',
            `${pair.release} rests serving ${serving.join(' and ') || 'nothing'}, wanted is ${wanted}`,
          )
        if (healthy.length !== story.desiredCount)
          report(
            'I5',
            `${pair.release} rests with ${healthy.length} healthy targets of ${story.desiredCount}`,
          )
        const idle = side === 'blue' ? 'green' : 'blue'
        if (seen.sides[idle].targets.length > 0)
          report(
            'I5',
            `the idle side of ${pair.release} rests with ${seen.sides[idle].targets.length} targets`,
          )
      }
    },
  }
}
