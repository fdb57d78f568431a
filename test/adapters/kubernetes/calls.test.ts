import { describe, expect, it } from 'vitest'
import type { KubeAnswer, KubeClient } from '../../../controller/adapters/kubernetes/calls.ts'
import { kubeClientOver } from '../../../controller/adapters/kubernetes/calls.ts'
import { FakeClock } from '../../support/fake-clock.ts'

/** A client whose every request is answered by that. */
function clientOf(send: (signal: AbortSignal) => Promise<KubeAnswer>): {
  readonly client: KubeClient
  readonly clock: FakeClock
} {
  const clock = new FakeClock()
  const client = kubeClientOver({ namespace: 'prod', send: (_, signal) => send(signal), clock })
  return { client, clock }
}

const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })

const answered = (text: string, status = 200): KubeAnswer => ({
  ok: status < 300,
  status,
  body: null,
  text: async () => text,
})

describe('a request to the cluster', () => {
  it.each(['GET', 'PUT'] as const)('is given up when no answer to a %s came in its time', async (method) => {
    const { client, clock } = clientOf(untilAborted)
    const asked = client.request({ method, path: '/', timeoutMs: 4_000 })
    const givenUp = clock.advance(4_000)
    await expect(asked).rejects.toMatchObject({
      code: 'StoreUnavailable',
      handling: 'retry',
      ambiguous: method === 'PUT',
      message: "the Kubernetes API can't be reached: no answer came in time",
    })
    await givenUp
  })

  it('leaves no timer behind once it is answered', async () => {
    const { client, clock } = clientOf(async () => answered('{"kind":"Lease"}'))
    expect(await client.request({ method: 'GET', path: '/' })).toEqual({ kind: 'Lease' })
    expect(clock.pending).toBe(0)
  })

  describe('that a busy server put off', () => {
    const busy = (retryAfter: string | null): KubeAnswer => ({
      ...answered('{"message":"too many requests"}', 429),
      headers: { get: (name) => (name === 'retry-after' ? retryAfter : null) },
    })

    it('is sent again after as long as the server says', async () => {
      const sentAt: number[] = []
      const { client, clock } = clientOf(async () => {
        sentAt.push(clock.monotonic())
        return sentAt.length < 3 ? busy('2') : answered('{"kind":"Lease"}')
      })
      const startedAt = clock.monotonic()
      const asked = client.request({ method: 'PUT', path: '/' })
      await clock.advance(4_000)
      expect(await asked).toEqual({ kind: 'Lease' })
      expect(sentAt.map((at) => at - startedAt)).toEqual([0, 2_000, 4_000])
      expect(clock.pending).toBe(0)
    })

    it.each([
      ['says a time that ends after its own', '10', 1],
      ['says none', null, 1],
      ['says what is no number of seconds', 'Mon, 30 Nov 2026 18:00:00 GMT', 1],
      ['stays busy', '0', 10],
    ])('is refused, and known to be not done, where the server %s', async (_, retryAfter, sent) => {
      let count = 0
      const { client, clock } = clientOf(async () => {
        count += 1
        return busy(retryAfter)
      })
      const asked = client.request({ method: 'PUT', path: '/' })
      const isOver = clock.advance(10_000)
      await expect(asked).rejects.toMatchObject({
        code: 'StoreUnavailable',
        handling: 'retry',
        ambiguous: false,
      })
      await isOver
      expect(count).toBe(sent)
    })
  })

  it('is not done, as far as anybody knows, where its answer is no JSON', async () => {
    const { client } = clientOf(async () => answered('<html>'))
    await expect(client.request({ method: 'PUT', path: '/' })).rejects.toMatchObject({
      code: 'StoreUnavailable',
      ambiguous: true,
    })
  })
})

describe('a stream from the cluster', () => {
  it('is given up when nothing came over it for 150 s, counted from what came last', async () => {
    const first = Promise.withResolvers<Uint8Array>()
    const { client, clock } = clientOf(async (signal) => ({
      ...answered(''),
      body: (async function* () {
        yield await first.promise
        yield await untilAborted(signal)
      })(),
    }))
    const lines = client.stream({ path: '/' }, new AbortController().signal)[Symbol.asyncIterator]()
    const line = lines.next()
    await clock.advance(149_000)
    first.resolve(new TextEncoder().encode('{"type":"BOOKMARK"}\n'))
    expect(await line).toEqual({ done: false, value: { type: 'BOOKMARK' } })
    const next = lines.next()
    await clock.advance(149_999)
    expect(clock.pending).toBe(1)
    const silent = clock.advance(1)
    await expect(next).rejects.toThrow('the stream fell silent')
    await silent
  })
})
