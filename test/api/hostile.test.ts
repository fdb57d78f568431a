import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { FakeClock } from '../support/fake-clock.ts'
import { ask, fill, post, start } from './start.ts'

/** Sends bytes as they are and reads all of the answer: what fetch would never send. */
function raw(url: string, text: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text))
  let answer = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk))
  socket.on('error', reject).on('close', () => resolve(answer))
  return promise
}

/** A request whose Host header is the test's own. */
function withHost(url: string, host: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  httpRequest(`${url}/api/v1/environments`, { headers: { host } }, (response) => {
    response.resume()
    resolve(response.statusCode ?? 0)
  })
    .on('error', reject)
    .end()
  return promise
}

describe('requests that mean no good', () => {
  it.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['multipart/form-data; boundary=x', 415],
    ['application/jsonp', 415],
    ['application/json; charset=utf-8', 200],
    ['Application/JSON', 200],
  ])('a POST of %s is answered %i', async (type, expected) => {
    const { url, store, asked } = await start()
    await fill(store)
    const answer = await ask(`${url}/api/v1/environments/demo/pause`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: '{}',
    })
    expect(answer.status).toBe(expected)
    expect(asked).toHaveLength(expected === 200 ? 1 : 0)
  })

  it('refuses a POST without a content type', async () => {
    const { url } = await start()
    expect((await ask(`${url}/api/v1/environments/demo/pause`, { method: 'POST' })).status).toBe(415)
  })

  it.each([
    '{',
    '[]',
    '"x"',
    '1',
    'null',
    '{"reason": 5}',
    '{"other": 1}',
    '{"__proto__": {"admin": true}}',
    '{"reason": "\u0000',
  ])('refuses the body %j', async (body) => {
    const { url, store, asked } = await start()
    await fill(store)
    const answer = await ask(`${url}/api/v1/rollouts/demo-web-2/abort`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'BadRequest' } } })
    expect(asked).toEqual([])
  })

  it('takes an empty body for an empty object', async () => {
    const { url, store } = await start()
    await fill(store)
    const headers = { 'content-type': 'application/json' }
    expect((await ask(`${url}/api/v1/environments/demo/pause`, { method: 'POST', headers })).status).toBe(200)
  })

  it('refuses a body of more than 64 KiB', async () => {
    const { url, store } = await start()
    await fill(store)
    const answer = await post(`${url}/api/v1/rollouts/demo-web-2/abort`, { reason: 'x'.repeat(70_000) })
    expect(answer).toMatchObject({ status: 413, body: { error: { code: 'BodyTooLarge' } } })
  })

  it('refuses headers of more than 16 KiB', async () => {
    const { url } = await start()
    const answer = await raw(
      url,
      `GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
    )
    expect(answer).toContain('HTTP/1.1 431')
    expect(answer).toContain('"code":"HeadersTooLarge"')
  })

  it.each([
    'nonsense\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
  ])('answers what is hardly HTTP (%j) with 400 or less than that', async (text) => {
    const { url } = await start()
    const answer = await raw(url, text)
    expect(answer).toMatch(/^(HTTP\/1\.1 (400|421|505)|$)/)
    expect(answer).not.toContain('node_modules')
  })

  it.each([
    '/page/../api/openapi.json',
    '/page/..%2fcreate-api.ts',
    '/page/%2e%2e%2findex.html',
    '/page/....//x',
    '/page/tsconfig.json',
    '/page/%00',
    '/page/..\\..\\package.json',
    '/%',
    '/page/index.html%00.js',
  ])('serves no file for %s', async (path) => {
    const { url } = await start()
    const answer = await raw(url, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 (400|404) /)
    expect(answer).toContain('"error"')
  })

  it.each(['https://evil.example', 'http://localhost:1', 'null', 'file://', 'http://127.0.0.1.evil.example'])(
    'refuses the call of a page of %s',
    async (origin) => {
      const { url, store, asked } = await start()
      await fill(store)
      const answer = await post(`${url}/api/v1/environments/demo/pause`, {}, { origin })
      expect(answer).toMatchObject({ status: 403, body: { error: { code: 'CrossOrigin' } } })
      expect(asked).toEqual([])
    },
  )

  it('takes the call of its own page', async () => {
    const { url, store } = await start()
    await fill(store)
    expect((await post(`${url}/api/v1/environments/demo/pause`, {}, { origin: url })).status).toBe(200)
  })

  it('gives no other origin leave to read', async () => {
    const { url } = await start()
    const response = await fetch(`${url}/api/v1/environments`, {
      method: 'OPTIONS',
      headers: { origin: url },
    })
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })

  it.each([
    ['evil.example', 421],
    ['evil.example:PORT', 421],
    ['127.0.0.1.evil.example', 421],
    ['localhost', 200],
    ['localhost:PORT', 200],
    ['LOCALHOST:PORT', 200],
    ['127.0.0.1:PORT', 200],
    ['[::1]:PORT', 200],
    ['192.0.2.7:PORT', 421],
    ['steersman.internal', 200],
    ['user@localhost', 421],
  ])('answers a request to Host %s with %i', async (host, expected) => {
    const { url } = await start({ hosts: ['steersman.internal'] })
    expect(await withHost(url, host.replace('PORT', new URL(url).port))).toBe(expected)
  })

  it('knows every literal address for its own where it listens on all', async () => {
    const tokens = [{ name: 'vera', role: 'viewer', token: 'token-of-vera' }] as const
    const { url } = await start({ listen: { host: '0.0.0.0', port: 0 }, tokens })
    expect(await withHost(url, '192.0.2.7:80')).toBe(401)
    expect(await withHost(url, 'evil.example')).toBe(421)
  })

  it('answers 429 to a flood, and again normally when time has passed', async () => {
    const clock = new FakeClock()
    const { url } = await start({ clock })
    const statuses = new Set<number>()
    for (let sent = 0; sent < 450; sent += 1) statuses.add((await ask(`${url}/api/v1/environments`)).status)
    expect([...statuses]).toEqual([200, 429])
    await clock.advance(1_000)
    expect((await ask(`${url}/api/v1/environments`)).status).toBe(200)
    expect((await ask(`${url}/healthz`)).status).toBe(200)
  })
})

describe('faults of our own', () => {
  it('tell the caller nothing, and the log all', async () => {
    const { url, faults } = await start({
      wrap: (store) => ({ ...store, list: () => Promise.reject(new Error('secret path /etc/steersman')) }),
    })
    const answer = await ask(`${url}/api/v1/environments`)
    expect(answer).toMatchObject({ status: 500, body: { error: { code: 'InternalError' } } })
    expect(JSON.stringify(answer.body)).not.toMatch(/secret|steersman|\.ts/)
    expect(faults).toMatchObject([{ message: 'secret path /etc/steersman' }])
  })
})

describe('headers', () => {
  it.each(['/', '/page/index.html', '/api/v1/environments', '/nothing', '/healthz'])(
    'of %s bind the browser',
    async (path) => {
      const { url } = await start()
      const { headers } = await fetch(url + path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(headers.get('content-security-policy')).not.toContain('unsafe')
      expect(headers.get('cache-control')).toBe(
        path === '/' || path.startsWith('/page') ? 'no-cache' : 'no-store',
      )
    },
  )

  it('let a browser keep a file of the page that has not changed', async () => {
    const { url } = await start()
    const first = await fetch(`${url}/page/index.html`)
    const tag = first.headers.get('etag') ?? ''
    const second = await fetch(`${url}/page/index.html`, { headers: { 'if-none-match': tag } })
    expect(second.status).toBe(304)
  })
})
