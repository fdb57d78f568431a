import { isFinished } from '../../../controller/core/rollout/state.ts'
import type { SideName } from '../aws/names.ts'
import type { AwsCall } from '../aws/simulated-aws.ts'
import { serviceName } from '../aws/shape.ts'
import type { Pair } from '../aws/shape.ts'
import { desiredCountOf, healthyTargets, seeRelease, sideNames } from '../aws/view.ts'
import type { SeenRelease } from '../aws/view.ts'
import type { Checker } from './checker.ts'
import type { CheckerParts } from './parts.ts'
import { storedRollouts } from './stored.ts'

/** From a look to the write that it leads to, with slow answers and stale reads in between, in milliseconds. */
const UNKNOWN_MS = { usual: 12_000, stale: 42_000 }

/**
 * I3 and I1 where the counts are autoscaling's: no write of a controller takes tasks from a side with traffic, and a side gets its first traffic with no fewer tasks
 * than the other has.
 */
export function checkAutoscaling({ simulation, checkers, report }: CheckerParts): Checker {
  const { aws, pairs, story, time, machine } = simulation
  if (story.scaling === undefined) return {}
  const hasStaleReads = story.happenings.some(({ kind }) => kind.startsWith('stale'))
  const unknownMs = hasStaleReads ? UNKNOWN_MS.stale : UNKNOWN_MS.usual
  const counts = new Map<string, { readonly atMs: number; readonly count: number }[]>()
  /** Without a call in between it is autoscaling that changed a count. */
  const note = (by: 'a call' | 'autoscaling'): void => {
    for (const pair of pairs)
      for (const side of sideNames) {
        const known = counts.get(serviceName(pair, side)) ?? []
        const count = desiredCountOf(aws, pair, side)
        const last = known.at(-1)?.count ?? count
        if (by === 'autoscaling' && count < last) judgeScaleIn({ pair, side, from: last, to: count })
        if (last !== count || known.length === 0) known.push({ atMs: time.elapsed(), count })
        counts.set(serviceName(pair, side), known)
      }
  }
  /** The fewest that a controller may have seen just before. */
  const lowest = (pair: Pair, side: SideName): number => {
    const known = counts.get(serviceName(pair, side)) ?? []
    const since = time.elapsed() - unknownMs
    const inTime = known.filter(
      ({ atMs }, index) => (known[index + 1]?.atMs ?? Infinity) > since || atMs > since,
    )
    return Math.min(...inTime.map(({ count }) => count), Infinity)
  }
  let before = new Map<Pair, SeenRelease>()
  return {
    stepped: () => note('autoscaling'),
    beforeCall(call) {
      note('autoscaling')
      if (isOurs(call)) before = new Map(pairs.map((pair) => [pair, seeRelease(aws, pair)]))
    },
    afterCall(call, _reply, happened) {
      if (happened && !isOurs(call)) note('a call')
      if (!isOurs(call) || !happened) return
      for (const [pair, seen] of before) {
        if (checkers.excuses.mayBeUnknown(pair.release)) continue
        const now = seeRelease(aws, pair)
        for (const side of sideNames) {
          const few = lowest(pair, side)
          const isServing = (seen.weights?.[side] ?? 0) > 0
          if (
            isServing &&
            isOf(call, pair, side) &&
            now.sides[side].desiredCount < Math.min(few, seen.sides[side].desiredCount)
          )
            report(
              'I3',
              `${call.operation} by ${call.who}: the ${side} side of ${pair.release} takes traffic and goes from ${seen.sides[side].desiredCount} to ${now.sides[side].desiredCount} tasks`,
            )
          if (!isServing && (now.weights?.[side] ?? 0) > 0) judgeFirst(pair, side, now)
        }
      }
      note('a call')
    },
  }

  /** Once the traffic has begun to move no side loses tasks to autoscaling, and the new one none from when it is held. */
  function judgeScaleIn({
    pair,
    side,
    from,
    to,
  }: {
    pair: Pair
    side: SideName
    from: number
    to: number
  }): void {
    const running = storedRollouts(machine, pair.release).find(({ status }) => !isFinished(status))
    const { shiftedAt, scalingHeldAt } = running?.status ?? {}
    const isHeld = shiftedAt !== undefined || (scalingHeldAt !== undefined && running?.spec.to.side === side)
    if (!isHeld || running?.spec.from.side === 'none') return
    report(
      'I3',
      `autoscaling takes the ${side} side of ${pair.release} from ${from} to ${to} tasks in the middle of ${running?.name ?? ''}`,
    )
  }

  function judgeFirst(pair: Pair, side: SideName, now: SeenRelease): void {
    const running = storedRollouts(machine, pair.release).find(({ status }) => !isFinished(status))
    if (running?.status.phase !== 'Shifting' || running.spec.to.side !== side) return
    const other = side === 'blue' ? 'green' : 'blue'
    const healthy = healthyTargets(now.sides[side]).length
    const wanted = running.spec.from.side === 'none' ? 0 : lowest(pair, other)
    if (healthy < wanted)
      report(
        'I1',
        `${running.name} gives its first traffic to ${healthy} healthy targets of the ${side} side, and the ${other} side has ${wanted} tasks`,
      )
  }
}

const isOurs = ({ writes, who }: AwsCall): boolean => writes && who !== 'people'

const isOf = ({ input }: AwsCall, pair: Pair, side: SideName): boolean => {
  const name = serviceName(pair, side)
  return input['service'] === name || input['ResourceId'] === `service/demo/${name}`
}
