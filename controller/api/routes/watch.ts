import type { FastifyInstance } from 'fastify'
import type { ServerResponse } from 'node:http'
import type { Kind, StoredObject, WatchEvent } from '../../ports/store.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Identity } from '../access/tokens.ts'
import { maySee } from '../access/tokens.ts'
import type { ApiContext } from '../context.ts'
import { environmentOf } from '../lists.ts'
import { badRequest, RequestError } from '../request-error.ts'
import type { Guard } from '../server/guard.ts'
import { streamHeaders } from '../server/headers.ts'
import { openEventStream } from './event-stream.ts'
import { viewOf } from '../view.ts'

const MAXIMUM_STREAMS = 100
const kinds: readonly Kind[] = ['Environment', 'Release', 'Rollout']

/** How long a store may take to say that it can't go back so far; after it the stream has begun, and says so itself. */
const EXPIRY_MS = 250

interface WatchQuery {
  readonly kinds?: string
  readonly environment?: string
  readonly resourceVersion?: string
}

/**
 * `GET /api/v1/watch`: changes as server-sent events whose ids are resource versions, so that a client which comes back with Last-Event-ID
 * misses nothing. A client that reads too slowly is cut off. Every stream ends when `stopped` is aborted.
 */
export function addWatch(
  app: FastifyInstance,
  {
    guard,
    context,
    stopped,
  }: { readonly guard: Guard; readonly context: ApiContext; readonly stopped: AbortSignal },
): void {
  let streams = 0
  app.get<{ Querystring: WatchQuery }>(
    '/api/v1/watch',
    {
      schema: { querystring: querySchema },
      onRequest: async (request) => {
        guard.identify(request, 'viewer')
      },
    },
    async (request, reply) => {
      const identity = guard.identify(request, 'viewer')
      const wanted = wantedOf(request.query, identity)
      const lastId = request.headers['last-event-id']
      const after = typeof lastId === 'string' && lastId !== '' ? lastId : request.query.resourceVersion
      if (streams >= MAXIMUM_STREAMS) throw tooMany()
      streams += 1
      const closed = new AbortController()
      reply.raw.once('close', () => closed.abort())
      const signal = AbortSignal.any([closed.signal, stopped])
      try {
        const events = await begin(context, { wanted, after, signal })
        reply.hijack()
        await follow(reply.raw, { events, wanted, clock: context.clock, signal })
      } finally {
        closed.abort()
        streams -= 1
      }
    },
  )
}

interface Wanted {
  readonly kinds: readonly Kind[]
  readonly isSeen: (object: StoredObject) => boolean
}

function wantedOf(query: WatchQuery, identity: Identity): Wanted {
  const names = query.kinds?.split(',') ?? kinds
  const chosen = kinds.filter((kind) => names.includes(kind))
  if (chosen.length !== new Set(names).size)
    throw badRequest('`kinds` names a kind that does not exist', `Give some of ${kinds.join(',')}.`)
  return {
    kinds: chosen,
    isSeen: (object) => {
      const environment = environmentOf(object)
      return (
        maySee(identity, environment) &&
        (query.environment === undefined || query.environment === environment)
      )
    },
  }
}

type Events = AsyncIterator<WatchEvent>

/** Starts the watch; throws 410 when the store says at once that it can't go back so far. */
async function begin(
  { store, clock }: ApiContext,
  from: { readonly wanted: Wanted; readonly after: string | undefined; readonly signal: AbortSignal },
): Promise<AsyncIterable<WatchEvent>> {
  const { wanted, after, signal } = from
  const options = { kinds: wanted.kinds, signal, ...(after === undefined ? {} : { resourceVersion: after }) }
  const events = store.watch(options)[Symbol.asyncIterator]()
  const first = events.next()
  first.catch(() => undefined)
  if (after !== undefined) {
    const early = await soon(first, clock)
    if (early?.done === false && early.value.type === 'EXPIRED') throw expired()
  }
  return continued(first, events)
}

async function* continued(
  first: Promise<IteratorResult<WatchEvent>>,
  events: Events,
): AsyncGenerator<WatchEvent> {
  try {
    for (let next = await first; next.done !== true; next = await events.next()) yield next.value
  } finally {
    await events.return?.()
  }
}

async function soon<Value>(value: Promise<Value>, clock: Clock): Promise<Value | undefined> {
  let cancel = (): void => undefined
  const late = new Promise<undefined>((resolve) => {
    cancel = clock.setTimer(EXPIRY_MS, () => resolve(undefined))
  })
  try {
    return await Promise.race([value, late])
  } finally {
    cancel()
  }
}

async function follow(
  response: ServerResponse,
  stream: {
    readonly events: AsyncIterable<WatchEvent>
    readonly wanted: Wanted
    readonly clock: Clock
    readonly signal: AbortSignal
  },
): Promise<void> {
  const { events, wanted, clock, signal } = stream
  response.writeHead(200, streamHeaders)
  const out = openEventStream(response, { clock, signal })
  try {
    for await (const event of events) {
      if (signal.aborted) break
      if (event.type === 'EXPIRED') {
        await out.send({ event: 'EXPIRED', data: '{}' })
        break
      }
      if (!wanted.isSeen(event.object)) continue
      const { resourceVersion: id } = event.object.metadata
      const isTaken = await out.send({ id, event: event.type, data: JSON.stringify(viewOf(event.object)) })
      if (!isTaken) break
    }
  } catch {
    // The head is out, so there is no status left to tell it by: the stream ends, and the client comes back and is told then.
  } finally {
    out.close()
  }
}

const querySchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    kinds: { type: 'string', minLength: 1, maxLength: 100 },
    environment: { type: 'string', minLength: 1, maxLength: 63 },
    resourceVersion: { type: 'string', minLength: 1, maxLength: 100 },
  },
}

const expired = (): RequestError =>
  new RequestError(410, {
    code: 'Expired',
    message: 'what happened since that version is no longer known',
    remedy: 'List again, then watch from the resourceVersion of the list.',
  })

const tooMany = (): RequestError =>
  new RequestError(503, {
    code: 'TooManyStreams',
    message: `${MAXIMUM_STREAMS} streams are open already`,
    remedy: 'Close some, or poll the lists.',
  })
