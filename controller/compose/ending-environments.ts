import { isFinished } from '../core/rollout/state.ts'
import type { Controller } from '../engine/controller.ts'
import { PortError } from '../ports/error.ts'
import type { Store, StoredObject } from '../ports/store.ts'
import { annotations } from '../resources/annotations.ts'
import { ENVIRONMENT_LABEL, RELEASE_LABEL } from '../resources/metadata.ts'
import type { Telling } from './telemetry.ts'

export interface EndingOptions {
  readonly store: Store
  readonly controller: Pick<Controller, 'reconcileRelease'>
  /** Lets the cluster forget an Environment for every rollout that has ended. */
  readonly letGo: (environment: string) => Promise<void>
  readonly telling: Pick<Telling, 'telemetry'>
}

/** Conflicts come from the engine's own writes of the status, so a few tries are plenty. */
const MAXIMUM_TRIES = 8

/** Environments that somebody has deleted: a rollout that runs there goes back to the live side first, and then the cluster may let the Environment go. */
export class EndingEnvironments {
  readonly #options: EndingOptions
  /** How many rollouts ran at the last look. */
  readonly #running = new Map<string, number>()

  constructor(options: EndingOptions) {
    this.#options = options
  }

  /** Looks at all Environments that there are. */
  async look(objects: readonly StoredObject[]): Promise<void> {
    const ending = objects.filter(({ metadata }) => metadata.deletionTimestamp !== undefined)
    const names = new Set(ending.map(({ metadata }) => metadata.name))
    for (const name of this.#running.keys()) if (!names.has(name)) this.#running.delete(name)
    for (const name of names) await this.#end(name)
  }

  /** Looks again at the environment of a rollout that was changed, if that is on its way out. */
  async lookAgain({ metadata }: StoredObject): Promise<void> {
    const environment = metadata.labels?.[ENVIRONMENT_LABEL]
    if (environment !== undefined && this.#running.has(environment)) await this.#end(environment)
  }

  async #end(environment: string): Promise<void> {
    const { store, telling, letGo } = this.#options
    const { items } = await store.list('Rollout', { labels: { [ENVIRONMENT_LABEL]: environment } })
    const running = items.filter(({ status }) => !isFinished(status))
    if (running.length > 0 && this.#running.get(environment) !== running.length)
      telling.telemetry.emit({ type: 'EnvironmentEnding', environment, rollouts: running.length })
    this.#running.set(environment, running.length)
    for (const { metadata } of running) await this.#abort(metadata.name)
    await letGo(environment)
  }

  /** Asks once: an abort that a person has withdrawn since lets the rollout come to its own end. */
  async #abort(rollout: string): Promise<void> {
    const { store, controller } = this.#options
    for (let tries = 1; ; tries += 1) {
      const object = await store.get('Rollout', rollout)
      const marks = object?.metadata.annotations ?? {}
      if (object === undefined || isFinished(object.status) || marks[annotations.abort] !== undefined) return
      try {
        await store.update(asked(object))
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

const asked = (object: StoredObject): StoredObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    annotations: {
      ...object.metadata.annotations,
      [annotations.abort]: new Date().toISOString(),
      [annotations.abortBy]: 'steersman',
      [annotations.abortReason]: 'its Environment is deleted',
    },
  },
})
