import type { EnvironmentStatus } from '../../resources/types.ts'
import { PortError } from '../../ports/error.ts'
import type { StoredObject } from '../../ports/store.ts'
import type { Engine, EnvironmentState } from '../engine.ts'
import { annotations } from '../../resources/annotations.ts'

/** A reconcile of the environment as it was until now may write its status at the same time. */
const ATTEMPTS = 5

/**
 * The Environment in the store: a mirror of the configuration to which the store adds status and annotations, or a person's own object, which is left as it
 * is. Throws `NotFound` (retry) when that person has just deleted it.
 */
export async function ensureEnvironment(
  engine: Pick<Engine, 'ports' | 'settings'>,
  state: Pick<EnvironmentState, 'environment'>,
): Promise<StoredObject> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ensureOnce(engine, state)
    } catch (error) {
      const isOvertaken = error instanceof PortError && error.code === 'Conflict'
      if (!isOvertaken || attempt === ATTEMPTS) throw error
    }
  }
}

async function ensureOnce(
  engine: Pick<Engine, 'ports' | 'settings'>,
  state: Pick<EnvironmentState, 'environment'>,
): Promise<StoredObject> {
  const { store } = engine.ports
  const name = state.environment.metadata.name
  const spec = storedSpec(state.environment.spec)
  const object = await store.get('Environment', name)
  if (engine.settings.environmentsAreStored === true) return there(object, name)
  if (object === undefined)
    return store.create({ kind: 'Environment', metadata: { name }, spec, status: { observedGeneration: -1 } })
  return JSON.stringify(object.spec) === JSON.stringify(spec) ? object : store.update({ ...object, spec })
}

function there(object: StoredObject | undefined, name: string): StoredObject {
  if (object !== undefined) return object
  throw new PortError(`Environment ${name} does not exist`, { code: 'NotFound', handling: 'retry' })
}

/** A password in the repository's address is for git alone: the store's files are read by backups and people. */
export function storedSpec(spec: EnvironmentState['environment']['spec']): Readonly<Record<string, unknown>> {
  const repository = spec.source.repository.replace(/^(https?:\/\/)[^/?#]*@/i, '$1')
  return { ...spec, source: { ...spec.source, repository } }
}

/** A person's `resume` that was not acted on yet: its time. */
export function openResume(object: StoredObject, status: EnvironmentStatus): string | undefined {
  const at = object.metadata.annotations?.[annotations.resumed]
  return at === status.resumed?.at ? undefined : at
}

/** What a push of ours leaves: what is deployed now. What a person accepted is over with it, so that the same tag put there once more is a new hold. */
export function deployedNow(
  { resumed, ...status }: EnvironmentStatus,
  { number, commit }: { readonly number: number; readonly commit: string },
): EnvironmentStatus {
  const { tagObject: _accepted, ...rest } = resumed ?? { at: '' }
  return { ...status, ...(resumed === undefined ? {} : { resumed: rest }), deployed: { number, commit } }
}
