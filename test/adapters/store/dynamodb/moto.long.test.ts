import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe } from 'vitest'
import { eventually } from '../../../support/eventually.ts'
import { freePort } from '../../../support/free-port.ts'
import { requires } from '../../../support/requires.ts'
import { reach } from './bench.ts'
import { describeTable } from './contract.ts'

const moto = requires('moto')
const skipped = moto.missing !== undefined
let server: ChildProcess
let front: Front

interface Front {
  readonly url: string
  close(): Promise<void>
}

/**
 * Passes on one request after the other. moto undoes a refused transaction by putting back a copy of the whole table, which takes away what was written
 * meanwhile.
 */
async function oneAtATime(endpoint: string): Promise<Front> {
  let turn: Promise<unknown> = Promise.resolve()
  const proxy = createServer((request, response) => {
    turn = turn.then(() => passOn(endpoint, request, response)).catch(() => response.destroy())
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    async close() {
      proxy.closeAllConnections()
      proxy.close()
      await turn
    },
  }
}

async function passOn(endpoint: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { host: _host, connection: _connection, ...headers } = request.headers
  const answer = await fetch(`${endpoint}${request.url}`, {
    method: request.method ?? 'POST',
    headers: headers as Record<string, string>,
    body: await text(request),
  })
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
  response.end(await answer.text())
}

/** A second opinion on conditions and transactions: another implementation of DynamoDB, in another language. */
describe.skipIf(skipped)(moto.title('over moto'), { timeout: 120_000 }, () => {
  beforeAll(async () => {
    const port = await freePort()
    const endpoint = `http://127.0.0.1:${port}`
    server = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
    await eventually(
      () => fetch(`${endpoint}/moto-api/`),
      ({ ok }) => ok,
      { what: 'moto', withinMs: 60_000 },
    )
    front = await oneAtATime(endpoint)
  }, 90_000)

  afterAll(async () => {
    await front.close()
    if (server.exitCode === null && server.kill('SIGKILL')) await once(server, 'exit')
  })

  describeTable("moto's DynamoDB", () => reach(front.url))
})
