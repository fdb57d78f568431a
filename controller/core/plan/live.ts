import type { Place, Side } from '../observation.ts'
import { otherSide, sides } from '../observation.ts'
import type { PlanInput } from './decision.ts'
import { isOneService } from '../places.ts'
import type { RolloutState } from '../rollout/state.ts'
import { heavierSide, takesTraffic } from '../rollout/traffic.ts'

/** Where the release serves: the only service, or the live side of its pair. */
export const livePlace = (input: Pick<PlanInput, 'last' | 'observation' | 'desired'>): Place =>
  isOneService(input.desired.spec) ? 'only' : liveSide(input)

/**
 * The side that shall have the traffic: what the last finished rollout left, and where there is none, what AWS shows; where both sides have a part of it, or
 * the one that has most of it has no task, the side that serves the recorded revision.
 */
export function liveSide({
  last,
  observation,
  desired,
}: Pick<PlanInput, 'last' | 'observation' | 'desired'>): Side {
  const to = last?.spec.to.side
  if (last !== undefined && to !== undefined) {
    if (hasTaken(last)) return to
    if (last.spec.from.taskDefinition !== undefined) return otherSide(to)
  }
  const recorded = recordedSide({ observation, desired })
  const isDivided = sides.every((side) => takesTraffic(observation, side))
  const heavier = heavierSide(observation)
  const isEmpty = heavier !== undefined && (observation.sides[heavier].service?.desiredCount ?? 0) === 0
  return (isDivided || isEmpty ? recorded : undefined) ?? heavier ?? recorded ?? 'blue'
}

/** Whether a finished rollout left the traffic with its version: it succeeded, or was verified and there was no way back. */
export const hasTaken = ({ spec, status }: RolloutState): boolean =>
  status.outcome === 'Succeeded' || (spec.to.side !== undefined && (status.weights?.[spec.to.side] ?? 0) > 0)

/** The revision that the last rollouts left on the side: what is there instead was set by hand. Undefined where nobody knows. */
export function leftOn(
  { last, lastSucceeded }: Pick<PlanInput, 'last' | 'lastSucceeded'>,
  side: Side,
): string | undefined {
  if (last !== undefined && last.spec.to.side !== side) return last.spec.from.taskDefinition
  if (last !== undefined && hasTaken(last)) return last.spec.taskDefinition
  return lastSucceeded?.spec.to.side === side ? lastSucceeded.spec.taskDefinition : undefined
}

function recordedSide({
  observation,
  desired,
}: Pick<PlanInput, 'observation' | 'desired'>): Side | undefined {
  const recorded = desired.recorded?.taskDefinition
  return sides.find((side) => {
    const { service } = observation.sides[side]
    return service !== null && service.desiredCount > 0 && service.taskDefinition === recorded
  })
}
