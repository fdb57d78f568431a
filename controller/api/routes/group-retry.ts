import { GROUP_MEMBER_FAILED } from '../../core/rollout/together.ts'
import { ENVIRONMENT_LABEL, RELEASE_LABEL } from '../../resources/metadata.ts'
import type { ReleaseKey } from '../../resources/names.ts'
import { rolloutObjectName } from '../../resources/names.ts'
import type { RolloutSpec, RolloutStatus } from '../../resources/types.ts'
import type { Store } from '../../ports/store.ts'
import { conflict } from '../request-error.ts'

/**
 * Throws where nothing of the release itself has failed: its newest rollout went back with another member of its group. A retry would find nothing to try;
 * that of the other moves the whole group again.
 */
export async function assertFailedItself(store: Store, key: ReleaseKey): Promise<void> {
  const labels = { [ENVIRONMENT_LABEL]: key.environment, [RELEASE_LABEL]: key.release }
  const { items } = await store.list('Rollout', { labels })
  const rollouts = items.map(({ metadata, spec, status }) => ({
    name: metadata.name,
    spec: spec as unknown as RolloutSpec,
    status: status as RolloutStatus | undefined,
  }))
  const newest = rollouts.toSorted((one, other) => other.spec.number - one.spec.number)[0]
  if (newest?.status?.reason !== GROUP_MEMBER_FAILED || newest.status.finishedAt === undefined) return
  for (const { release, number } of newest.spec.group?.members ?? []) {
    const name = rolloutObjectName({ environment: key.environment, release, number })
    if (release === key.release || !(await failedItself(store, name))) continue
    throw conflict(
      'GroupMemberFailed',
      `${newest.name} only went back with its group, since ${name} failed`,
      `Retry ${key.environment}/${release}: the whole group moves with it.`,
    )
  }
}

async function failedItself(store: Store, name: string): Promise<boolean> {
  const { outcome, reason } = ((await store.get('Rollout', name))?.status ?? {}) as RolloutStatus
  return (outcome === 'RolledBack' || outcome === 'Aborted') && reason !== GROUP_MEMBER_FAILED
}
