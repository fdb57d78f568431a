import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createClient } from '../../controller/api/client.ts'
import type { StreamMessage } from '../../controller/api/client/event-stream.ts'
import { readEventStream } from '../../controller/api/client/event-stream.ts'
import type { Store, StoredObject } from '../../controller/ports/store.ts'
import { eventually } from '../support/eventually.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { environmentObject, releaseObject } from './objects.ts'
import { ask, fill, start } from './start.ts'

interface Opened {
  readonly response: Response
  readonly messages: AsyncGenerator<StreamMessage>
  readonly stop: () => void
}

async function open(url: string, query = '', headers: Record<string, string> = {}): Promise<Opened> {
  const stop = new AbortController()
  const response = await fetch(`${url}/api/v1/watch${query}`, { headers, signal: stop.signal })
  return {
    response,
    messages: readEventStream(response.body ?? new ReadableStream()),
    stop: () => stop.abort(),
  }
}

async function take({ messages }: Opened, count: number): Promise<StreamMessage[]> {
  const taken: StreamMessage[] = []
  while (taken.length < count) {
    const next = await messages.next()
    if (next.done === true) throw new Error(`the stream ended after ${taken.length} messages`)
    taken.push(next.value)
  }
  return taken
}

const told = ({ event, data, id }: StreamMessage): string =>
  `${id} ${event} ${(JSON.parse(data) as StoredObject).metadata.name}`

const pending = async (store: Store, name: string, count: number): Promise<void> => {
  const object = await store.get('Environment', name)
  if (object !== undefined) await store.updateStatus({ ...object, status: { pending: count } })
}

describe('GET /api/v1/watch', () => {
  it('tells every change after the version of a list, with the version as id', async () => {
    const { url, store } = await start()
    await fill(store)
    const stream = await open(url, '?resourceVersion=7')
    await pending(store, 'demo', 1)
    await store.create(releaseObject({ environment: 'demo', release: 'api' }))
    await store.delete('Release', 'demo-api')
    expect(stream.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect((await take(stream, 3)).map(told)).toEqual([
      '8 MODIFIED demo',
      '9 ADDED demo-api',
      '10 DELETED demo-api',
    ])
    stream.stop()
  })

  it.each([
    ['?kinds=Release', ['2 ADDED demo-web', '4 ADDED prod-web']],
    ['?kinds=Environment,Release&environment=prod', ['3 ADDED prod', '4 ADDED prod-web']],
    ['?environment=demo&kinds=Rollout', ['5 ADDED demo-web-1', '6 ADDED demo-web-2']],
  ])('%s tells only those', async (query, expected) => {
    const { url, store } = await start()
    await fill(store)
    const stream = await open(url, query, { 'last-event-id': '0' })
    expect((await take(stream, expected.length)).map(told)).toEqual(expected)
    stream.stop()
  })

  it('goes on where a client was cut off, and misses nothing', async () => {
    const { url, store } = await start()
    await fill(store)
    const first = await open(url, '?resourceVersion=0')
    const seen = await take(first, 3)
    first.stop()
    await pending(store, 'demo', 1)
    const second = await open(url, '?resourceVersion=0', { 'last-event-id': seen.at(-1)?.id ?? '' })
    expect((await take(second, 5)).map(told)).toEqual([
      '4 ADDED prod-web',
      '5 ADDED demo-web-1',
      '6 ADDED demo-web-2',
      '7 ADDED prod-web-1',
      '8 MODIFIED demo',
    ])
    second.stop()
  })

  it.each(['1', '999999', 'nonsense'])(
    'answers 410 to version %s, which it cannot go on from',
    async (version) => {
      const { url, store } = await start({ watchBacklog: 3 })
      await fill(store)
      expect(await ask(`${url}/api/v1/watch?resourceVersion=${version}`)).toMatchObject({
        status: 410,
        body: { error: { code: 'Expired' } },
      })
      expect((await ask(`${url}/api/v1/watch`, { headers: { 'last-event-id': version } })).status).toBe(410)
    },
  )

  it('shows a token only its own environments', async () => {
    const tokens = [{ name: 'deon', role: 'viewer', environments: ['prod'], token: 'token-of-deon' }] as const
    const { url, store } = await start({ tokens })
    await fill(store)
    const stream = await open(url, '?resourceVersion=0', { authorization: 'Bearer token-of-deon' })
    expect((await take(stream, 3)).map(told)).toEqual([
      '3 ADDED prod',
      '4 ADDED prod-web',
      '7 ADDED prod-web-1',
    ])
    stream.stop()
  })

  it('shows views: no content of a task definition', async () => {
    const { url, store } = await start()
    const stream = await open(url, '', { 'last-event-id': '0' })
    const taskDefinition = { inline: { containerDefinitions: [{ environment: [{ value: 'hunter2' }] }] } }
    await store.create(releaseObject({ environment: 'demo', release: 'web' }, {}, { taskDefinition }))
    const [message] = await take(stream, 1)
    expect(message?.data).not.toContain('hunter2')
    stream.stop()
  })

  it('beats every 15 seconds', async () => {
    const clock = new FakeClock()
    const { url } = await start({ clock })
    const { response, stop } = await open(url)
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader?.read())?.value).toBe(': alive\n\n')
    await clock.advance(15_000)
    expect((await reader?.read())?.value).toBe(': alive\n\n')
    stop()
  })

  it('opens at most 100 streams, and others again when some have ended', async () => {
    const { url } = await start()
    const streams: Opened[] = []
    for (let count = 0; count < 100; count += 1) streams.push(await open(url))
    expect(await ask(`${url}/api/v1/watch`)).toMatchObject({
      status: 503,
      body: { error: { code: 'TooManyStreams' } },
    })
    streams.pop()?.stop()
    const again = await eventually(
      () => open(url),
      ({ response }) => response.status === 200,
    )
    for (const { stop } of [...streams, again]) stop()
  })

  it('cuts off a client that does not read', async () => {
    const clock = new FakeClock()
    const { url, store } = await start({ clock })
    await store.create(environmentObject('demo'))
    const response = await new Promise<IncomingMessage>((resolve) => {
      get(`${url}/api/v1/watch`, resolve)
    })
    response.pause()
    const idle = clock.pending
    const text = 'x'.repeat(500_000)
    for (let count = 0; count < 40 && clock.pending === idle; count += 1) {
      const object = await store.get('Environment', 'demo')
      if (object !== undefined) await store.updateStatus({ ...object, status: { note: `${count}${text}` } })
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(clock.pending).toBe(idle + 1)
    const ended = new Promise((resolve) => response.once('error', resolve).once('close', resolve))
    await clock.advance(30_000)
    response.resume()
    await ended
    expect(response.complete).toBe(false)
  })

  it('ends every stream when the API is closed', async () => {
    const { url, api } = await start()
    const stream = await open(url)
    const ended = stream.messages.next().catch(() => ({ done: true }))
    await api.close()
    expect(await ended).toMatchObject({ done: true })
  })
})

