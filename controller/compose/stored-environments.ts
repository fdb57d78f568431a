import type { Config } from '../config.ts'
import { ConfigError, readConfig } from '../config.ts'
import type { Controller } from '../engine/controller.ts'
import type { Clock } from '../ports/clock.ts'
import { PortError } from '../ports/error.ts'
import type { Store, StoredObject, WatchEvent } from '../ports/store.ts'
import { setCondition } from '../resources/conditions.ts'
import { ENVIRONMENT_LABEL, RELEASE_LABEL } from '../resources/metadata.ts'
import type { Condition, DefaultedEnvironment, EnvironmentStatus, SecretSource } from '../resources/types.ts'
import { EndingEnvironments } from './ending-environments.ts'
import type { StoredEnvironments } from './stores.ts'
import type { Telling } from './telemetry.ts'

/** How soon a store that did not answer is asked again, in milliseconds. */
const AGAIN_MS = 2_000

export interface FollowOptions {
  readonly config: Pick<Config, 'directory'>
  readonly controller: Pick<Controller, 'setEnvironments' | 'reconcile' | 'reconcileRelease' | 'mirrorAgain'>
  readonly store: Store
  /** What keeps deleted Environments in the store. */
  readonly environments: StoredEnvironments
  /** Has secrets ready to be read. */
  readonly prepare: (sources: readonly (SecretSource | undefined)[]) => Promise<void>
  readonly telling: Pick<Telling, 'telemetry' | 'log'>
  readonly clock: Clock
  readonly signal: AbortSignal
}

/**
 * Keeps the engine at the Environments that people have put into the store, and lets it look at once at what somebody else has changed there: a wish by
 * annotation, an edit of a Release, an object that was deleted. Until the signal; a store that does not answer is asked again.
 */
export async function followStoredEnvironments(options: FollowOptions): Promise<void> {
  const { telling, clock, signal } = options
  const following = new Following(options)
  while (!signal.aborted) {
    try {
      await following.untilExpired()
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof PortError)) throw error
      telling.log.warn(`the store can't be followed: ${error.message}`, { code: error.code })
      await clock.sleep(AGAIN_MS, signal).catch(() => undefined)
    }
  }
}

class Following {
  readonly #options: FollowOptions
  /** What people change of each object, as it was seen last, by uid. */
  readonly #seen = new Map<string, { readonly generation: number; readonly annotations: string }>()
  #taken = ''
  readonly #refused = new Map<string, string>()
  readonly #endings: EndingEnvironments

  constructor(options: FollowOptions) {
    this.#options = options
    this.#endings = new EndingEnvironments(options)
  }

  async untilExpired(): Promise<void> {
    const { store, signal, controller, environments } = this.#options
    const { items, resourceVersion } = await store.list('Environment')
    await this.#take(items)
    for (const { metadata } of items) {
      controller.reconcile(metadata.name)
      // What a process that died has left, or nothing.
      await environments.letGo(metadata.name)
    }
    for await (const event of store.watch({ resourceVersion, signal })) {
      if (event.type === 'EXPIRED') return
      await this.#hear(event)
    }
  }

  async #hear({ type, object }: Exclude<WatchEvent, { readonly type: 'EXPIRED' }>): Promise<void> {
    const { controller, store } = this.#options
    const { kind, metadata } = object
    if (kind === 'Rollout' || kind === 'Release') await this.#endings.lookAgain(object)
    const news = this.#newsOf(type, object)
    if (news === undefined) return
    if (kind === 'Environment') {
      await this.#take((await store.list('Environment')).items)
      controller.reconcile(metadata.name)
      return
    }
    const { [ENVIRONMENT_LABEL]: environment, [RELEASE_LABEL]: release } = metadata.labels ?? {}
    if (environment === undefined || release === undefined) return
    if (kind === 'Release' && news === 'Content') controller.mirrorAgain(environment)
    else controller.reconcileRelease({ environment, release })
  }

  /** What is new of an object: its content, or a wish in its annotations. A status is the engine's own, and nothing that it has to be told. */
  #newsOf(
    type: 'ADDED' | 'MODIFIED' | 'DELETED',
    { metadata }: StoredObject,
  ): 'Content' | 'Wish' | undefined {
    const { uid, generation, annotations = {}, deletionTimestamp } = metadata
    const before = this.#seen.get(uid)
    if (type === 'DELETED') {
      this.#seen.delete(uid)
      return 'Content'
    }
    const now = { generation, annotations: JSON.stringify([annotations, deletionTimestamp]) }
    this.#seen.set(uid, now)
    if (before?.generation !== generation) return 'Content'
    return before.annotations === now.annotations ? undefined : 'Wish'
  }

  /** Good Environments are taken over, of a bad one its status says why, and what was good before goes on. */
  async #take(objects: readonly StoredObject[]): Promise<void> {
    const { controller, telling, prepare } = this.#options
    const good: DefaultedEnvironment[] = []
    for (const object of objects) {
      const read = this.#read(object)
      if (read instanceof ConfigError) await this.#refuse(object, read)
      else good.push(read)
      if (!(read instanceof ConfigError)) this.#refused.delete(object.metadata.name)
    }
    const fingerprint = JSON.stringify(good)
    if (fingerprint !== this.#taken) {
      await prepare(good.flatMap(secretsOf))
      await controller.setEnvironments(good)
      this.#taken = fingerprint
      telling.telemetry.emit({ type: 'ConfigurationLoaded', environments: good.length })
    }
    await this.#endings.look(objects)
  }

  #read({ apiVersion, kind, metadata, spec }: StoredObject): DefaultedEnvironment | ConfigError {
    const text = JSON.stringify({ apiVersion, kind, metadata: { name: metadata.name }, spec })
    const path = `${kind}/${metadata.name}`
    const size = Buffer.byteLength(text)
    try {
      const { environments } = readConfig({
        files: [{ path, mode: 'file', size, text, validUtf8: true }],
        directory: this.#options.config.directory,
        variables: {},
        isInCluster: true,
      })
      const [environment] = environments
      return environment ?? new ConfigError([`${path} is no Environment`])
    } catch (error) {
      if (error instanceof ConfigError) return error
      throw error
    }
  }

  async #refuse(object: StoredObject, { message }: ConfigError): Promise<void> {
    const { store, telling, clock } = this.#options
    const { name, generation } = object.metadata
    const refused = `${generation} ${message}`
    if (this.#refused.get(name) === refused) return
    this.#refused.set(name, refused)
    telling.telemetry.emit({ type: 'ConfigurationRefused', file: `Environment/${name}`, message })
    const status: EnvironmentStatus = object.status ?? {}
    const at = new Date(clock.now()).toISOString()
    const said = { reason: 'ConfigurationRefused', message, observedGeneration: generation }
    const conditions = [
      { ...said, type: 'Ready', status: 'False' as const },
      { ...said, type: 'Stalled', status: 'True' as const },
    ].reduce<Condition[]>((before, input) => setCondition(before, input, at), [...(status.conditions ?? [])])
    await store
      .updateStatus({ ...object, status: { ...status, observedGeneration: generation, conditions } })
      .catch((error: unknown) => telling.log.warn('a status could not be written', { error }))
  }
}

/** What the controller reads for it. */
const secretsOf = ({ spec }: DefaultedEnvironment): readonly (SecretSource | undefined)[] => [
  spec.source.credentialsFrom,
  spec.source.signingKeyFrom,
  spec.webhookSecretFrom,
]
