import { afterEach, describe, expect, it } from 'vitest'

import type { GateRunnerOptions } from '../../../controller/adapters/gates/runner.ts'
import { createGateRunner } from '../../../controller/adapters/gates/runner.ts'
import type { GateAttempt, PrometheusProbe } from '../../../controller/ports/gate.ts'
import { bodyOf, resolveTo, runnerOptions, Servers, unstopped } from './servers.ts'

const servers = new Servers()
afterEach(() => servers.close())

function ask(
  server: string,
  options: Partial<GateRunnerOptions> = {},
  more: Partial<PrometheusProbe> = {},
): Promise<GateAttempt> {
  const bounds = { max: 0.01, min: undefined }
  const probe = {
    kind: 'prometheus',
    gate: 'errors',
    server,
    query: 'sum(x)',
    bounds,
    timeoutMs: 2_000,
  } as const
  return createGateRunner(runnerOptions(options)).probe({ ...probe, ...more }, unstopped)
}

const vector = (...values: string[]): unknown => ({
  status: 'success',
  data: { resultType: 'vector', result: values.map((value) => ({ metric: {}, value: [1, value] })) },
})
const answering = (answer: unknown, status = 200): Promise<string> =>
  servers.http((_, response) =>
    response.writeHead(status).end(typeof answer === 'string' ? answer : JSON.stringify(answer)),
  )

describe('a query of Prometheus', () => {
  it('is sent as one form by POST below the address that the gate names', async () => {
    const seen: unknown[] = []
    const server = await servers.http(async (request, response) => {
      const form = Object.fromEntries(new URLSearchParams(await bodyOf(request)))
      seen.push({ method: request.method, url: request.url, form })
      response.end(JSON.stringify(vector('0')))
    })
    await ask(`${server}/prom/`, {}, { query: 'sum(rate(x{a="é&b"}[1m]))' })
    const form = { query: 'sum(rate(x{a="é&b"}[1m]))', timeout: '2000ms' }
    expect(seen).toEqual([{ method: 'POST', url: '/prom/api/v1/query', form }])
  })

  it.each<readonly [answer: unknown, result: string, message: string]>([
    [vector('0.005'), 'Success', '0.005 is at most 0.01'],
    [vector('0.02'), 'Failure', '0.02 is more than 0.01'],
    [vector('+Inf'), 'Failure', 'Infinity is more than 0.01'],
    [vector('-Inf'), 'Success', '-Infinity is at most 0.01'],
    [
      { status: 'success', data: { resultType: 'scalar', result: [1, '1e-3'] } },
      'Success',
      '0.001 is at most 0.01',
    ],
  ])('with the answer %j is a %s', async (answer, result, message) => {
    expect(await ask(await answering(answer))).toEqual({ result, message })
  })

  it.each<readonly [title: string, answer: unknown, status: number, message: string]>([
    ['NaN', vector('NaN'), 200, 'NaN, which a division by zero gives'],
    ['no series', vector(), 200, 'the query finds no series'],
    ['several series', vector('0', '0'), 200, 'the query gives 2 series; let it give one, as sum() does'],
    ['a matrix', { status: 'success', data: { resultType: 'matrix', result: [] } }, 200, 'gives a matrix'],
    [
      'a kind that is unknown',
      { status: 'success', data: { resultType: 'secret', result: [] } },
      200,
      'gives no number',
    ],
    ['no data', { status: 'success' }, 200, 'let it give one number'],
    ['a text for a value', vector('hush'), 200, 'the answer holds no number'],
    ['an empty value', vector(''), 200, 'the answer holds no value'],
    [
      'a sample that is none',
      { status: 'success', data: { resultType: 'vector', result: [7] } },
      200,
      'holds no value',
    ],
    ['no JSON', '<html>hush</html>', 200, 'none of Prometheus'],
    ['a list', '[]', 200, 'none of Prometheus'],
    [
      'a bad query',
      { status: 'error', errorType: 'bad_data', error: 'hush' },
      400,
      'it answered 400 (bad_data)',
    ],
    ['a word that is unknown', { status: 'error', errorType: 'hush' }, 503, 'it answered 503 (unknown)'],
    ['no admission', 'hush', 401, 'it answered 401 (unknown)'],
    ['a redirect', '', 302, 'it answered 302: redirects are not followed'],
    ['more than is read', `{"data":"${'x'.repeat(300_000)}"}`, 200, 'larger than 256 KiB'],
  ])(
    'says nothing with %s for an answer, and repeats nothing of it',
    async (_title, answer, status, message) => {
      const attempt = await ask(await answering(answer, status))
      expect(attempt).toEqual({ result: 'Inconclusive', message: expect.stringContaining(message) as string })
      expect(attempt.message).not.toContain('hush')
    },
  )

  it.each<readonly [title: string, options: Partial<GateRunnerOptions>, message: string]>([
    [
      'a host that is not allowed',
      { policy: { allowHosts: ['*.internal'], isListenerOfRelease: () => true } },
      'gate.example.com is not in allow.gateHosts',
    ],
    [
      'metadata behind a name',
      { lookup: resolveTo('127.0.0.1', '169.254.169.254') },
      'resolves to a refused address',
    ],
    ['a name without an address', { lookup: resolveTo() }, 'has no address'],
  ])('never reaches %s', async (_title, options, message) => {
    let asked = 0
    const server = await servers.http((_, response) => {
      asked += 1
      response.end()
    })
    const attempt = await ask(server, options)
    expect(attempt.result).toBe('Inconclusive')
    expect(attempt.message).toContain(message)
    expect(asked).toBe(0)
  })

  it('never reaches the address of metadata itself, also where every host is allowed', async () => {
    const policy = { allowHosts: ['*'], isListenerOfRelease: () => true }
    expect((await ask('http://169.254.169.254', { policy })).message).toContain('169.254.169.254 is refused')
  })

  it.each([
    ['a connection that ends', 'no answer (', async () => servers.tcp((socket) => socket.destroy())],
    [
      'what is not HTTP',
      'the answer is not HTTP',
      async () => servers.tcp((socket) => void socket.end('220 mail.example.com ESMTP\r\n')),
    ],
    [
      'an answer that never ends',
      'no whole answer within 300 ms',
      async () =>
        servers.http((_, response) => {
          response.writeHead(200).write('{')
        }),
    ],
  ])('says nothing after %s', async (_title, message, server) => {
    const attempt = await ask(await server(), {}, { timeoutMs: 300 })
    expect(attempt).toEqual({ result: 'Inconclusive', message: expect.stringContaining(message) as string })
  })

  it('is not asked once it was stopped', async () => {
    const probe = {
      kind: 'prometheus',
      gate: 'g',
      server: 'http://gate.example.com:1',
      query: 'x',
      timeoutMs: 9,
    } as const
    const bounds = { max: 1, min: undefined }
    const attempt = await createGateRunner(runnerOptions()).probe({ ...probe, bounds }, AbortSignal.abort())
    expect(attempt.message).toContain('it was stopped')
  })
})
