import { healthyTargets, seeRelease, sideNames } from '../aws/view.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import { isAdopted } from './verified.ts'

/** I6: no version gets traffic from Steersman that has not answered its gate well at least once. */
export function checkGates({ simulation, checkers, report }: CheckerParts): Checker {
  const { aws, branch, pairs, story } = simulation
  let before: ReadonlyMap<string, number> = new Map()
  /** By release, side and version: what had the traffic when a controller was about to move it. */
  const served = new Set<string>()
  const weights = (): Map<string, number> =>
    new Map(
      pairs.flatMap((pair) =>
        sideNames.map(
          (side) => [`${pair.release}/${side}`, seeRelease(aws, pair).weights?.[side] ?? 0] as const,
        ),
      ),
    )
  const isGated = (release: string, version: string): boolean =>
    !branch.heads.some((head) => {
      const said = branch.saidBy(head).releases.get(release)
      return said?.version === version && said.isUngated === true
    })
  const noteServed = (): void => {
    for (const pair of pairs) {
      const { sides } = seeRelease(aws, pair)
      for (const side of sideNames) {
        if ((before.get(`${pair.release}/${side}`) ?? 0) <= 0) continue
        for (const { version } of healthyTargets(sides[side]))
          served.add(`${pair.release}/${side}/${version ?? ''}`)
      }
    }
  }
  return {
    beforeCall({ who, service, writes }) {
      if (!writes || who === 'people' || service !== 'elasticloadbalancing') return
      before = weights()
      noteServed()
    },
    afterCall({ who, service, writes, operation }, _reply, happened) {
      if (!writes || !happened || who === 'people' || service !== 'elasticloadbalancing') return
      for (const pair of pairs) {
        const { weights: now, sides } = seeRelease(aws, pair)
        for (const side of sideNames) {
          // Where a person gave it some before, nobody else may be there to give it to.
          if ((now?.[side] ?? 0) <= 0 || (before.get(`${pair.release}/${side}`) ?? 0) > 0) continue
          // What somebody put there a moment ago no read may show yet.
          if (checkers.excuses.mayBeUnknown(pair.release, side)) continue
          // A rollout goes back to what had the traffic when it moved it; a person may have made that another version while it served, and no other is known.
          const unverified = healthyTargets(sides[side]).find(
            ({ version, taskDefinition }) =>
              version !== undefined &&
              // What the release was adopted with counts as verified.
              !isAdopted(story, pair.release, taskDefinition) &&
              !aws.gates.passed.has(version) &&
              !served.has(`${pair.release}/${side}/${version}`) &&
              isGated(pair.release, version),
          )
          if (unverified !== undefined)
            report(
              'I6',
              `${operation} by ${who}: traffic to ${unverified.version ?? ''} on the ${side} side of ${pair.release}, which has passed no gate`,
            )
        }
      }
    },
  }
}
