import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { createGateRunner } from '../../controller/adapters/gates/runner.ts'
import type { GateAttempt } from '../../controller/ports/gate.ts'
import { runnerOptions, unstopped } from '../adapters/gates/servers.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'
import { requires } from '../support/requires.ts'
import { makeTemporaryDirectory } from '../support/temp-directory.ts'

const found = requires('prometheus')

/** What the program says that Prometheus scrapes. */
const METRICS = `# TYPE http_requests_total counter
http_requests_total{version="1",code="200"} 97
http_requests_total{version="1",code="500"} 3
http_requests_total{version="2",code="200"} 50
`

describe.skipIf(found.missing !== undefined)(found.title('a gate asks a real Prometheus'), () => {
  let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>
  let program: Server
  let prometheus: ChildProcess
  let server = ''

  beforeAll(async () => {
    directory = await makeTemporaryDirectory('prometheus')
    program = createServer((_, response) => response.end(METRICS))
    program.listen(0, '127.0.0.1')
    await once(program, 'listening')
    const target = `127.0.0.1:${(program.address() as AddressInfo).port}`
    const config = join(directory.path, 'prometheus.yml')
    await writeFile(
      config,
      `scrape_configs: [{ job_name: shop, scrape_interval: 1s, static_configs: [{ targets: ['${target}'] }] }]`,
    )
    const port = await freePort()
    server = `http://127.0.0.1:${port}`
    prometheus = spawn(
      'prometheus',
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(directory.path, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: 'ignore' },
    )
    await eventually(
      () => ask('sum(http_requests_total)', { max: 1_000 }),
      ({ result }) => result === 'Success',
      { what: 'the first scrape of Prometheus', withinMs: 30_000 },
    )
  }, 60_000)

  afterAll(async () => {
    if (prometheus.exitCode === null) {
      prometheus.kill('SIGKILL')
      await once(prometheus, 'exit')
    }
    program.close()
    await directory.remove()
  })

  function ask(query: string, bounds: { max?: number; min?: number }): Promise<GateAttempt> {
    const policy = { allowHosts: ['127.0.0.1'], isListenerOfRelease: () => true }
    const probe = {
      kind: 'prometheus',
      gate: 'errors',
      server,
      query,
      bounds: { max: bounds.max, min: bounds.min },
      timeoutMs: 5_000,
    } as const
    return createGateRunner(runnerOptions({ policy })).probe(probe, unstopped)
  }

  const share = (version: string): string =>
    `sum(http_requests_total{version="${version}",code="500"}) / sum(http_requests_total{version="${version}"})`

  it.each<readonly [query: string, max: number, result: string, message: string]>([
    [share('1'), 0.05, 'Success', '0.03 is at most 0.05'],
    [share('1'), 0.01, 'Failure', '0.03 is more than 0.01'],
    [share('2'), 0.01, 'Inconclusive', 'the query finds no series'],
    [`(${share('2')}) or vector(0)`, 0.01, 'Success', '0 is at most 0.01'],
    ['http_requests_total', 0.01, 'Inconclusive', 'the query gives 3 series'],
    ['http_requests_total[1m]', 0.01, 'Inconclusive', 'the query gives a matrix'],
    ['vector(0) / vector(0)', 0.01, 'Inconclusive', 'NaN'],
    ['vector(1) / vector(0)', 0.01, 'Failure', 'Infinity is more than 0.01'],
    ['scalar(sum(up))', 1, 'Success', '1 is at most 1'],
    ['sum(', 0.01, 'Inconclusive', 'it answered 400 (bad_data)'],
  ])('%s at most %d: %s', async (query, max, result, message) => {
    expect(await ask(query, { max })).toEqual({
      result,
      message: expect.stringContaining(message) as string,
    })
  })
})
