import type { Action } from '../action.ts'
import { scalingValue } from '../action.ts'
import type { ReleaseObservation, ScalingFacts, ServiceFacts, Side } from '../observation.ts'
import { otherSide } from '../observation.ts'

type SetScaling = Extract<Action, { kind: 'SetScaling' }>

/** A change of what autoscaling may do to a side, with what stood there before. */
export interface ScalingChange {
  readonly action: SetScaling
  readonly before: string
}

/**
 * Suspends as much of a side's autoscaling as is wanted, and no more, within the bounds that Terraform says. Undefined where it is so, where autoscaling does not
 * know the side, or where nobody knows its bounds.
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
  const maximum = Math.max(bounds.maximum, service.desiredCount)
  const action = { kind: 'SetScaling', side, minimum: bounds.minimum, maximum, suspended } as const
  const before = scalingValue(scaling)
  const isSo = scaling.suspended === suspended && (suspended === 'All' || isBounded(scaling, service))
  return isSo ? undefined : { action, before }
}

/** Whether the bounds are those of the tags, or any without tags; those above which somebody else has set the count stay. */
function isBounded({ minimum, maximum }: ScalingFacts, service: ServiceFacts): boolean {
  const wanted = taggedBounds(service)
  if (wanted === undefined) return maximum > 0
  return minimum === wanted.minimum && (maximum === wanted.maximum || service.desiredCount > wanted.maximum)
}

/** Holds an idle side at zero: without bounds of zero, AWS would start as many tasks as its minimum at any change of its scalable target. Undefined where it is so. */
export function holdAtZero(observation: ReleaseObservation, side: Side): ScalingChange | undefined {
  const { scaling, service } = observation.sides[side]
  if (scaling === undefined || scaling === null || service?.desiredCount !== 0) return undefined
  const action = { kind: 'SetScaling', side, minimum: 0, maximum: 0, suspended: 'All' } as const
  const before = scalingValue(scaling)
  return before === scalingValue(action) ? undefined : { action, before }
}

/** Tags of a service by which Terraform says the bounds: a scalable target with a minimum would start tasks as soon as it is made. */
const BOUND_TAGS = { minimum: 'steersman.dev/minimum-tasks', maximum: 'steersman.dev/maximum-tasks' } as const

/** How many tasks autoscaling may give a side: by the service's tags, else as its scalable target has it, or that of the other side where this one is held at zero. */
export function boundsOf(
  { sides }: ReleaseObservation,
  side: Side,
): Pick<ScalingFacts, 'minimum' | 'maximum'> | undefined {
  const tagged = taggedBounds(sides[side].service)
  if (tagged !== undefined) return tagged
  const known = [sides[side].scaling, sides[otherSide(side)].scaling]
  return known.find((scaling) => (scaling?.maximum ?? 0) > 0) ?? undefined
}

function taggedBounds(service: ServiceFacts | null): ReturnType<typeof boundsOf> {
  const minimum = Number(service?.tags[BOUND_TAGS.minimum])
  const maximum = Number(service?.tags[BOUND_TAGS.maximum])
  const isRange =
    Number.isInteger(minimum) && Number.isInteger(maximum) && minimum >= 0 && maximum >= Math.max(1, minimum)
  return isRange ? { minimum, maximum } : undefined
}
