import type { ReleaseObservation } from '../observation.ts'
import type { RolloutState } from './state.ts'
import { fromTimestamp } from '../time.ts'
import { isFinished, isWayBack, targetSide } from './state.ts'
import { takesTraffic } from './traffic.ts'

/** For so long a way back that asks gates is in a hurry: one to a warm side needs less, and what lasts, a side that starts or a gate that watches, would starve others. */
export const GATED_HURRY_MS = 30_000

/**
 * Whether the next look or write of a rollout of a pair brings the traffic back to a version that was verified: it goes before all others that wait for their
 * turn at AWS. True from the decision, or the last answer of a gate that it follows from, until the weights are written; whatever comes then can wait.
 * `now` is in milliseconds since the epoch.
 */
export function owesTraffic(rollout: RolloutState, observation: ReleaseObservation, now: number): boolean {
  const { spec, status } = rollout
  if (spec.to.side === undefined || isFinished(status)) return false
  const hadTraffic = status.shiftedAt !== undefined
  if (status.phase === 'RollingBack') return hadTraffic && mayHaveTraffic(rollout, observation)
  if (spec.why === 'Failback') return status.phase !== 'Baking'
  if (isWayBack(rollout) && status.phase !== 'Baking' && isYoung(status, now)) return true
  return hadTraffic && isFailing(rollout)
}

const isYoung = ({ startedAt }: RolloutState['status'], now: number): boolean =>
  startedAt !== undefined && now - fromTimestamp(startedAt) < GATED_HURRY_MS

/** By the rules where they were seen since the last write, else by what that write gave the side. */
function mayHaveTraffic(rollout: RolloutState, observation: ReleaseObservation): boolean {
  const side = targetSide(rollout)
  if (observation.seen.includes('rules')) return takesTraffic(observation, side)
  const { spec, status } = rollout
  return (spec.traffic?.rules.length ?? 1) > 1 || status.expected?.weights?.[side] !== 0
}

/** A gate has given more bad answers than are borne, and the next decision takes that over. */
const isFailing = ({ spec, status }: RolloutState): boolean =>
  (status.gates ?? []).some(({ name, result, failures = 0 }) => {
    const gate = spec.gates?.find((one) => one.name === name)
    return gate !== undefined && result === undefined && failures > gate.failureLimit
  })
