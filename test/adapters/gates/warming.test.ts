import { afterEach, describe, expect, it } from 'vitest'

import { createGateRunner } from '../../../controller/adapters/gates/runner.ts'
import { judgeWarming } from '../../../controller/adapters/gates/warming.ts'
import type { GateAttempt, WarmingProbe } from '../../../controller/ports/gate.ts'
import { runnerOptions, Servers, unstopped } from './servers.ts'

const servers = new Servers()
afterEach(() => servers.close())

function probeOf(address: string, given: Partial<WarmingProbe> = {}): WarmingProbe {
  const { hostname, port } = new URL(address)
  return {
    kind: 'warming',
    gate: 'warm',
    loadBalancer: { name: 'web', dnsName: hostname },
    port: Number(port),
    protocol: 'HTTP',
    host: 'shop.example.com',
    headers: { 'x-from': 'steersman' },
    timeoutMs: 2_000,
    paths: ['/', '/basket?of=1'],
    requests: 10,
    batchMs: 5_000,
    concurrency: 3,
    progress: { answered: 0, wanted: 30 },
    ...given,
  }
}

const warm = (probe: WarmingProbe, options = runnerOptions(), signal = unstopped): Promise<GateAttempt> =>
  createGateRunner(options).probe(probe, signal)

describe('a warming', () => {
  it('sends each request of a batch once, the paths in turn, as the gate says them', async () => {
    const seen: string[] = []
    const address = await servers.http((request, response) => {
      seen.push(
        `${request.method} ${request.url} ${request.headers.host} ${request.headers['x-from'] as string}`,
      )
      response.end('warm')
    })
    const attempt = await warm(probeOf(address, { requests: 5, progress: { answered: 10, wanted: 15 } }))
    expect(attempt).toEqual({
      result: 'Success',
      message: '15 of 15 requests were answered well',
      answers: { good: 5, bad: 0 },
    })
    const one = 'GET / shop.example.com steersman'
    const other = 'GET /basket?of=1 shop.example.com steersman'
    expect(seen.toSorted()).toEqual([one, one, one, other, other].toSorted())
  })

  it('has no more requests under way at once than allowed', async () => {
    let now = 0
    let most = 0
    const waiting: (() => void)[] = []
    const address = await servers.http((_, response) => {
      now += 1
      most = Math.max(most, now)
      waiting.push(() => {
        now -= 1
        response.end()
      })
      if (waiting.length === 3) for (const answer of waiting.splice(0)) answer()
    })
    expect((await warm(probeOf(address, { requests: 12 }))).answers).toEqual({ good: 12, bad: 0 })
    expect(most).toBe(3)
  })

  it('counts bad statuses, and leaves out what has no whole answer', async () => {
    let count = 0
    const address = await servers.http((_, response) => {
      count += 1
      if (count === 1) response.writeHead(503).end()
      else if (count === 2)
        response.writeHead(200, { 'content-length': '10' }).write('half', () => response.destroy())
      else response.end()
    })
    const attempt = await warm(probeOf(address, { requests: 4, concurrency: 1 }))
    expect(attempt).toMatchObject({ result: 'Failure', answers: { good: 2, bad: 1 } })
    expect(attempt.message).toMatch(
      /^2 of 30 requests were answered well; 1 got 503; 1 got no answer \(.+\)$/,
    )
  })

  it('gives up a request that takes too long, and begins none after its time', async () => {
    const address = await servers.http(() => undefined)
    const attempt = await warm(probeOf(address, { timeoutMs: 50, batchMs: 80, concurrency: 1 }))
    expect(attempt).toMatchObject({ result: 'Inconclusive', answers: { good: 0, bad: 0 } })
    expect(attempt.message).toMatch(
      /^0 of 30 requests were answered well; [12] got no answer \(within 50 ms\)$/,
    )
  })

  it('ends all its requests when it is stopped', async () => {
    const stop = new AbortController()
    const address = await servers.http(() => stop.abort())
    expect((await warm(probeOf(address), runnerOptions(), stop.signal)).result).toBe('Inconclusive')
    expect((await warm(probeOf(address), runnerOptions(), stop.signal)).message).toContain('it was stopped')
  })

  it('asks no host that is not allowed', async () => {
    const policy = { allowHosts: [], isListenerOfRelease: () => false }
    expect(await warm(probeOf('http://gate.example.com:1'), runnerOptions({ policy }))).toEqual({
      result: 'Inconclusive',
      message: 'the warming could not begin: the host gate.example.com is not in allow.gateHosts',
    })
  })

  it('follows no redirect, and takes one for an answer', () => {
    expect(
      judgeWarming(
        { progress: { answered: 1, wanted: 4 } },
        new Map([
          [302, 2],
          [404, 1],
        ]),
      ),
    ).toEqual({
      result: 'Failure',
      message: '3 of 4 requests were answered well; 1 got 404',
      answers: { good: 2, bad: 1 },
    })
  })
})
