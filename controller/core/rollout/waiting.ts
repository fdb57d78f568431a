import type { AwaitedDecision, RolloutStatus } from '../../resources/generated/rollout.ts'
import { fromTimestamp, timestamp } from '../time.ts'

/** Waits for a person from now on, or goes on waiting: the deadline does not run meanwhile. */
export function awaitDecision(
  status: RolloutStatus,
  { now, ...asked }: Omit<AwaitedDecision, 'since'> & { readonly now: number },
): RolloutStatus {
  const known = status.awaiting?.gate === asked.gate ? status.awaiting.since : undefined
  return { ...status, awaiting: { ...asked, since: known ?? timestamp(now) } }
}

/** Nobody is waited for any more: the deadline leaves the time out. */
export function afterWait(status: RolloutStatus, now: number): RolloutStatus {
  const { awaiting, ...rest } = status
  if (awaiting === undefined) return status
  const waitedMs = Math.max(0, now - fromTimestamp(awaiting.since))
  return { ...withLaterDeadline(rest, waitedMs), waitSeconds: (status.waitSeconds ?? 0) + waitedMs / 1000 }
}

/** Whether two waits are for the same answer. */
export const isSameQuestion = (one: RolloutStatus['awaiting'], other: RolloutStatus['awaiting']): boolean =>
  one?.gate === other?.gate && one?.result === other?.result

export function withLaterDeadline(status: RolloutStatus, byMs: number): RolloutStatus {
  const { deadlineAt } = status
  return deadlineAt === undefined
    ? status
    : { ...status, deadlineAt: timestamp(fromTimestamp(deadlineAt) + byMs) }
}
