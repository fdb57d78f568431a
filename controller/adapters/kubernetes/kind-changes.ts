import type { Clock } from '../../ports/clock.ts'
import { PortError } from '../../ports/error.ts'
import type { Kind, WatchEvent } from '../../ports/store.ts'
import type { KubeClient } from './calls.ts'
import type { KubeObject } from './objects.ts'
import { fromKube } from './objects.ts'

/** One line of a watch (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes). */
interface Line {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  readonly object: KubeObject & { readonly code?: number; readonly message?: string }
}

/** The longest wait between two attempts, in milliseconds. */
const LONGEST_MS = 30_000

/**
 * What happens to the objects of one kind after a version. A stream that ends, breaks or can't be opened is begun again where it ended, which bookmarks keep
 * near the present; when the server no longer knows what happened since, `EXPIRED` is the last event. Throws what only a person can mend.
 */
export async function* kindChanges({
  kind,
  after,
  client,
  path,
  retryMs,
  clock,
  signal,
}: {
  readonly kind: Kind
  readonly after: string
  readonly client: Pick<KubeClient, 'stream'>
  readonly path: string
  readonly retryMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
}): AsyncGenerator<WatchEvent> {
  let seen = after
  let failures = 0
  while (!signal.aborted) {
    try {
      const query = { watch: 'true', allowWatchBookmarks: 'true', resourceVersion: seen }
      for await (const line of client.stream({ path, query }, signal)) {
        const { type, object } = checked(line as Line)
        failures = 0
        seen = String(object.metadata['resourceVersion'])
        if (type !== 'BOOKMARK') yield { type, object: fromKube(kind, object) }
      }
    } catch (error) {
      if (!(error instanceof PortError) || error.handling !== 'retry') throw error
      if (error.code === 'Expired') {
        yield { type: 'EXPIRED' }
        return
      }
      failures += 1
    }
    const pauseMs = Math.min(LONGEST_MS, retryMs * 2 ** Math.min(failures, 10))
    await clock.sleep(pauseMs, signal).catch(() => undefined)
  }
}

type Change = Line & { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' }

/** An error comes as a line like any other, in a stream that was answered with 200. */
function checked(line: Line): Change {
  const { type, object } = line
  if (type !== 'ERROR') return { type, object }
  throw new PortError(`the watch was ended: ${object.message ?? 'no reason given'}`, {
    code: object.code === 410 ? 'Expired' : 'StoreUnavailable',
    handling: 'retry',
  })
}
