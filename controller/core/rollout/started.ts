import type { ReleaseStatus } from '../../resources/generated/release.ts'
import type { RolloutSpec } from '../../resources/generated/rollout.ts'
import { tagKeysOf, withTagKeys } from '../plan/tags.ts'
import type { RolloutState } from './state.ts'

/**
 * A release's status in which all that came with the start of its newest rollout is known. The rollout is stored first: after a crash right then it alone
 * knows, and a restart must not be made twice, nor a tag be given that nobody takes back.
 */
export function withStarted(
  status: ReleaseStatus,
  active: Pick<RolloutState, 'name' | 'spec'> | undefined,
  last: Pick<RolloutState, 'spec'> | undefined,
): ReleaseStatus {
  const answered = withAnswered(status, (active ?? last)?.spec)
  return withTagKeys(withNewest(answered, active), tagKeysOf(active?.spec.service.settings))
}

function withNewest(
  status: ReleaseStatus,
  active: Pick<RolloutState, 'name' | 'spec'> | undefined,
): ReleaseStatus {
  if (active === undefined || status.rollout === active.name) return status
  const lastRollout = Math.max(status.lastRollout ?? 0, active.spec.number)
  return { ...status, lastRollout, rollout: active.name }
}

function withAnswered(
  status: ReleaseStatus,
  spec: Pick<RolloutSpec, 'why' | 'requestedAt'> | undefined,
): ReleaseStatus {
  if (spec?.requestedAt === undefined) return status
  switch (spec.why) {
    case 'Restart':
      return status.lastHandledRestartAt === spec.requestedAt
        ? status
        : { ...status, lastHandledRestartAt: spec.requestedAt }
    case 'Retry':
      return status.lastHandledRetryAt === spec.requestedAt
        ? status
        : { ...status, lastHandledRetryAt: spec.requestedAt }
    default:
      return status
  }
}
