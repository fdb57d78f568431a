import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'

import type { GateRunnerOptions } from '../../../controller/adapters/gates/runner.ts'
import { createGateRunner } from '../../../controller/adapters/gates/runner.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { GateAttempt } from '../../../controller/ports/gate.ts'
import { bodyOf, runnerOptions, Servers, unstopped } from './servers.ts'

const servers = new Servers()
afterEach(() => servers.close())

const BODY = '{"kind":"Rollout","note":"ü"}'

function ask(url: string, options: Partial<GateRunnerOptions> = {}): Promise<GateAttempt> {
  const probe = {
    kind: 'webhook',
    gate: 'audit',
    url,
    body: BODY,
    id: 'prod-web-7/audit',
    timeoutMs: 2_000,
  } as const
  return createGateRunner(runnerOptions(options)).probe(probe, unstopped)
}

describe('a webhook that is called back', () => {
  const callback = { rollout: 'prod-web-7', gate: 'audit', digest: 'sha256:1' }
  const secret = { webhookSecret: () => 'hush' }
  const send = (url: string, options: Partial<GateRunnerOptions> = secret): Promise<GateAttempt> =>
    createGateRunner(runnerOptions(options)).probe(
      { kind: 'webhook', gate: 'audit', url, body: BODY, id: 'prod-web-7/audit', timeoutMs: 2_000, callback },
      unstopped,
    )

  it('says where, and with which token, and is left in peace after a 202', async () => {
    const seen: unknown[] = []
    const server = await servers.http((request, response) => {
      seen.push(request.headers['steersman-callback'], request.headers['steersman-callback-token'])
      response.writeHead(202).end()
    })
    expect(await send(server)).toEqual({
      result: 'Inconclusive',
      message: 'gate.example.com answered 202: it is to call back',
      pauseMs: 600_000,
    })
    const signed = createHmac('sha256', 'hush').update('callback\nprod-web-7\naudit\nsha256:1')
    expect(seen).toEqual(['/api/v1/rollouts/prod-web-7/gates/audit', signed.digest('base64url')])
  })

  it('may decide at once all the same', async () => {
    const server = await servers.http((_, response) => response.writeHead(500).end())
    expect((await send(server)).result).toBe('Failure')
  })

  it('is not sent without a secret to sign with', async () => {
    expect(await send('http://gate.example.com:1', {})).toEqual({
      result: 'Inconclusive',
      message: 'gate.example.com could not be asked: a callback needs webhookSecretFrom of the environment',
    })
  })
})

describe('a webhook', () => {
  it('is sent the rollout by POST, with who sends it and which delivery it is', async () => {
    const seen: unknown[] = []
    const server = await servers.http(async (request, response) => {
      const {
        'content-type': type,
        'steersman-delivery': delivery,
        'steersman-signature': signed,
      } = request.headers
      seen.push([request.method, request.url, type, delivery, signed, await bodyOf(request)])
      response.end()
    })
    expect(await ask(`${server}/hook?from=ci`)).toEqual({
      result: 'Success',
      message: 'gate.example.com answered 200',
    })
    expect(seen).toEqual([['POST', '/hook?from=ci', 'application/json', 'prod-web-7/audit', undefined, BODY]])
  })

  it('is signed over its time and its body, as a receiver can check', async () => {
    let signature = ''
    const server = await servers.http((request, response) => {
      signature = String(request.headers['steersman-signature'])
      response.writeHead(204).end()
    })
    const clock = { ...systemClock, now: () => 1_700_000_000_999 }
    expect((await ask(server, { clock, webhookSecret: () => 'shared' })).result).toBe('Success')
    const expected = createHmac('sha256', 'shared').update(`1700000000.${BODY}`).digest('hex')
    expect(signature).toBe(`t=1700000000,v1=${expected}`)
  })

  it.each([
    [202, 'Inconclusive', 'answered 202: it has not decided yet'],
    [301, 'Inconclusive', 'answered 301: redirects are not followed'],
    [400, 'Failure', 'answered 400, expected 2xx'],
    [503, 'Failure', 'answered 503, expected 2xx'],
  ])('that is answered %d is a %s', async (status, result, message) => {
    const server = await servers.http((_, response) =>
      response.writeHead(status, { location: 'http://169.254.169.254/' }).end('hush'),
    )
    const attempt = await ask(server)
    expect(attempt).toEqual({ result, message: expect.stringContaining(message) as string })
    expect(attempt.message).not.toContain('hush')
  })

  it('is not sent without the signature that the environment wants', async () => {
    let asked = 0
    const server = await servers.http((_, response) => {
      asked += 1
      response.end()
    })
    const attempt = await ask(server, {
      webhookSecret() {
        throw new PortError('a secret is missing: the environment variable HOOK has none', {
          code: 'SecretMissing',
          handling: 'stall',
          remedy: 'Put the secret there.',
        })
      },
    })
    expect(attempt).toEqual({
      result: 'Inconclusive',
      message:
        'the secret that signs webhooks could not be read: a secret is missing: the environment variable HOOK has none. Put the secret there.',
    })
    expect(asked).toBe(0)
  })

  it('is not sent to a host that is not allowed', async () => {
    const attempt = await ask('http://other.example.com:1/')
    expect(attempt.message).toContain('other.example.com is not in allow.gateHosts')
  })
})
