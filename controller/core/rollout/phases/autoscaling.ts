import { timestamp } from '../../time.ts'
import { boundsOf, suspendScaling } from '../scaling.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { originSide, targetSide, wantedTarget } from '../state.ts'
import { act, missing } from '../step.ts'

/**
 * The new side gets as many tasks as the old one has by now, where autoscaling gave that more; never fewer than it was given. The first version of all has no
 * count to follow, and gets the minimum.
 */
export function followOrigin({ rollout, observation }: StepInput): PhaseResult | undefined {
  const { spec, status } = rollout
  if (spec.autoscaled !== true) return undefined
  const isFirst = spec.from.taskDefinition === undefined
  const desiredCount = isFirst
    ? (boundsOf(observation, targetSide(rollout))?.minimum ?? 0)
    : (observation.sides[originSide(rollout)].service?.desiredCount ?? 0)
  if (desiredCount <= wantedTarget(rollout).count) return undefined
  return { kind: 'Again', status: { ...status, desiredCount } }
}

/** Keeps autoscaling from changing the new side before it has traffic: without requests it looks as if it had too many tasks. Undefined once that is done. */
export function holdTarget(input: StepInput): PhaseResult | undefined {
  const { rollout, observation, now } = input
  const { spec, status } = rollout
  if (spec.autoscaled !== true || status.scalingHeldAt !== undefined) return undefined
  const look = missing(input, ['scaling'])
  if (look !== undefined) return look
  const followed = spec.from.taskDefinition === undefined ? followOrigin(input) : undefined
  if (followed !== undefined) return followed
  const change = suspendScaling(observation, targetSide(rollout), 'All')
  if (change !== undefined) return act(input, change)
  return { kind: 'Again', status: { ...status, scalingHeldAt: timestamp(now) } }
}

/** Keeps autoscaling from taking tasks from the old side while its traffic goes: it is the way back. Undefined once that is done. */
export function holdOrigin(input: StepInput): PhaseResult | undefined {
  const { spec, status } = input.rollout
  const isBegun = status.shiftedAt !== undefined
  if (spec.autoscaled !== true || spec.from.taskDefinition === undefined || isBegun) return undefined
  const look = missing(input, ['scaling'])
  if (look !== undefined) return look
  const change = suspendScaling(input.observation, originSide(input.rollout), 'ScaleIn')
  return change === undefined ? undefined : act(input, change)
}

/** Lets autoscaling add tasks to the new side, which takes traffic now, and take none away yet. Undefined once that is done. */
export function letTargetGrow(input: StepInput): PhaseResult | undefined {
  if (input.rollout.spec.autoscaled !== true) return undefined
  const look = missing(input, ['services', 'scaling'])
  if (look !== undefined) return look
  const change = suspendScaling(input.observation, targetSide(input.rollout), 'ScaleIn')
  return change === undefined ? undefined : act(input, change)
}
