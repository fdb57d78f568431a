import type { ConditionInput } from '../resources/conditions.ts'
import { setCondition } from '../resources/conditions.ts'
import type {
  Condition,
  EnvironmentStatus,
  InfrastructureStatus,
  ReleaseStatus,
  RolloutStatus,
} from '../resources/types.ts'
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
): Promise<StoredObject> => save(store, object, () => status)

/** Conditions that belong to the infrastructure, which is reconciled beside the environment. */
const OF_INFRASTRUCTURE: ReadonlySet<string> = new Set(['InfrastructureReady', 'StateLocked'])

/** Writes an environment's status, but for what belongs to its infrastructure. */
export const saveEnvironment = (
  store: Store,
  object: StoredObject,
  status: EnvironmentStatus,
): Promise<StoredObject> => save(store, object, (current) => withInfrastructureOf(status, current.status))

function withInfrastructureOf(status: EnvironmentStatus, current: EnvironmentStatus = {}): EnvironmentStatus {
  const { infrastructure: _old, ...rest } = status
  const own = (status.conditions ?? []).filter(({ type }) => !OF_INFRASTRUCTURE.has(type))
  const others = (current.conditions ?? []).filter(({ type }) => OF_INFRASTRUCTURE.has(type))
  const conditions = status.conditions === undefined ? {} : { conditions: [...own, ...others] }
  const { infrastructure } = current
  return { ...rest, ...conditions, ...(infrastructure === undefined ? {} : { infrastructure }) }
}

/** Writes what belongs to an environment's infrastructure, and leaves the rest of its status as it is. */
export async function saveInfrastructure(
  store: Store,
  environment: string,
  change: {
    readonly infrastructure: (current: InfrastructureStatus) => InfrastructureStatus
    readonly said: (now: InfrastructureStatus) => readonly ConditionInput[]
    /** RFC 3339. */
    readonly at: string
  },
): Promise<InfrastructureStatus> {
  const object = await store.get('Environment', environment)
  if (object === undefined) return {}
  const saved = await save(store, object, (current) => {
    const status: EnvironmentStatus = current.status ?? {}
    const infrastructure = change.infrastructure(status.infrastructure ?? {})
    const conditions = change
      .said(infrastructure)
      .reduce<Condition[]>(
        (before, input) => setCondition(before, input, change.at),
        [...(status.conditions ?? [])],
      )
    return { ...status, infrastructure, conditions }
  })
  const status: EnvironmentStatus = saved.status ?? {}
  return status.infrastructure ?? {}
}

/** Writes a rollout's status; a person's request to abort that arrived meanwhile is kept. */
export async function saveRollout(
  store: Store,
  { object }: StoredRollout,
  status: RolloutStatus,
): Promise<StoredRollout> {
  return asRollout(await save(store, object, () => status))
}

async function save(
  store: Store,
  object: StoredObject,
  statusAfter: (current: StoredObject) => object,
): Promise<StoredObject> {
  let current = object
  for (let attempt = 1; ; attempt++) {
    try {
      const status = statusAfter(current) as Readonly<Record<string, unknown>>
      return await store.updateStatus({ ...current, status })
    } catch (error) {
      if (!(error instanceof PortError) || error.code !== 'Conflict' || attempt === MAXIMUM_TRIES) throw error
      const newer = await store.get(object.kind, object.metadata.name)
      if (newer === undefined) throw error
      current = newer
    }
  }
}
