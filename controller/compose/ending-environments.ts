import { isFinished } from '../core/rollout/state.ts'
import type { Controller } from '../engine/controller.ts'
import type { Clock } from '../ports/clock.ts'
import { PortError } from '../ports/error.ts'
import type { Store, StoredObject } from '../ports/store.ts'
import { annotations } from '../resources/annotations.ts'
import { ENVIRONMENT_LABEL, RELEASE_LABEL } from '../resources/metadata.ts'
import type { StoredEnvironments } from './stores.ts'
import type { Telling } from './telemetry.ts'

export interface EndingOptions {
  readonly store: Store
  readonly controller: Pick<Controller, 'reconcileRelease'>
  /** What keeps deleted Environments in the cluster. */
  readonly environments: StoredEnvironments
  readonly telling: Pick<Telling, 'telemetry'>
  readonly clock: Clock
}

/** Conflicts come from the engine's own writes of the status, so a few tries are plenty. */
const MAXIMUM_TRIES = 8

/** How an Environment ended at the last look. */
interface Ending {
  readonly isDrained: boolean
  readonly rollouts: number
  /** Which are still to be taken down; none where they may stay. */
  readonly releases: number
}

/**
 * Environments that somebody has deleted: a rollout that runs there goes back to the live side first; where the Environment says so its services are taken
 * down, which is the engine's work; and then the cluster may let the Environment go.
 */
export class EndingEnvironments {
  readonly #options: EndingOptions
  readonly #endings = new Map<string, Ending>()
  /** Whether an Environment that nobody has deleted yet is to be drained then, by its uid, as the cluster knows it. */
  readonly #kept = new Map<string, boolean>()

  constructor(options: EndingOptions) {
    this.#options = options
  }

  /** Looks at all Environments that there are. */
  async look(objects: readonly StoredObject[]): Promise<void> {
    const ending = objects.filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
    const names = new Set(ending.map(({ metadata }) => metadata.name))
    for (const name of this.#endings.keys()) if (!names.has(name)) this.#endings.delete(name)
    for (const object of objects) if (!ending.includes(object)) await this.#keep(object)
    for (const object of ending) await this.#end(object.metadata.name, isDrained(object))
  }

  /** Looks again at the environment of a rollout or a release that was changed, if that is on its way out. */
  async lookAgain({ metadata }: StoredObject): Promise<void> {
    const environment = metadata.labels?.[ENVIRONMENT_LABEL] ?? ''
    const known = this.#endings.get(environment)
    if (known !== undefined) await this.#end(environment, known.isDrained)
  }

  /** Only while it is not deleted can the cluster be told to keep it then. */
  async #keep(object: StoredObject): Promise<void> {
    const { name, uid } = object.metadata
    const isWanted = isDrained(object)
    if (this.#kept.get(uid) === isWanted) return
    await this.#options.environments.keepForDrain(name, isWanted)
    this.#kept.set(uid, isWanted)
  }

  async #end(environment: string, drained: boolean): Promise<void> {
    const { store, environments } = this.#options
    const query = { labels: { [ENVIRONMENT_LABEL]: environment } }
    const { items } = await store.list('Rollout', query)
    const running = items.filter(({ status }) => !isFinished(status))
    const left = drained ? (await store.list('Release', query)).items.length : 0
    this.#tell(environment, { isDrained: drained, rollouts: running.length, releases: left })
    for (const { metadata } of running) await this.#abort(metadata.name)
    await environments.letGo(environment)
    if (running.length === 0 && left === 0) await environments.keepForDrain(environment, false)
  }

  #tell(environment: string, ending: Ending): void {
    const { telemetry } = this.#options.telling
    const before = this.#endings.get(environment)
    this.#endings.set(environment, ending)
    const { rollouts, releases } = ending
    if (rollouts > 0 && before?.rollouts !== rollouts)
      telemetry.emit({ type: 'EnvironmentEnding', environment, rollouts })
    if (ending.isDrained && before?.releases !== releases)
      telemetry.emit({ type: 'EnvironmentDraining', environment, releases })
  }

  /** Asks once: an abort that a person has withdrawn since lets the rollout come to its own end. */
  async #abort(rollout: string): Promise<void> {
    const { store, controller, clock } = this.#options
    for (let tries = 1; ; tries += 1) {
      const object = await store.get('Rollout', rollout)
      const marks = object?.metadata.annotations ?? {}
      if (object === undefined || isFinished(object.status) || marks[annotations.abort] !== undefined) return
      try {
        await store.update(asked(object, clock))
        const { [ENVIRONMENT_LABEL]: environment, [RELEASE_LABEL]: release } = object.metadata.labels ?? {}
        if (environment !== undefined && release !== undefined)
          controller.reconcileRelease({ environment, release })
        return
      } catch (error) {
        const isConflict = error instanceof PortError && error.code === 'Conflict'
        if (!isConflict || tries >= MAXIMUM_TRIES) throw error
      }
    }
  }
}

const isDrained = ({ spec }: StoredObject): boolean => spec['deletionPolicy'] === 'Drain'

const asked = (object: StoredObject, clock: Clock): StoredObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    annotations: {
      ...object.metadata.annotations,
      [annotations.abort]: new Date(clock.now()).toISOString(),
      [annotations.abortBy]: 'steersman',
      [annotations.abortReason]: 'its Environment is deleted',
    },
  },
})
