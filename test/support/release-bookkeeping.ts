import type { Action } from '../../controller/core/action.ts'
import { effectOf } from '../../controller/core/action.ts'
import { rememberWrite as rememberRecent } from '../../controller/core/rollout/recent-writes.ts'
import type { RolloutState } from '../../controller/core/rollout/state.ts'
import { STALENESS_BOUND_MS, fromTimestamp } from '../../controller/core/time.ts'
import type { FailedContent, RecentWrite, ReleaseStatus } from '../../controller/resources/types.ts'

export { takeBackWrite } from '../../controller/core/rollout/recent-writes.ts'

type Writes = Readonly<Record<string, RecentWrite>>

/** What the engine keeps of its writes. */
export const rememberWrite = (
  writes: Writes | undefined,
  object: string,
  write: RecentWrite,
  ledSince?: number,
): Record<string, RecentWrite> =>
  rememberRecent(writes, { object, write, stalenessBoundMs: STALENESS_BOUND_MS, ledSince })

/** Whether the same registration was tried a moment ago and got no answer. */
export function isOpen(action: Action, earlier: RecentWrite | undefined, now: number): boolean {
  if (action.kind !== 'RegisterTaskDefinition') return false
  const isSame = earlier?.ambiguous === true && earlier.after === effectOf(action).value
  return isSame && now - fromTimestamp(earlier.at) < STALENESS_BOUND_MS
}

/** A release's status once a rollout has ended: failures are kept by content, and what stays warm for how long. */
export function statusAfterRollout(
  before: ReleaseStatus,
  { name, spec, status }: RolloutState,
): ReleaseStatus {
  const others = (before.failed ?? []).filter((content) => content.digest !== spec.digest)
  const isOwn = status.reason !== 'GroupMemberFailed'
  const isFailure = (status.outcome === 'RolledBack' || status.outcome === 'Aborted') && isOwn
  const failed: FailedContent = {
    digest: spec.digest,
    rollout: name,
    reason: status.reason ?? status.outcome ?? '',
    at: status.finishedAt ?? '',
    ...(status.message === undefined ? {} : { message: status.message }),
  }
  const kept = status.outcome === 'Succeeded' ? others : [...(before.failed ?? [])]
  const { keepPreviousUntil: _before, ...rest } = before
  const warm = status.keepPreviousUntil
  return {
    ...rest,
    rollout: name,
    failed: isFailure ? [...others, failed] : kept,
    ...(warm === undefined ? {} : { keepPreviousUntil: warm }),
  }
}
