import { finishedPhases } from '../../core/rollout/state.ts'
import { PortError } from '../../ports/error.ts'
import type { NewObject, Store, StoredObject } from '../../ports/store.ts'
import { ENVIRONMENT_LABEL } from '../../resources/metadata.ts'
import type { KubeClient } from './calls.ts'
import type { KubeObject } from './objects.ts'
import { pathOf } from './objects.ts'

/** Whom the cluster deletes an object with (https://kubernetes.io/docs/concepts/architecture/garbage-collection/). */
export interface OwnerReference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
}

/** Each rollout that runs holds its Environment by a finalizer of its own, so that none lets go for another. */
const FINALIZER = 'rollout.steersman.dev/'

/** Holds an Environment whose services are to be taken down with it, until they are. */
const DRAIN_FINALIZER = 'steersman.dev/finalizer'

/** Conflicts come from statuses and from people, so a few tries are plenty. */
const MAXIMUM_TRIES = 8

/** What lives and ends with an Environment: Releases and Rollouts are deleted with it, and it stays until no rollout of it runs. */
export class Ownership {
  readonly #client: Pick<KubeClient, 'request'>
  readonly #namespace: string

  constructor({
    client,
    namespace,
  }: {
    readonly client: Pick<KubeClient, 'request'>
    readonly namespace: string
  }) {
    this.#client = client
    this.#namespace = namespace
  }

  /** The owner of what shall be created in an environment; throws `EnvironmentDeleted` (wait) when that is on its way out, or gone. */
  async ownerOf(environment: string): Promise<OwnerReference> {
    const { metadata } = await this.#living(environment)
    const [name, uid] = [String(metadata['name']), String(metadata['uid'])]
    return { apiVersion: 'steersman.dev/v1alpha1', kind: 'Environment', name, uid }
  }

  /** Keeps the Environment until the rollout has ended; throws `EnvironmentDeleted` (wait) when it is too late for that. */
  async hold(environment: string, rollout: string): Promise<void> {
    await this.#change(
      () => this.#living(environment),
      (finalizers) =>
        finalizers.includes(FINALIZER + rollout) ? finalizers : [...finalizers, FINALIZER + rollout],
    )
  }

  /** Lets the Environment go for every rollout that has ended or is gone. */
  async letGo(environment: string, get: Store['get']): Promise<void> {
    const stored = await this.#read(environment)
    if (stored === undefined) return
    const held = finalizersOf(stored).filter((finalizer) => finalizer.startsWith(FINALIZER))
    const over = new Set<string>()
    for (const finalizer of held)
      if (!isRunning(await get('Rollout', finalizer.slice(FINALIZER.length)))) over.add(finalizer)
    if (over.size === 0) return
    await this.#change(
      () => this.#read(environment),
      (finalizers) => finalizers.filter((finalizer) => !over.has(finalizer)),
    )
  }

  /** Has the Environment stay, when it is deleted, until its services were taken down; or lets it go without that. One that is deleted already takes no new finalizer. */
  async keepForDrain(environment: string, isWanted: boolean): Promise<void> {
    await this.#change(
      () => this.#read(environment),
      (finalizers, isDeleted) => {
        const others = finalizers.filter((finalizer) => finalizer !== DRAIN_FINALIZER)
        if (!isWanted) return others
        return isDeleted || others.length < finalizers.length ? finalizers : [...finalizers, DRAIN_FINALIZER]
      },
    )
  }

  async #change(
    read: () => Promise<KubeObject | undefined>,
    change: (finalizers: readonly string[], isDeleted: boolean) => readonly string[],
  ): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const stored = await read()
      if (stored === undefined) return
      const before = finalizersOf(stored)
      const finalizers = change(before, stored.metadata['deletionTimestamp'] !== undefined)
      if (finalizers.length === before.length) return
      try {
        return await this.#write(stored, finalizers)
      } catch (error) {
        if (hasCode(error, 'NotFound')) continue
        if (!hasCode(error, 'Conflict') || tries >= MAXIMUM_TRIES) throw error
      }
    }
  }

  async #write({ metadata, spec }: KubeObject, finalizers: readonly string[]): Promise<void> {
    const { managedFields: _managed, ...kept } = metadata
    await this.#client.request({
      method: 'PUT',
      path: this.#path(String(metadata['name'])),
      query: { fieldManager: 'steersman' },
      body: {
        apiVersion: 'steersman.dev/v1alpha1',
        kind: 'Environment',
        metadata: { ...kept, finalizers },
        spec,
      },
    })
  }

  async #living(environment: string): Promise<KubeObject> {
    const stored = await this.#read(environment)
    if (stored !== undefined && stored.metadata['deletionTimestamp'] === undefined) return stored
    throw new PortError(`Environment ${environment} is deleted: nothing new begins in it`, {
      code: 'EnvironmentDeleted',
      handling: 'wait',
    })
  }

  async #read(environment: string): Promise<KubeObject | undefined> {
    try {
      return (await this.#client.request({ method: 'GET', path: this.#path(environment) })) as KubeObject
    } catch (error) {
      if (hasCode(error, 'NotFound')) return undefined
      throw error
    }
  }

  #path(environment: string): string {
    return `${pathOf('Environment', this.#namespace)}/${environment}`
  }
}

/** Undefined for what lies in no environment. */
export const environmentOf = ({ metadata }: Pick<NewObject, 'metadata'>): string | undefined =>
  metadata.labels?.[ENVIRONMENT_LABEL]

/** Whether a rollout is there that has not ended. */
export const isRunning = (rollout: StoredObject | undefined): boolean =>
  rollout !== undefined && !finishedPhases.some((phase) => phase === rollout.status?.['phase'])

const finalizersOf = ({ metadata }: KubeObject): readonly string[] =>
  Array.isArray(metadata['finalizers']) ? (metadata['finalizers'] as string[]) : []

const hasCode = (error: unknown, code: string): boolean => error instanceof PortError && error.code === code
