import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { ApiClient } from '../../controller/api/client.ts'
import { createClient } from '../../controller/api/client.ts'
import { listenOnLoopback } from './other-server.ts'
import { fill, start } from './start.ts'

const clientOf = (server: string, timeoutMs = 5_000): ApiClient => createClient({ server, timeoutMs })

describe('the client', () => {
  it('reads everything', async () => {
    const { url, store } = await start()
    await fill(store)
    const client = clientOf(url)
    expect((await client.environments()).items.map(({ metadata }) => metadata.name)).toEqual(['demo', 'prod'])
    expect((await client.environment('prod')).spec.source.branch).toBe('prod')
    expect((await client.releases({ environment: 'prod' })).items).toHaveLength(1)
    expect((await client.release({ environment: 'prod', release: 'web' })).spec.service.cluster).toBe('demo')
    const page = await client.rollouts({ environment: 'demo', release: 'web', limit: 1 })
    expect(page.items.map(({ metadata }) => metadata.name)).toEqual(['demo-web-2'])
    const next = await client.rollouts({ continue: page.metadata.continue ?? '', environment: 'demo' })
    expect(next.items.map(({ metadata }) => metadata.name)).toEqual(['demo-web-1'])
    expect((await client.rollout('demo-web-2')).status?.phase).toBe('Verifying')
  })

  it('asks for everything', async () => {
    const { url, store, asked, atOnce } = await start()
    await fill(store)
    const client = clientOf(url)
    const key = { environment: 'demo', release: 'web' }
    await client.pauseEnvironment('demo')
    await client.resumeEnvironment('demo')
    await client.reconcileEnvironment('demo')
    await client.retryRelease(key)
    await client.restartRelease(key)
    await client.reconcileRelease(key)
    await client.abortRollout('demo-web-2', { reason: 'wrong' })
    await client.retryRollout('prod-web-1')
    expect(asked).toEqual(['demo', 'demo', 'demo', key, key, key, { environment: 'prod', release: 'web' }])
    expect(atOnce).toEqual([key])
    await expect(client.approveRollout('demo-web-2')).rejects.toMatchObject({
      code: 'NothingToDecide',
      status: 409,
    })
    await expect(client.rejectRollout('demo-web-2')).rejects.toMatchObject({
      code: 'NothingToDecide',
      status: 409,
    })
  })

  it.each(['../environments/demo', 'a/b', '%2e%2e', 'demo?x=1', '#'])(
    'keeps the name %j a name',
    async (name) => {
      const { url, store } = await start()
      await fill(store)
      await expect(clientOf(url).environment(name)).rejects.toMatchObject({ code: 'NotFound', status: 404 })
    },
  )

  it('tells that no controller runs', async () => {
    const { url, api } = await start()
    await api.close()
    await expect(clientOf(url).environments()).rejects.toMatchObject({
      code: 'Unreachable',
      message: `${url} can't be reached: connection refused`,
      remedy: 'Is the controller running? Start it with `steersman run`, or give --server.',
    })
  })

  it.each(['localhost:8080', 'ftp://localhost', '', 'http://'])('refuses the address %j', (server) => {
    expect(() => clientOf(server)).toThrow(expect.objectContaining({ code: 'BadServer' }) as Error)
  })

  it.each([
    ['another program', 200, '<html>hello</html>'],
    ['a proxy', 502, 'Bad Gateway'],
    ['a redirect', 302, ''],
  ])('knows that %s is not Steersman', async (_what, status, body) => {
    const other = await listenOnLoopback(
      createServer((_request, response) => response.writeHead(status, { location: '/elsewhere' }).end(body)),
    )
    const answer = clientOf(other.url).environments()
    await expect(answer).rejects.toMatchObject({ code: status === 302 ? 'Unreachable' : 'NotSteersman' })
    await other.close()
  })

  it('gives up on a server that does not answer', async () => {
    const other = await listenOnLoopback(createServer(() => undefined))
    await expect(clientOf(other.url, 50).environments()).rejects.toMatchObject({ code: 'Timeout' })
    const watch = clientOf(other.url, 50).watch({ signal: new AbortController().signal })
    await expect(watch[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'Timeout' })
    await other.close()
  })

  it('sends a restart again, as the same one, when the controller goes away before its answer', async () => {
    const tokens: unknown[] = []
    const other = await listenOnLoopback(
      createServer((request, response) => {
        request.setEncoding('utf8').on('data', (text: string) => {
          tokens.push((JSON.parse(text) as { clientToken: unknown }).clientToken)
          if (tokens.length === 1) request.socket.destroy()
          else response.end('{"kind":"Release"}')
        })
      }),
    )
    const key = { environment: 'demo', release: 'web' }
    expect(await clientOf(other.url).restartRelease(key)).toEqual({ kind: 'Release' })
    await clientOf(other.url).restartRelease(key)
    const [first, again, next] = tokens
    expect(again).toBe(first)
    expect(next).not.toBe(first)
    await other.close()
  })

  it('tells that a restart may have been taken when no answer comes at all', async () => {
    const other = await listenOnLoopback(createServer(({ socket }) => socket.destroy()))
    const answer = clientOf(other.url, 700).restartRelease({ environment: 'demo', release: 'web' })
    await expect(answer).rejects.toMatchObject({
      code: 'Unreachable',
      message: expect.stringMatching(/can't be reached: .*; the request may have been taken$/) as string,
      remedy: 'Look with `steersman status` whether it was, before you ask again.',
    })
    await other.close()
  })

  it('tells at once that nobody has heard of a restart where no controller runs', async () => {
    const { url, api } = await start()
    await api.close()
    const answer = clientOf(url).restartRelease({ environment: 'demo', release: 'web' })
    await expect(answer).rejects.toMatchObject({ message: `${url} can't be reached: connection refused` })
  })

  it('gives up on an answer without end', async () => {
    const other = await listenOnLoopback(
      createServer((_request, response) => {
        const chunk = Buffer.alloc(1024 * 1024, ' ')
        const more = (): void => {
          while (!response.destroyed && response.write(chunk));
        }
        response.on('drain', more)
        more()
      }),
    )
    await expect(clientOf(other.url, 15_000).environments()).rejects.toMatchObject({ code: 'NotSteersman' })
    await other.close()
  })
})
