import { describe, expect, it } from 'vitest'
import type { TokenSettings } from '../../controller/api/create-api.ts'
import { createClient } from '../../controller/api/client.ts'
import { ask, fill, post, start } from './start.ts'

const tokens: readonly TokenSettings[] = [
  { name: 'vera', role: 'viewer', token: 'token-of-vera' },
  { name: 'olga', role: 'operator', token: 'token-of-olga' },
  { name: 'ada', role: 'approver', token: 'token-of-ada' },
  { name: 'root', role: 'admin', token: 'token-of-root' },
  { name: 'deon', role: 'operator', token: 'token-of-deon', environments: ['demo'] },
]

const bearer = (name: string): Record<string, string> =>
  name === 'nobody' ? {} : { authorization: `Bearer token-of-${name}` }

const names = (body: Record<string, unknown>): string[] =>
  (body['items'] as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name)

describe('who may do what', () => {
  const all = ['nobody', 'stranger', 'vera', 'olga', 'ada', 'root', 'deon'] as const
  const matrix: readonly [string, string, readonly number[]][] = [
    // nobody, stranger, viewer, operator, approver, admin, operator of demo alone
    ['GET', '/api/v1/environments', [401, 401, 200, 200, 200, 200, 200]],
    ['GET', '/api/v1/environments/prod', [401, 401, 200, 200, 200, 200, 404]],
    ['GET', '/api/v1/releases', [401, 401, 200, 200, 200, 200, 200]],
    ['GET', '/api/v1/releases/prod/web', [401, 401, 200, 200, 200, 200, 404]],
    ['GET', '/api/v1/releases/demo/web', [401, 401, 200, 200, 200, 200, 200]],
    ['GET', '/api/v1/rollouts', [401, 401, 200, 200, 200, 200, 200]],
    ['GET', '/api/v1/rollouts/prod-web-1', [401, 401, 200, 200, 200, 200, 404]],
    ['GET', '/api/v1/watch?kinds=Nothing', [401, 401, 400, 400, 400, 400, 400]],
    ['POST', '/api/v1/environments/prod/pause', [401, 401, 403, 200, 200, 200, 404]],
    ['POST', '/api/v1/environments/prod/resume', [401, 401, 403, 200, 200, 200, 404]],
    ['POST', '/api/v1/environments/prod/reconcile', [401, 401, 403, 200, 200, 200, 404]],
    ['POST', '/api/v1/environments/prod/override-freeze', [401, 401, 403, 403, 403, 400, 403]],
    ['POST', '/api/v1/environments/demo/pause', [401, 401, 403, 200, 200, 200, 200]],
    ['POST', '/api/v1/releases/prod/web/retry', [401, 401, 403, 200, 200, 200, 404]],
    ['POST', '/api/v1/releases/prod/web/restart', [401, 401, 403, 200, 200, 200, 404]],
    ['POST', '/api/v1/releases/prod/web/reconcile', [401, 401, 403, 200, 200, 200, 404]],
    ['POST', '/api/v1/releases/prod/web/rollback', [401, 401, 403, 409, 409, 409, 404]],
    ['POST', '/api/v1/releases/demo/web/restart', [401, 401, 403, 200, 200, 200, 200]],
    ['POST', '/api/v1/rollouts/prod-web-1/retry', [401, 401, 403, 200, 200, 200, 404]],
    ['POST', '/api/v1/rollouts/demo-web-2/abort', [401, 401, 403, 200, 200, 200, 200]],
    ['POST', '/api/v1/rollouts/prod-web-1/abort', [401, 401, 403, 409, 409, 409, 404]],
    ['POST', '/api/v1/rollouts/demo-web-2/approve', [401, 401, 403, 403, 409, 409, 403]],
    ['POST', '/api/v1/rollouts/demo-web-2/reject', [401, 401, 403, 403, 409, 409, 403]],
    ['GET', '/metrics', [401, 401, 200, 200, 200, 200, 403]],
    ['GET', '/healthz', [200, 200, 200, 200, 200, 200, 200]],
    ['GET', '/readyz', [200, 200, 200, 200, 200, 200, 200]],
    ['GET', '/', [200, 200, 200, 200, 200, 200, 200]],
    ['GET', '/api/openapi.json', [200, 200, 200, 200, 200, 200, 200]],
  ]

  it.each(matrix)('%s %s', async (method, path, expected) => {
    const { url, store } = await start({ tokens })
    await fill(store)
    const statuses: number[] = []
    for (const name of all) {
      const headers = {
        ...bearer(name),
        ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
      }
      const response = await fetch(url + path, { method, headers })
      await response.text()
      statuses.push(response.status)
    }
    expect(statuses).toEqual(expected)
  })

  it('lists to a token only its own environments', async () => {
    const { url, store } = await start({ tokens })
    await fill(store)
    const listed = async (path: string) => names((await ask(url + path, { headers: bearer('deon') })).body)
    expect(await listed('/api/v1/environments')).toEqual(['demo'])
    expect(await listed('/api/v1/releases')).toEqual(['demo-web'])
    expect(await listed('/api/v1/releases?environment=prod')).toEqual([])
    expect(await listed('/api/v1/rollouts')).toEqual(['demo-web-2', 'demo-web-1'])
  })

  it('writes the name of the token where it says who asked', async () => {
    const { url, store } = await start({ tokens })
    await fill(store)
    const { body } = await post(`${url}/api/v1/environments/prod/pause`, {}, bearer('olga'))
    expect(body).toMatchObject({ metadata: { annotations: { 'steersman.dev/pausedBy': 'olga' } } })
  })

  it('tells why it is not ready to those who may know the environments', async () => {
    const { url } = await start({
      tokens,
      ready: () => ({ ready: false, reasons: ['prod was not read yet'] }),
    })
    expect(await ask(`${url}/readyz`)).toMatchObject({ status: 503, body: { ready: false } })
    expect((await ask(`${url}/readyz`)).body).not.toHaveProperty('reasons')
    expect((await ask(`${url}/readyz`, { headers: bearer('deon') })).body).not.toHaveProperty('reasons')
    const told = await ask(`${url}/readyz`, { headers: bearer('vera') })
    expect(told.body).toEqual({ ready: false, reasons: ['prod was not read yet'] })
  })

  it.each([
    'Bearer',
    'Bearer ',
    'Basic token-of-root',
    'token-of-root',
    'Bearer token-of-root x',
    'Bearer token-of-roo',
    `Bearer ${'x'.repeat(8_000)}`,
  ])('does not take %j for a token', async (authorization) => {
    const { url } = await start({ tokens })
    const answer = await ask(`${url}/api/v1/environments`, { headers: { authorization } })
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'Unauthorized' } } })
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="steersman"')
  })

  it('says to the client what is missing, and how to mend it', async () => {
    const { url } = await start({ tokens })
    const client = createClient({ server: url, timeoutMs: 5_000 })
    await expect(client.environments()).rejects.toMatchObject({
      name: 'ApiError',
      code: 'Unauthorized',
      status: 401,
      remedy: expect.stringContaining('STEERSMAN_TOKEN') as string,
    })
  })
})

