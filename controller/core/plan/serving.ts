import { theSide } from '../action.ts'
import type { Place } from '../observation.ts'
import { seenAt } from '../observation.ts'
import { allRulesAt, onlyTo } from '../rollout/traffic.ts'
import type { Decision, PlanInput } from './decision.ts'
import { leftResting } from './flapping.ts'
import { frozen } from './frozen.ts'

/**
 * Why the release does not serve what is wanted although nothing is left to be done: what people changed by hand is only told, so it stays, or no task runs
 * just now, which ECS mends. Undefined where it serves.
 */
export function notServing(input: PlanInput, live: Place): Decision | undefined {
  const { observation, desired, pollMs } = input
  const { service } = seenAt(observation, live)
  if (live !== 'only' && !allRulesAt(observation, onlyTo(live)))
    return left(input, {
      what: `the weights were changed by hand, and not all of the traffic goes to the ${live} side`,
      policy: 'drift.traffic',
      by: 'set them back',
    })
  if (service?.status !== 'ACTIVE')
    return left(input, {
      what: live === 'only' ? 'the service is gone' : `the ${live} side has no service any more`,
    })
  const wanted = desired.version.taskDefinition
  if (service.taskDefinition !== wanted)
    return left(input, {
      what: `somebody set ${theSide(live)} to ${service.taskDefinition}, wanted is ${wanted ?? 'nothing'}`,
    })
  if (service.desiredCount === 0 && desired.spec.service.desiredCount !== 0)
    return left(input, { what: `somebody scaled ${theSide(live)} to 0 tasks` })
  if (service.desiredCount > 0 && service.runningCount === 0)
    return {
      kind: 'Wait',
      reason: 'NoneRunning',
      message: `none of the ${service.desiredCount} tasks of ${theSide(live)} runs; ECS starts others, see the service's events`,
      lookAgainMs: pollMs,
    }
  return undefined
}

function left(
  input: Pick<PlanInput, 'freeze' | 'status' | 'now'>,
  {
    what,
    policy = 'drift.service',
    by = 'put it back',
  }: { readonly what: string; readonly policy?: string; readonly by?: string },
): Decision {
  const { freeze } = input
  if (freeze !== undefined && !freeze.allowsCorrection)
    return frozen(freeze, `${what}; it is left for now; ${by}, or set allowCorrection`)
  const rest = leftResting(input, what)
  if (rest !== undefined) return rest
  return {
    kind: 'Stall',
    reason: 'NotServing',
    message: `${what}; it is left, because the environment does not correct it; ${by}, or set ${policy} to Correct`,
  }
}
