import type { Clock } from '../ports/clock.ts'
import type { Store, StoredObject } from '../ports/store.ts'
import type { Woken } from '../core/events/woken.ts'
import { annotations } from '../resources/annotations.ts'
import { RELEASE_LABEL } from '../resources/metadata.ts'
import type { Engine } from './engine.ts'
import { environmentOf } from './led-store.ts'
import { takeUp } from './pass-on.ts'

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
    onHeard: (woken) => {
      if (environments.has(woken.environment) && leads.of(woken.environment).holds()) takeUp(engine, woken)
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
  onHeard,
  onMissed,
}: {
  readonly store: Pick<Store, 'watch'>
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onMarked: (subject: Woken) => void
  /** Nobody asks for anything, but something may have changed. */
  readonly onHeard: (subject: Woken) => void
  /** Something may have been marked that nobody can tell any more. */
  readonly onMissed: () => void
}): Promise<void> {
  const marks = new Map<string, Marks>()
  const tell = (object: StoredObject): void => {
    const before = marks.get(object.metadata.uid)
    const now = marksOf(object)
    marks.set(object.metadata.uid, now)
    if (now.asked !== (before?.asked ?? '{}')) onMarked(subjectOf(object))
    else if (now.heard !== before?.heard) onHeard(subjectOf(object))
  }
  while (!signal.aborted) {
    try {
      for await (const event of store.watch({ signal })) {
        if (event.type === 'EXPIRED') onMissed()
        else if (event.type === 'DELETED') marks.delete(event.object.metadata.uid)
        else tell(event.object)
      }
    } catch {
      // Trouble with the store is told by everybody who reads or writes; what was missed is looked at then.
      onMissed()
    }
    await clock.sleep(AGAIN_MS, signal).catch(() => undefined)
  }
}

/** An object's annotations: what people ask for, and what a controller has heard. */
interface Marks {
  readonly asked: string
  readonly heard: string | undefined
}

function marksOf({ metadata }: StoredObject): Marks {
  const { [annotations.heard]: heard, ...asked } = metadata.annotations ?? {}
  return { asked: JSON.stringify(asked), heard }
}

const subjectOf = (object: StoredObject): Woken => ({
  environment: environmentOf(object),
  release: object.kind === 'Environment' ? undefined : object.metadata.labels?.[RELEASE_LABEL],
})
