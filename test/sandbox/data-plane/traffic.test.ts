import { once } from 'node:events'
import { request as connect, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { processServer, sandboxPair } from '../support/sandbox-pair.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

async function pair(blueProcess?: number) {
  const made = await sandboxPair(blueProcess)
  cleanups.push(() => made.dataPlane.close())
  return made
}

describe('a listener on loopback', () => {
  test('loses no request while weights are swapped to and fro under load', async () => {
    const { url, shift } = await pair()
    const statuses: Record<string, number> = {}
    let swaps = 0
    async function load(): Promise<void> {
      for (let sent = 0; sent < 500; sent += 1) {
        const answer = await fetch(url)
        const { version } = (await answer.json()) as { version: string }
        statuses[`${answer.status} ${version}`] = (statuses[`${answer.status} ${version}`] ?? 0) + 1
      }
    }
    async function swap(): Promise<void> {
      for (; swaps < 50; swaps += 1) {
        await shift(swaps % 2 === 0 ? 0 : 100, swaps % 2 === 0 ? 100 : 0)
        await (await fetch(url)).text()
      }
    }
    await Promise.all([...Array.from({ length: 10 }, load), swap()])
    expect(Object.keys(statuses).toSorted()).toEqual(['200 v1', '200 v2'])
    expect((statuses['200 v1'] ?? 0) + (statuses['200 v2'] ?? 0)).toBe(5000)
  }, 60_000)

  test('answers the next request from the side that has the weight, over the same connection', async () => {
    const { url, shift } = await pair()
    const versions = []
    for (const [blue, green] of [
      [1, 0],
      [0, 1],
      [1, 0],
    ] as const) {
      await shift(blue, green)
      versions.push(((await (await fetch(url)).json()) as { version: string }).version)
    }
    expect(versions).toEqual(['v1', 'v2', 'v1'])
  })

  test('lets a draining target finish what it has, and gives it nothing new', async () => {
    const { url, tasks, world, blue } = await pair()
    const target = { id: '10.0.1.1', port: 80 }
    const arrival = Promise.withResolvers<void>()
    tasks.start(target.id, { behavior: { latencyMs: 200 }, arrived: arrival.resolve })
    const inFlight = fetch(url)
    await arrival.promise
    world.elb.registry.deregister(blue, target)
    expect((await fetch(url)).status).toBe(503)
    expect((await inFlight).status).toBe(200)
  })

  test('answers 502 when the task stops with a request in flight', async () => {
    const { url, tasks } = await pair()
    const arrival = Promise.withResolvers<void>()
    tasks.start('10.0.1.1', { behavior: { latencyMs: 200 }, arrived: arrival.resolve })
    const inFlight = fetch(url)
    await arrival.promise
    tasks.stop('10.0.1.1')
    expect((await inFlight).status).toBe(502)
  })

  test('goes on after clients that hang up in the middle', async () => {
    const { url, tasks } = await pair()
    tasks.start('10.0.1.1', { behavior: { latencyMs: 10_000 } })
    const aborted = Array.from({ length: 20 }, () =>
      fetch(url, { signal: AbortSignal.timeout(50) }).then(
        () => 'answered',
        () => 'hung up',
      ),
    )
    expect(new Set(await Promise.all(aborted))).toEqual(new Set(['hung up']))
    tasks.start('10.0.1.1', { version: 'v1' })
    expect((await fetch(url)).status).toBe(200)
  })

  test('is closed when the listener is deleted', async () => {
    const { url, world, dataPlane } = await pair()
    const ListenerArn = world.elb.tables.listeners.list()[0]?.arn
    world.call({ service: 'elasticloadbalancing', operation: 'DeleteListener', input: { ListenerArn } })
    expect(await dataPlane.addresses()).toEqual([])
    await eventually(
      () =>
        fetch(url).then(
          () => 'open',
          () => 'closed',
        ),
      (seen) => seen === 'closed',
    )
  })
})

describe('a task that is a real process', () => {
  test('gets the request as it was, bodies streamed both ways, and its answer passes unchanged', async () => {
    const { server, port } = await processServer((request, response) => {
      response.writeHead(request.url === '/' ? 200 : 201, {
        'x-seen': `${request.method} ${request.url} ${request.headers.host} ${request.headers['x-forwarded-for'] !== undefined}`,
      })
      request.pipe(response)
    })
    cleanups.push(() => server.close())
    const { url } = await pair(port)
    const body = 'x'.repeat(2_000_000)
    const upload = connect(`${url}/echo?a=1`, { method: 'POST', headers: { host: 'web.example' } })
    Readable.from([body.slice(0, 10), body.slice(10)]).pipe(upload)
    const [answer] = (await once(upload, 'response')) as [IncomingMessage]
    expect(answer.statusCode).toBe(201)
    expect(answer.headers['x-seen']).toBe('POST /echo?a=1 web.example true')
    expect((await textOf(answer)).length).toBe(body.length)
  })

  test('that dies with a request in flight costs that request, with 502', async () => {
    const { server, port } = await processServer((request, response) => {
      if (request.url === '/') response.end('ok')
      else request.socket.destroy()
    })
    cleanups.push(() => server.close())
    const { url } = await pair(port)
    expect((await fetch(`${url}/die`)).status).toBe(502)
    expect(await (await fetch(url)).text()).toBe('ok')
  })

  test('with app_cookie stickiness gets its own clients back', async () => {
    const { server, port } = await processServer((_request, response) => {
      response.writeHead(200, { 'set-cookie': 'session=1' })
      response.end()
    })
    cleanups.push(() => server.close())
    const { url, world, blue } = await pair(port)
    const Attributes = [
      { Key: 'stickiness.enabled', Value: 'true' },
      { Key: 'stickiness.type', Value: 'app_cookie' },
      { Key: 'stickiness.app_cookie.cookie_name', Value: 'session' },
    ]
    const input = { TargetGroupArn: blue, Attributes }
    world.call({ service: 'elasticloadbalancing', operation: 'ModifyTargetGroupAttributes', input })
    const cookies = (await fetch(url)).headers.getSetCookie().map((cookie) => cookie.split('=')[0])
    expect(cookies).toEqual(['session', 'AWSALBAPP-0'])
  })
})
