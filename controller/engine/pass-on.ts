import type { ManagedRelease, Woken } from '../core/events/woken.ts'
import type { Clock } from '../ports/clock.ts'
import { PortError } from '../ports/error.ts'
import { annotations } from '../resources/annotations.ts'
import { ENVIRONMENT_LABEL, RELEASE_LABEL } from '../resources/metadata.ts'
import { releaseObjectName } from '../resources/names.ts'
import type { Engine, SharedStore } from './engine.ts'
import { asRelease } from './objects.ts'

/** Whoever leads writes now and then, and so does each controller that hears. */
const MAXIMUM_TRIES = 5

/**
 * The releases of an environment that another controller leads, as it has stored them. Which rules are its own, and whether its image is awaited, is known to the
 * other alone.
 */
export async function storedReleases(
  store: SharedStore,
  environment: string,
): Promise<readonly ManagedRelease[]> {
  const { items } = await store.list('Release', { labels: { [ENVIRONMENT_LABEL]: environment } })
  return items.map(asRelease).map(({ object: { metadata }, spec }) => ({
    name: metadata.labels?.[RELEASE_LABEL] ?? metadata.name,
    spec,
    waits: true,
    rules: [],
  }))
}

/** Lets the controller that leads the environment know, by a mark on the object that it watches; does nothing where there is no such object yet. */
export async function passOn(
  { store, clock }: { readonly store: SharedStore; readonly clock: Pick<Clock, 'now'> },
  { environment, release }: Woken,
): Promise<void> {
  const kind = release === undefined ? 'Environment' : 'Release'
  const name = release === undefined ? environment : releaseObjectName({ environment, release })
  for (let tries = 1; ; tries += 1) {
    const object = await store.get(kind, name)
    if (object === undefined) return
    const { metadata } = object
    const before = Date.parse(metadata.annotations?.[annotations.heard] ?? '')
    const at = new Date(Number.isNaN(before) ? clock.now() : Math.max(clock.now(), before + 1)).toISOString()
    try {
      const marks = { ...metadata.annotations, [annotations.heard]: at }
      await store.update({ ...object, metadata: { ...metadata, annotations: marks } })
      return
    } catch (error) {
      if (!(error instanceof PortError) || error.code !== 'Conflict' || tries === MAXIMUM_TRIES) throw error
    }
  }
}

/** Has it looked at with a look of its own: what a sweep saw before is not enough any more. */
export function lookAt(engine: Engine, { environment, release }: Woken): void {
  const state = engine.environments.get(environment)
  if (state === undefined) return
  state.connections.events?.outdate()
  if (release === undefined) return engine.enqueueEnvironment(environment)
  state.woken.set(release, engine.ports.clock.monotonic())
  engine.enqueuePatiently({ environment, release })
}

/** What another controller has heard of an environment that this one leads. */
export function takeUp(engine: Engine, woken: Woken): void {
  const desires = engine.environments.get(woken.environment)?.desires
  const waits = desires === undefined || [...desires.values()].some(({ kind }) => kind !== 'Ready')
  // Only whoever waits for an image asks for more than one release.
  if (woken.release !== undefined || waits) lookAt(engine, woken)
}
