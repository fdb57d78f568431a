import type { Fence, NewObject, Store, StoredObject } from '../../ports/store.ts'
import type { KubeStoreOptions } from './kube-store.ts'
import { createKubeStore } from './kube-store.ts'
import { environmentOf, isRunning, Ownership } from './ownership.ts'

export interface OwnedStore {
  readonly store: Store
  /** Lets an Environment go for every rollout that has ended: what a process that died in between has left, too. */
  readonly letGo: (environment: string) => Promise<void>
  /** Has an Environment stay, when it is deleted, until its services were taken down, or lets it go without that. */
  readonly keepForDrain: (environment: string, isWanted: boolean) => Promise<void>
}

/**
 * The store in which Releases and Rollouts belong to their Environment: the cluster deletes them with it. A Rollout is there before its hold on the
 * Environment, and does nothing yet; where the hold comes too late it is taken back, so that no rollout ever runs without one.
 */
export function createOwnedStore(options: KubeStoreOptions): OwnedStore {
  const ownership = new Ownership(options)
  const inner = createKubeStore({
    ...options,
    ownerOf: async (object) => {
      const environment = environmentOf(object)
      return environment === undefined ? undefined : ownership.ownerOf(environment)
    },
  })
  const letGo = (environment: string): Promise<void> =>
    ownership.letGo(environment, (kind, name) => inner.get(kind, name))
  const store: Store = {
    get: (kind, name) => inner.get(kind, name),
    list: (kind, query) => inner.list(kind, query),
    update: (object) => inner.update(object),
    delete: (kind, name) => inner.delete(kind, name),
    watch: (query) => inner.watch(query),
    create,
    updateStatus,
  }
  const keepForDrain = (environment: string, isWanted: boolean): Promise<void> =>
    ownership.keepForDrain(environment, isWanted)
  return { store, letGo, keepForDrain }

  async function create(object: NewObject, fence?: Fence): Promise<StoredObject> {
    const created = await inner.create(object, fence)
    const environment = environmentOf(created)
    if (object.kind !== 'Rollout' || environment === undefined) return created
    try {
      await ownership.hold(environment, created.metadata.name)
    } catch (error) {
      await inner.delete('Rollout', created.metadata.name).catch(() => undefined)
      throw error
    }
    return created
  }

  /** The end is stored before the Environment is let go; what fails in between is made up for when it is looked at next. */
  async function updateStatus(object: StoredObject, fence?: Fence): Promise<StoredObject> {
    const updated = await inner.updateStatus(object, fence)
    const environment = environmentOf(updated)
    if (updated.kind === 'Rollout' && environment !== undefined && !isRunning(updated))
      await letGo(environment).catch(() => undefined)
    return updated
  }
}
