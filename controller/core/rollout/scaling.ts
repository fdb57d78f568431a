import type { Action } from '../action.ts'
import { scalingValue } from '../action.ts'
import type { ReleaseObservation, ScalingFacts, Side } from '../observation.ts'
import { otherSide } from '../observation.ts'

type SetScaling = Extract<Action, { kind: 'SetScaling' }>

/** A change of what autoscaling may do to a side, with what stood there before. */
export interface ScalingChange {
  readonly action: SetScaling
  readonly before: string
}

/**
 * Suspends as much of a side's autoscaling as is wanted, and no more. Undefined where it is so, where autoscaling does not know the side, or where nobody knows
 * its bounds.
 *
 * The bounds are named with each change, since AWS brings a count that is out of them into them at any change of a scalable target: so they never end
 * below the count.
 * https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
 */
export function suspendScaling(
  observation: ReleaseObservation,
  side: Side,
  suspended: SetScaling['suspended'],
): ScalingChange | undefined {
  const { scaling, service } = observation.sides[side]
  const bounds = boundsOf(observation, side)
  if (scaling === undefined || scaling === null || service?.status !== 'ACTIVE' || bounds === undefined)
    return undefined
  const isBounded = suspended === 'All' || scaling.maximum > 0
  if (scaling.suspended === suspended && isBounded) return undefined
  const maximum = Math.max(bounds.maximum, service.desiredCount)
  const action = { kind: 'SetScaling', side, minimum: bounds.minimum, maximum, suspended } as const
  return { action, before: scalingValue(scaling) }
}

/** Holds an idle side at zero: without bounds of zero, AWS would start as many tasks as its minimum at any change of its scalable target. Undefined where it is so. */
export function holdAtZero(observation: ReleaseObservation, side: Side): ScalingChange | undefined {
  const { scaling, service } = observation.sides[side]
  if (scaling === undefined || scaling === null || service?.desiredCount !== 0) return undefined
  const action = { kind: 'SetScaling', side, minimum: 0, maximum: 0, suspended: 'All' } as const
  const before = scalingValue(scaling)
  return before === scalingValue(action) ? undefined : { action, before }
}

/** How many tasks autoscaling may give a side, as Terraform has said: of a side that is held at zero, what it said of the other. */
export function boundsOf(
  { sides }: ReleaseObservation,
  side: Side,
): Pick<ScalingFacts, 'minimum' | 'maximum'> | undefined {
  const known = [sides[side].scaling, sides[otherSide(side)].scaling]
  return known.find((scaling) => (scaling?.maximum ?? 0) > 0) ?? undefined
}
