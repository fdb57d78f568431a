import type { ReleaseStatus } from '../../resources/generated/release.ts'
import type { RolloutSpec } from '../../resources/generated/rollout.ts'

/**
 * A release's status in which the request that a rollout answers counts as handled. The rollout is stored first: after a crash right then it alone knows,
 * and a restart must not be made twice.
 */
export function withAnswered(
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
