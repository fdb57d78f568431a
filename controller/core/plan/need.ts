import type { RolloutCause } from '../../resources/generated/rollout.ts'
import type { FailedContent } from '../../resources/generated/release.ts'
import type { Place } from '../observation.ts'
import { seenAt } from '../observation.ts'
import { isIgnored } from '../ignore.ts'
import { fromTimestamp } from '../time.ts'
import type { PlanInput } from './decision.ts'
import { isFailure, targetPlace } from '../rollout/state.ts'
import { GROUP_MEMBER_FAILED } from '../rollout/together.ts'
import { settingsChange } from './settings.ts'

export interface Need {
  readonly why: RolloutCause
  readonly who: string
  readonly reason: string | undefined
  /** The request of a person that the rollout answers. */
  readonly requestedAt?: string
}

/** Whether the live side serves the wanted, verified revision; if not, why a rollout is needed. */
export function rolloutNeeded(input: PlanInput, live: Place): Need | undefined {
  const { desired, requests, lastSucceeded, drift } = input
  const retry = openRetry(input)
  const asked = { who: desired.who, reason: desired.reason }
  if (retry !== undefined) return { ...asked, why: 'Retry', who: retry.by, requestedAt: retry.id }
  if (servesWanted(input, live)) {
    const { restart } = requests
    return restart === undefined
      ? undefined
      : { ...asked, why: 'Restart', who: restart.by, requestedAt: restart.id }
  }
  const servedBefore = lastSucceeded?.spec.digest === desired.digest && targetPlace(lastSucceeded) === live
  if (!servedBefore) return { ...asked, why: desired.why }
  const isLeft = isIgnored('/service/taskDefinition', desired.spec.ignore)
  return drift.service === 'Correct' && !isLeft
    ? { ...asked, why: 'Drift', who: 'steersman', reason: noLongerRuns(live) }
    : undefined
}

/** Why a rollout brings back what was there already, for people. */
export const noLongerRuns = (live: Place): string =>
  `${live === 'only' ? 'the service' : 'the live side'} no longer runs what was rolled out`

/** Whether the live side has the wanted, verified revision with all that tasks must have. */
export function servesWanted(
  input: Pick<PlanInput, 'desired' | 'observation' | 'lastSucceeded'>,
  live: Place,
): boolean {
  const { desired, observation } = input
  const { taskDefinition } = desired.version
  const { service } = seenAt(observation, live)
  return (
    taskDefinition !== undefined &&
    service?.status === 'ACTIVE' &&
    service.taskDefinition === taskDefinition &&
    isVerified(input, taskDefinition) &&
    settingsChange(service, desired.spec.service.settings, desired.spec.ignore).replacing.length === 0
  )
}

/** A revision is verified when a rollout of ours brought it to the traffic, or the newest record in git says so. */
const isVerified = (
  { lastSucceeded, desired }: Pick<PlanInput, 'lastSucceeded' | 'desired'>,
  taskDefinition: string,
): boolean =>
  lastSucceeded?.spec.taskDefinition === taskDefinition || desired.recorded?.taskDefinition === taskDefinition

/** How this very content failed before, if it did and was not brought to the traffic since. */
export function failureOf({
  status,
  last,
  desired,
}: Pick<PlanInput, 'status' | 'last' | 'desired'>): FailedContent | undefined {
  const known = status.failed?.find((content) => content.digest === desired.digest)
  if (last?.spec.digest !== desired.digest) return known
  const { outcome, reason, message, finishedAt } = last.status
  if (outcome === 'Succeeded') return undefined
  if (!isFailure(last.status) || reason === GROUP_MEMBER_FAILED) return known
  return {
    digest: desired.digest,
    rollout: last.name,
    reason: reason ?? 'RolledBack',
    at: finishedAt ?? '',
    ...(message === undefined ? {} : { message }),
  }
}

/** A person's wish for another try, made after this content failed: an older one was about something else. */
export function openRetry(
  input: Pick<PlanInput, 'status' | 'last' | 'desired' | 'requests'>,
): PlanInput['requests']['retry'] {
  const { retry } = input.requests
  const failure = failureOf(input)
  if (retry === undefined || failure === undefined) return undefined
  return fromTimestamp(retry.id) < fromTimestamp(failure.at) ? undefined : retry
}
