import type { SteersmanEvent } from '../../../controller/core/event.ts'
import { STALENESS_BOUND_MS } from '../../../controller/core/time.ts'
import type { AwsCall } from '../aws/simulated-aws.ts'
import type { Checker } from './checker.ts'
import { hasLateWrites } from './late.ts'
import { isFailedBack } from './failbacks.ts'
import type { CheckerParts } from './parts.ts'

/** From a late move to the look that tells of it: the bound until which it may be an old answer, a sweep, and slow calls. */
const TOLD_WITHIN_MS = STALENESS_BOUND_MS + 60_000

/** No false drift: it is found and corrected only where somebody, or bad luck, changed something. */
export function checkDrift({ simulation, checkers, report }: CheckerParts): Checker {
  const { pairs, story, time } = simulation
  const hasLateMoves = hasLateWrites(story)
  /** By release: when a controller's move of its rules took effect last. */
  const moved = new Map<string, number>()
  /** Releases of which people pointed a schedule elsewhere: it is seen within minutes. */
  const pointed = new Set<string>()
  return {
    afterCall(call, _reply, happened) {
      if (call.operation === 'UpdateSchedule' && call.who === 'people') pointed.add(releaseOf(call.input))
      if (!hasLateMoves || !happened || call.who === 'people' || !call.writes) return
      const rule = String(call.input['ListenerArn'] ?? call.input['RuleArn'])
      const pair = pairs.find(({ production, test }) => production.includes(rule) || test === rule)
      if (pair !== undefined) moved.set(pair.release, time.elapsed())
    },

    told(event) {
      const isDrift = event.type === 'DriftFound' || event.type === 'DriftCorrected'
      const isDriftRollout = event.type === 'RolloutStarted' && event.why === 'Drift'
      if (!isDrift && !isDriftRollout) return
      if (checkers.excuses.wasStruck(event.release)) return
      if (isOfSchedules(event) && pointed.has(event.release)) return
      if (isOfRules(event) && mayBeOurs(event.release)) return
      if (isOfCount(event) && isFailedBack(simulation.machine, event.release)) return
      const what =
        event.type === 'DriftFound' ? `${event.path}: ${event.live} instead of ${event.wanted}` : event.type
      report('drift', `${event.release} has drifted although nobody touched it: ${what}`)
    },
  }

  /** What got no answer may come after what was sent later, and then stands against what is wanted: that is told, and put right. */
  function mayBeOurs(release: string): boolean {
    return time.elapsed() - (moved.get(release) ?? -Infinity) < TOLD_WITHIN_MS
  }
}

/** Schedules are called after their release. */
const releaseOf = (input: AwsCall['input']): string => String(input['Name']).split('-')[0] ?? ''

const isOfSchedules = (event: SteersmanEvent): boolean =>
  event.type === 'DriftFound'
    ? event.path.startsWith('/schedules/')
    : event.type === 'DriftCorrected' && event.action === 'PointSchedule'

/** A release that is held starts no rollout, so that another count of the branch is told, and put right, as a difference. */
const isOfCount = (event: SteersmanEvent): boolean =>
  event.type === 'DriftFound'
    ? event.path === '/service/desiredCount'
    : event.type === 'DriftCorrected' && event.action === 'ScaleService'

function isOfRules(event: SteersmanEvent): boolean {
  if (event.type === 'DriftFound') return /^\/(?:listeners|rules)\//.test(event.path)
  return event.type === 'DriftCorrected' && ['PointTest', 'SetWeights'].includes(event.action)
}
