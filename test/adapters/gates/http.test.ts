import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'

import { afterEach, describe, expect, it } from 'vitest'

import type { AllAddressesLookup } from '../../../controller/adapters/gates/connect.ts'
import { createHttpGateRunner } from '../../../controller/adapters/gates/http.ts'
import type { Clock } from '../../../controller/ports/clock.ts'
import type { GateAttempt, HttpProbe } from '../../../controller/ports/gate.ts'

const servers: Server[] = []

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
})

async function listen(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const serve = (listener: RequestListener): Promise<number> => listen(createServer(listener))

/** Time that passes only when told to. */
function stoppedClock(): Clock & { ring(): void } {
  const timers = new Set<() => void>()
  return {
    now: () => 0,
    monotonic: () => 0,
    sleep: () => Promise.reject(new Error('nothing sleeps here')),
    setTimer: (_, callback) => {
      timers.add(callback)
      return () => timers.delete(callback)
    },
    ring: () => timers.forEach((callback) => callback()),
  }
}

const resolveTo =
  (...addresses: string[]): AllAddressesLookup =>
  (_, __, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )

interface Setting {
  readonly listenersUrl?: string
  readonly allowHosts?: readonly string[]
  readonly isOwn?: boolean
  readonly lookup?: AllAddressesLookup
  readonly clock?: Clock
  readonly signal?: AbortSignal
}

function ask(port: number, overrides: Partial<HttpProbe> = {}, setting: Setting = {}): Promise<GateAttempt> {
  const runner = createHttpGateRunner({
    listenersUrl: setting.listenersUrl,
    policy: { allowHosts: setting.allowHosts ?? [], isListenerOfRelease: () => setting.isOwn ?? true },
    clock: setting.clock ?? stoppedClock(),
    lookup: setting.lookup ?? resolveTo('127.0.0.1'),
  })
  const probe: HttpProbe = {
    kind: 'http',
    gate: 'smoke',
    loadBalancer: { name: 'shop', dnsName: 'shop.elb.example.com' },
    port,
    protocol: 'HTTP',
    path: '/healthz?key=hush',
    host: 'shop.example.com',
    headers: { authorization: 'Bearer hush' },
    method: 'GET',
    expect: { status: 200, body: undefined },
    timeoutMs: 1_000,
    ...overrides,
  }
  return runner.probe(probe, setting.signal ?? new AbortController().signal)
}

describe('an answer that came', () => {
  it('is a success with the expected status', async () => {
    const port = await serve((_, response) => response.end('fine'))
    expect(await ask(port)).toEqual({
      result: 'Success',
      message: `GET /healthz at port ${port} of shop answered 200, as expected`,
    })
  })

  it('carries the host, the headers and the path that the probe names', async () => {
    let seen: unknown
    const port = await serve((request, response) => {
      seen = { host: request.headers.host, authorization: request.headers.authorization, url: request.url }
      response.end()
    })
    await ask(port)
    expect(seen).toEqual({ host: 'shop.example.com', authorization: 'Bearer hush', url: '/healthz?key=hush' })
  })

  it('goes by the load balancer’s name where no host is named', async () => {
    let host: string | undefined
    const port = await serve((request, response) => {
      host = request.headers.host
      response.end()
    })
    await ask(port, { host: undefined })
    expect(host).toBe(`shop.elb.example.com:${port}`)
  })

  it('is a failure with another status, without a word of its body or headers', async () => {
    const port = await serve((_, response) => response.writeHead(503, { 'x-secret': 'hush' }).end('hush'))
    expect(await ask(port)).toEqual({
      result: 'Failure',
      message: `GET /healthz at port ${port} of shop answered 503, expected 200`,
    })
  })

  it('is a failure when it redirects, which is not followed', async () => {
    let requests = 0
    const port = await serve((_, response) => {
      requests += 1
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    const attempt = await ask(port)
    expect([attempt.result, requests]).toEqual(['Failure', 1])
  })

  it('is a success when the redirect is what was expected', async () => {
    const port = await serve((_, response) => response.writeHead(302, { location: '/elsewhere' }).end())
    expect(await ask(port, { expect: { status: 302, body: undefined } })).toMatchObject({ result: 'Success' })
  })

  it('is a success when the body holds the expected text across chunks', async () => {
    const port = await serve((_, response) => {
      response.write('{"ver')
      response.end('sion":"v2"}')
    })
    expect(await ask(port, { expect: { status: 200, body: '"version":"v2"' } })).toMatchObject({
      result: 'Success',
    })
  })

  it('is a failure when the body lacks the expected text, naming the text but not the body', async () => {
    const port = await serve((_, response) => response.end('hush'))
    const attempt = await ask(port, { expect: { status: 200, body: 'x'.repeat(100) } })
    expect(attempt.result).toBe('Failure')
    expect(attempt.message).toMatch(/its body does not contain the expected text x{80}…$/)
  })

  it('is read no further than 64 KiB, however long it is', async () => {
    const port = await serve((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('y'.repeat(16_384)));
      }
      response.on('drain', more)
      more()
    })
    const attempt = await ask(port, { expect: { status: 200, body: 'v2' } })
    expect(attempt).toMatchObject({ result: 'Failure' })
    expect(attempt.message).toContain('the first 64 KiB')
  })

  it('is a failure when it is not HTTP', async () => {
    const port = await listen(
      createTcpServer((socket) =>
        socket
          .on('error', () => {})
          .resume()
          .end('hush\r\n\r\n'),
      ),
    )
    const attempt = await ask(port)
    expect(attempt.result).toBe('Failure')
    expect(attempt.message).toMatch(/not HTTP$/)
  })
})

describe('no answer', () => {
  it('is inconclusive when the connection is refused', async () => {
    const port = await serve(() => {})
    await new Promise((resolve) => servers.pop()?.close(resolve))
    expect(await ask(port)).toEqual({
      result: 'Inconclusive',
      message: `GET /healthz at port ${port} of shop could not be asked: no answer (ECONNREFUSED)`,
    })
  })

  it('is inconclusive when the connection is reset', async () => {
    const port = await listen(createTcpServer((socket) => socket.resetAndDestroy()))
    expect(await ask(port)).toMatchObject({ result: 'Inconclusive' })
  })

  it('is inconclusive when the host has no address', async () => {
    const failure: NodeJS.ErrnoException = Object.assign(new Error('no such host'), { code: 'ENOTFOUND' })
    const attempt = await ask(80, {}, { lookup: (_, __, callback) => callback(failure, []) })
    expect(attempt.message).toContain('no answer (ENOTFOUND)')
    expect(await ask(80, {}, { lookup: resolveTo() })).toMatchObject({ result: 'Inconclusive' })
  })

  it('is inconclusive when the time is up, headers or body', async () => {
    const clock = stoppedClock()
    const silent = await serve(() => clock.ring())
    const first = await ask(silent, {}, { clock })
    expect(first.result).toBe('Inconclusive')
    expect(first.message).toContain('no whole answer within 1000 ms')
    const slow = await serve((_, response) => {
      response.write('begin', () => clock.ring())
    })
    const attempt = await ask(slow, { expect: { status: 200, body: 'end' } }, { clock })
    expect(attempt.result).toBe('Inconclusive')
  })

  it('is inconclusive when the caller stops it, before or meanwhile', async () => {
    const port = await serve(() => stop.abort())
    const stop = new AbortController()
    expect((await ask(port, {}, { signal: stop.signal })).message).toContain('it was stopped')
    expect((await ask(port, {}, { signal: stop.signal })).message).toContain('it was stopped')
  })

  it('is inconclusive when the server does not speak TLS', async () => {
    const port = await listen(
      createTcpServer((socket) =>
        socket
          .on('error', () => {})
          .resume()
          .end('no TLS here'),
      ),
    )
    expect(await ask(port, { protocol: 'HTTPS' })).toMatchObject({ result: 'Inconclusive' })
  })

  it('is inconclusive when the request can’t be made, without quoting it', async () => {
    const attempt = await ask(80, { headers: { 'x-token': 'hush\r\n' } })
    expect(attempt.result).toBe('Inconclusive')
    expect(attempt.message).not.toContain('hush')
  })
})

describe('an address that is refused', () => {
  it.each([
    ['metadata', ['169.254.169.254']],
    ['mapped metadata', ['::ffff:169.254.169.254']],
    ['one good address beside metadata', ['127.0.0.1', 'fd00:ec2::254']],
  ])('is not connected to, though the host is the release’s own: %s', async (_, addresses) => {
    let requests = 0
    const port = await serve((__, response) => {
      requests += 1
      response.end()
    })
    const attempt = await ask(port, {}, { lookup: resolveTo(...addresses) })
    expect(attempt.result).toBe('Inconclusive')
    expect(attempt.message).toContain('resolves to a refused address')
    expect(requests).toBe(0)
  })

  it('is refused when it is written as such, where nothing is resolved', async () => {
    for (const dnsName of ['169.254.170.2', '[fe80::1]', '0x7f.1']) {
      const attempt = await ask(
        80,
        { loadBalancer: { name: 'shop', dnsName } },
        { lookup: resolveTo('169.254.0.1') },
      )
      expect(attempt.result).toBe('Inconclusive')
    }
  })
})

describe('hosts other than the release’s own listener', () => {
  it.each([
    [[], 'Inconclusive'],
    [['*.example.org'], 'Inconclusive'],
    [['SHOP.elb.example.com.'], 'Success'],
    [['*.elb.example.com'], 'Success'],
    [['*'], 'Success'],
  ])('are asked only where %j allows them: %s', async (allowHosts, result) => {
    const port = await serve((_, response) => response.end())
    expect(await ask(port, {}, { isOwn: false, allowHosts })).toMatchObject({ result })
  })
})

describe('a listener’s real address', () => {
  const listing = (answer: unknown, status = 200): Promise<number> =>
    serve((_, response) => response.writeHead(status).end(JSON.stringify(answer)))

  it.each(['shop', 'shop.elb.example.com'])(
    'is what the listing says of load balancer %s',
    async (loadBalancer) => {
      const port = await serve((_, response) => response.end())
      const url = `http://127.0.0.1:${port}`
      const listings = await listing([null, { loadBalancer, port: 80 }, { loadBalancer, port: 443, url }])
      const listenersUrl = `http://127.0.0.1:${listings}/_sandbox/listeners`
      expect(await ask(443, { protocol: 'HTTPS' }, { listenersUrl })).toMatchObject({ result: 'Success' })
    },
  )

  it.each([
    ['no such listener', [], 200],
    ['an address that is none', [{ loadBalancer: 'shop', port: 443, url: 'nonsense' }], 200],
    ['no list', {}, 200],
    ['another status', [], 500],
  ])('is unknown with %s', async (_, answer, status) => {
    const listenersUrl = `http://127.0.0.1:${await listing(answer, status)}/`
    expect((await ask(443, {}, { listenersUrl })).message).toContain('no answer (ListenerUnknown)')
  })

  it('is unknown when nobody answers', async () => {
    const port = await serve(() => {})
    await new Promise((resolve) => servers.pop()?.close(resolve))
    const attempt = await ask(443, {}, { listenersUrl: `http://127.0.0.1:${port}/` })
    expect(attempt.message).toContain('no answer (ListenerUnknown)')
  })
})
