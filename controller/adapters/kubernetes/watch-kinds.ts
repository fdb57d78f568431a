import type { WatchEvent } from '../../ports/store.ts'

/** How many events may wait for a reader, and no more: one that lies so far behind lists again. */
const BACKLOG = 10_000

export interface WatchKinds {
  /** Resolves to the version to begin after; to undefined when there is no such version. */
  readonly started: Promise<string | undefined>
  readonly changesOf: readonly ((after: string, signal: AbortSignal) => AsyncIterable<WatchEvent>)[]
  readonly signal: AbortSignal
}

/** Several watches as one. The server orders the changes of a kind; between kinds there is no order that anybody may rely on. */
export async function* watchKinds({ started, changesOf, signal }: WatchKinds): AsyncGenerator<WatchEvent> {
  const after = await started
  if (after === undefined) {
    yield { type: 'EXPIRED' }
    return
  }
  const ended = new AbortController()
  const waiting: WatchEvent[] = []
  let failure: { readonly error: unknown } | undefined
  let wake = (): void => undefined
  const readers = changesOf.map(async (changes) => {
    for await (const event of changes(after, AbortSignal.any([signal, ended.signal]))) {
      if (waiting.length >= BACKLOG) waiting.splice(0, Infinity, { type: 'EXPIRED' })
      else waiting.push(event)
      wake()
    }
  })
  for (const reader of readers)
    reader.catch((error: unknown) => {
      failure ??= { error }
      wake()
    })
  const stop = (): void => wake()
  signal.addEventListener('abort', stop, { once: true })
  try {
    while (!signal.aborted) {
      const event = waiting.shift()
      if (event !== undefined) {
        yield event
        if (event.type === 'EXPIRED') return
      } else if (failure === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      } else throw failure.error
    }
  } finally {
    signal.removeEventListener('abort', stop)
    ended.abort()
    await Promise.allSettled(readers)
  }
}
