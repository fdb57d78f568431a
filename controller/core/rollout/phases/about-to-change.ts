import type { ReleaseObservation, Side } from '../../observation.ts'
import { otherSide } from '../../observation.ts'
import type { WantedSide } from '../readiness.ts'
import { hasHealthyTarget, otherTasks } from '../readiness.ts'
import { takesTraffic } from '../traffic.ts'

/** Tasks of another version that start on a side without traffic become targets at any moment. Where the other side serves nobody, it gets the traffic all the same. */
export function mayGetForeign(observation: ReleaseObservation, side: Side, wanted: WantedSide): boolean {
  if (takesTraffic(observation, side) || !hasHealthyTarget(observation.sides[otherSide(side)])) return false
  return startsOthers(observation, side, wanted)
}

/** Whether tasks of another version start on the side, or run there. */
export const startsOthers = (observation: ReleaseObservation, side: Side, wanted: WantedSide): boolean =>
  otherTasks(observation.sides[side], wanted).some(({ desiredStatus }) => desiredStatus === 'RUNNING')
