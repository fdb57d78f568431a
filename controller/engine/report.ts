import type { EnvironmentStatus, ReleaseStatus, RolloutStatus } from '../resources/types.ts'
import { PortError } from '../ports/error.ts'
import type { Store, StoredObject } from '../ports/store.ts'
import type { StoredRollout } from './objects.ts'
import { asRollout } from './objects.ts'

/** Conflicts come from people's annotations and from the environment's own writes of spec, so a few tries are plenty. */
const MAXIMUM_TRIES = 5

/** Writes a release's status: the one place where that happens. Only the status is ours, so after a conflict the newer object gets the same one. */
export const saveRelease = (
  store: Store,
  object: StoredObject,
  status: ReleaseStatus,
): Promise<StoredObject> => save(store, object, status)

/** Writes an environment's status. */
export const saveEnvironment = (
  store: Store,
  object: StoredObject,
  status: EnvironmentStatus,
): Promise<StoredObject> => save(store, object, status)

/** Writes a rollout's status; a person's request to abort that arrived meanwhile is kept. */
export async function saveRollout(
  store: Store,
  { object }: StoredRollout,
  status: RolloutStatus,
): Promise<StoredRollout> {
  return asRollout(await save(store, object, status))
}

async function save(store: Store, object: StoredObject, status: object): Promise<StoredObject> {
  let current = object
  for (let attempt = 1; ; attempt++) {
    try {
      return await store.updateStatus({ ...current, status: status as Readonly<Record<string, unknown>> })
    } catch (error) {
      if (!(error instanceof PortError) || error.code !== 'Conflict' || attempt === MAXIMUM_TRIES) throw error
      const newer = await store.get(object.kind, object.metadata.name)
      if (newer === undefined) throw error
      current = newer
    }
  }
}
