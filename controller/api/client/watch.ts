import type { Kind } from '../../ports/store.ts'
import type { AnyView, ViewEvent } from '../view.ts'
import type { Caller } from './caller.ts'
import { ApiError, unreachable } from './error.ts'
import { readEventStream } from './event-stream.ts'

/** Follows `GET /api/v1/watch` until the signal is aborted; throws ApiErrors `Expired` and `Disconnected`. */
export async function* watchThrough(
  caller: Caller,
  request: {
    readonly kinds?: readonly Kind[]
    readonly environment?: string
    readonly resourceVersion?: string
    readonly signal: AbortSignal
  },
): AsyncGenerator<ViewEvent> {
  const { kinds, environment, resourceVersion, signal } = request
  const stop = new AbortController()
  const ended = AbortSignal.any([signal, stop.signal])
  try {
    const response = await opened(caller, {
      query: { kinds: kinds?.join(','), environment, resourceVersion },
      stop,
      signal: ended,
    })
    for await (const { event, data } of readEventStream(response.body ?? noBody())) {
      if (event === 'EXPIRED') throw expired()
      if (event === 'ADDED' || event === 'MODIFIED' || event === 'DELETED')
        yield { type: event, object: JSON.parse(data) as AnyView }
    }
  } catch (error) {
    if (signal.aborted) return
    throw error instanceof ApiError ? error : disconnected(caller.server, error)
  } finally {
    stop.abort()
  }
  if (!signal.aborted) throw disconnected(caller.server, undefined)
}

/** The head has the caller's time to arrive; after it the stream may be as quiet as it likes. */
async function opened(
  caller: Caller,
  {
    query,
    stop,
    signal,
  }: {
    readonly query: Readonly<Record<string, string | undefined>>
    readonly stop: AbortController
    readonly signal: AbortSignal
  },
): Promise<Response> {
  const late = new DOMException('the watch was not answered in time', 'TimeoutError')
  const timer = setTimeout(() => stop.abort(late), caller.timeoutMs)
  try {
    return await caller.open({ path: ['watch'], query, headers: { accept: 'text/event-stream' }, signal })
  } catch (error) {
    throw stop.signal.aborted ? unreachable(late, caller.server, caller.timeoutMs) : error
  } finally {
    clearTimeout(timer)
  }
}

async function* noBody(): AsyncGenerator<Uint8Array> {
  // An answer without a body is a stream that has ended.
}

const expired = (): ApiError =>
  new ApiError('the watch lay too far behind', {
    code: 'Expired',
    status: 410,
    remedy: 'List again, then watch from there.',
  })

const disconnected = (server: string, cause: unknown): ApiError =>
  new ApiError(`${server} ended the stream`, {
    code: 'Disconnected',
    remedy: 'The controller may be restarting: list again, then watch from there.',
    ...(cause === undefined ? {} : { cause }),
  })