describe('where it listens', () => {
  it.each(['0.0.0.0', '::', '192.0.2.1', 'controller.example.com'])(
    'refuses %s without tokens',
    async (host) => {
      await expect(start({ listen: { host, port: 0 } })).rejects.toMatchObject({
        code: 'TokensMissing',
        handling: 'stall',
        remedy: 'Set spec.tokens in the configuration, or listen on 127.0.0.1.',
      })
    },
  )

  it('refuses a token that is empty', async () => {
    const empty = [{ name: 'vera', role: 'viewer', token: ' \n' }] as const
    await expect(start({ tokens: empty })).rejects.toMatchObject({ code: 'EmptyToken' })
  })

  it('says so when another program has the port', async () => {
    const first = await start()
    const port = Number(new URL(first.url).port)
    await expect(start({ listen: { host: '127.0.0.1', port } })).rejects.toMatchObject({
      code: 'CannotListen',
      message: `can't listen on 127.0.0.1:${port}: another program listens there`,
    })
  })

  it('serves only health, readiness and metrics on the telemetry address, without a token', async () => {
    const { api } = await start({ tokens, telemetryListen: { host: '127.0.0.1', port: 0 } })
    const statusOf = async (path: string) => (await fetch(`${api.telemetryUrl}${path}`)).status
    expect(
      await Promise.all(['/healthz', '/readyz', '/metrics', '/', '/api/v1/environments'].map(statusOf)),
    ).toEqual([200, 200, 200, 404, 404])
  })
})

describe('telemetry', () => {
  it('hands the Accept header to the metrics and gives their content type back', async () => {
    const { url } = await start()
    const response = await fetch(`${url}/metrics`, { headers: { accept: 'application/openmetrics-text' } })
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4')
    expect(await response.text()).toBe('steersman_up 1 application/openmetrics-text\n')
  })

  it('is not ready while the store does not answer, but lives', async () => {
    const { url, store } = await start()
    await store.close()
    expect(await ask(`${url}/readyz`)).toMatchObject({
      status: 503,
      body: { ready: false, reasons: ['the store does not answer'] },
    })
    expect((await ask(`${url}/healthz`)).status).toBe(200)
    expect(await ask(`${url}/api/v1/releases`)).toMatchObject({
      status: 503,
      body: { error: { code: 'StoreUnavailable' } },
    })
  })
})
