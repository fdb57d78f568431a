import type { Side } from '../observation.ts'
import { otherSide } from '../observation.ts'
import type { ScalingChange } from '../rollout/scaling.ts'
import { holdAtZero, suspendScaling } from '../rollout/scaling.ts'
import { takesTraffic } from '../rollout/traffic.ts'
import type { PlanInput } from './decision.ts'

/**
 * What autoscaling has to be told outside a rollout: it scales the live side as it likes, takes nothing from one that is kept warm, since Steersman gives that the
 * live side's count, and leaves a cold one at zero. Undefined where it is so.
 */
export function scalingChange(input: PlanInput, live: Side, isWarm: boolean): ScalingChange | undefined {
  const { observation } = input
  const idle = otherSide(live)
  const freed = suspendScaling(observation, live, 'None')
  if (freed !== undefined || takesTraffic(observation, idle)) return freed
  return isWarm ? suspendScaling(observation, idle, 'ScaleIn') : holdAtZero(observation, idle)
}

/** Whether what stands there is what Steersman wrote, or nothing of it: what somebody else has set since is drift. */
export function isOwnScaling({ status }: PlanInput, { action, before }: ScalingChange): boolean {
  const write = status.writes?.[`scaling/${action.side}`]
  return write === undefined || write.after === before || write.ambiguous === true
}