describe("the client's watch", () => {
  it('gives the changes as objects', async () => {
    const { url, store } = await start()
    await fill(store)
    const client = createClient({ server: url, timeoutMs: 5_000 })
    const stop = new AbortController()
    const seen: string[] = []
    const { metadata } = await client.releases()
    await pending(store, 'demo', 1)
    await pending(store, 'prod', 1)
    for await (const { type, object } of client.watch({
      resourceVersion: metadata.resourceVersion,
      signal: stop.signal,
    })) {
      seen.push(`${type} ${object.kind} ${object.metadata.name}`)
      if (seen.length === 2) stop.abort()
    }
    expect(seen).toEqual(['MODIFIED Environment demo', 'MODIFIED Environment prod'])
  })

  it('throws Expired when the list has to be read again', async () => {
    const { url } = await start()
    const client = createClient({ server: url, timeoutMs: 5_000 })
    const watch = client.watch({ signal: new AbortController().signal, resourceVersion: '999' })
    await expect(watch[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      name: 'ApiError',
      code: 'Expired',
    })
  })

  it('throws Disconnected when the controller goes away', async () => {
    const { url, api, store } = await start()
    const client = createClient({ server: url, timeoutMs: 5_000 })
    const signal = new AbortController().signal
    const watch = client.watch({ signal, resourceVersion: '0' })[Symbol.asyncIterator]()
    await store.create(environmentObject('demo'))
    expect((await watch.next()).done).toBe(false)
    const next = watch.next()
    next.catch(() => undefined)
    await api.close()
    await expect(next).rejects.toMatchObject({ name: 'ApiError', code: 'Disconnected' })
  })
})
