import type { RolloutCause } from '../../resources/generated/rollout.ts'
import type { Side } from '../observation.ts'
import type { PlanInput } from './decision.ts'
import { settingsChange } from './settings.ts'

export interface Need {
  readonly why: RolloutCause
  readonly who: string
  readonly reason: string | undefined
}

/** Whether the live side serves the wanted, verified revision; if not, why a rollout is needed. */
export function rolloutNeeded(
  input: PlanInput,
  wanted: { readonly live: Side; readonly taskDefinition: string },
): Need | undefined {
  const { desired, requests, lastSucceeded, drift } = input
  const service = input.observation.sides[wanted.live].service
  const asked = { who: desired.who, reason: desired.reason }
  if (requests.retry !== undefined && hasFailed(input))
    return { ...asked, why: 'Retry', who: requests.retry.by }
  const { replacing } = settingsChange(service, desired.spec.service.settings)
  if (
    service?.taskDefinition === wanted.taskDefinition &&
    isVerified(input, wanted.taskDefinition) &&
    replacing.length === 0
  ) {
    return requests.restart === undefined ? undefined : { ...asked, why: 'Restart', who: requests.restart.by }
  }
  const servedBefore =
    lastSucceeded?.spec.digest === desired.digest && lastSucceeded.spec.to.side === wanted.live
  if (!servedBefore) return { ...asked, why: desired.why }
  return drift.service === 'Correct'
    ? { ...asked, why: 'Drift', who: 'steersman', reason: 'the live side no longer runs what was rolled out' }
    : undefined
}

/** A revision is verified when a rollout of ours brought it to the traffic, or the newest record in git says so. */
export const isVerified = (
  { lastSucceeded, desired }: Pick<PlanInput, 'lastSucceeded' | 'desired'>,
  taskDefinition: string,
): boolean =>
  lastSucceeded?.spec.taskDefinition === taskDefinition || desired.recorded?.taskDefinition === taskDefinition

const hasFailed = ({ status, desired }: PlanInput): boolean =>
  status.failed?.some((content) => content.digest === desired.digest) ?? false
