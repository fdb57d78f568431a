import type { Clock } from '../ports/clock.ts'
import type { Store, StoredObject } from '../ports/store.ts'
import { RELEASE_LABEL } from '../resources/metadata.ts'
import type { Engine } from './engine.ts'
import { environmentOf } from './led-store.ts'

/** How soon a watch is begun anew that ended, in milliseconds. */
const AGAIN_MS = 1_000

/** People ask by way of any controller: what they have marked is looked at by the one that leads. */
export function followMarks(engine: Engine): Promise<void> {
  const { ports, environments, leads, stopping } = engine
  return followStore({
    store: ports.store,
    clock: ports.clock,
    signal: stopping,
    onMarked: ({ environment, release }) => {
      if (!environments.has(environment) || !leads.of(environment).holds()) return
      if (release === undefined) engine.enqueueEnvironment(environment)
      else engine.enqueueRelease({ environment, release })
    },
    onMissed: () => {
      for (const name of environments.keys()) engine.enqueueEnvironment(name)
    },
  })
}

/**
 * Tells of objects whose annotations changed, until the signal: requests of people are annotations, and may have come in by another process. What the
 * engine itself writes is status, and wakes nobody.
 */
export async function followStore({
  store,
  clock,
  signal,
  onMarked,
  onMissed,
}: {
  readonly store: Pick<Store, 'watch'>
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onMarked: (subject: { readonly environment: string; readonly release: string | undefined }) => void
  /** Something may have been marked that nobody can tell any more. */
  readonly onMissed: () => void
}): Promise<void> {
  const marks = new Map<string, string>()
  while (!signal.aborted) {
    try {
      for await (const event of store.watch({ signal })) {
        if (event.type === 'EXPIRED') onMissed()
        else if (event.type === 'DELETED') marks.delete(event.object.metadata.uid)
        else if (isMarked(event.object, marks)) onMarked(subjectOf(event.object))
      }
    } catch {
      // Trouble with the store is told by everybody who reads or writes; what was missed is looked at then.
      onMissed()
    }
    await clock.sleep(AGAIN_MS, signal).catch(() => undefined)
  }
}

/** Whether annotations changed since the object was last seen. */
function isMarked({ metadata }: StoredObject, marks: Map<string, string>): boolean {
  const now = JSON.stringify(metadata.annotations ?? {})
  const before = marks.get(metadata.uid) ?? '{}'
  marks.set(metadata.uid, now)
  return now !== before
}

const subjectOf = (
  object: StoredObject,
): { readonly environment: string; readonly release: string | undefined } => ({
  environment: environmentOf(object),
  release: object.kind === 'Environment' ? undefined : object.metadata.labels?.[RELEASE_LABEL],
})
