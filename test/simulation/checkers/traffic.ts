import { reachable, seeRelease, sideNames } from '../aws/view.ts'
import type { SeenRelease, SeenTarget } from '../aws/view.ts'
import { isFickle, isUnfit } from '../scenarios/version.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import { isAnySideVerified } from './verified.ts'

/** So long after bad luck or a person's hand the traffic may still be in trouble, in milliseconds. */
const HEALING_MS = 15 * 60_000

/**
 * Zero failed requests and none to an unfit version: at every moment at which something changed, every request that users could make is judged, by the world's
 * own weights and health.
 */
export function checkTraffic({ simulation, checkers, report }: CheckerParts): Checker {
  const { aws, time } = simulation
  const pairs = [...simulation.pairs, ...simulation.moved]
  const state = new Map(
    pairs.map((pair) => [
      pair.release,
      { hasServed: false, isFickle: false, troubleSince: undefined as number | undefined },
    ]),
  )
  const { targets, listeners, rules } = aws.world.elb.tables
  const tables = [targets, listeners, rules, aws.ecs.tables.tasks]
  /** A person's weights may send requests to whatever stands there, and for long where no side has a revision that was verified: nobody may take over. */
  const isByHand = (release: string, seen: SeenRelease): boolean =>
    checkers.excuses.isHealing(release) ||
    (checkers.excuses.wasStruck(release) && !isAnySideVerified(simulation.machine, release, seen))
  let seenAt = -1
  return {
    stepped() {
      // Versions only grow, so that their sum is another one whenever one of them is.
      let version = 0
      for (const table of tables) version += table.version
      if (version === seenAt) return
      seenAt = version
      for (const pair of pairs) {
        const known = state.get(pair.release)
        if (known === undefined) continue
        const seen = seeRelease(aws, pair)
        // A version that ends by itself is bad luck all the time, also at the moment at which it has ended.
        const isFickleNow = sideNames.some((side) => seen.sides[side].targets.some(isTargetFickle))
        if (isFickleNow || known.isFickle) checkers.disturbed({ release: pair.release })
        known.isFickle = isFickleNow
        const { failing, unfit } = judge(seen)
        if (unfit !== undefined && !isByHand(pair.release, seen))
          report('traffic', `requests to ${pair.release} reach ${unfit}`)
        known.hasServed ||= failing === undefined
        if (failing === undefined || !known.hasServed) {
          known.troubleSince = undefined
          continue
        }
        if (checkers.excuses.isHealing(pair.release)) known.troubleSince ??= time.elapsed()
        const since = known.troubleSince
        if (since === undefined || time.elapsed() - since > HEALING_MS)
          report('traffic', `requests to ${pair.release} fail: ${failing}`)
      }
    },
  }
}

const isTargetFickle = ({ version }: SeenTarget): boolean => version !== undefined && isFickle(version)

/** Which requests fail, and which unfit version some reach. */
function judge(seen: SeenRelease): {
  readonly failing: string | undefined
  readonly unfit: string | undefined
} {
  const { weights } = seen
  if (weights === undefined || weights.blue + weights.green <= 0)
    return { failing: 'the rule forwards to nobody', unfit: undefined }
  let failing: string | undefined
  let unfit: string | undefined
  for (const side of sideNames) {
    if (weights[side] <= 0) continue
    const targets = reachable(seen.sides[side])
    if (targets.length === 0) failing = `the ${side} side has weight ${weights[side]} and no target`
    for (const { version, status, state } of targets) {
      if (version !== undefined && isUnfit(version)) unfit = version
      if (status === undefined) failing = `a target of the ${side} side (${state}) has no task`
      else if (status >= 500 || state !== 'healthy')
        failing = `a target of the ${side} side is ${state} and answers ${status}`
    }
  }
  return { failing, unfit }
}
