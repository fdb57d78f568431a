import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

import type { AllAddressesLookup } from '../../../controller/adapters/gates/connect.ts'
import type { GateRunnerOptions } from '../../../controller/adapters/gates/runner.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'

/** Small servers of a test, closed together. */
export class Servers {
  readonly #servers: Server[] = []
  readonly #sockets = new Set<Socket>()

  /** The address of a server that answers over HTTP. */
  http(listener: (...given: Parameters<RequestListener>) => unknown): Promise<string> {
    return this.#listen(createServer((request, response) => void listener(request, response)))
  }

  /** The address of a server that does with a connection what it likes. */
  tcp(listener: (socket: Socket) => void): Promise<string> {
    return this.#listen(createTcpServer(listener))
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    const closed = this.#servers
      .splice(0)
      .map((server) => new Promise<void>((resolve) => server.close(() => resolve())))
    await Promise.all(closed)
  }

  async #listen(server: Server): Promise<string> {
    this.#servers.push(server)
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://gate.example.com:${(server.address() as AddressInfo).port}`
  }
}

/** Reads a request to its end. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of request) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks).toString('utf8')
}

export const resolveTo =
  (...addresses: string[]): AllAddressesLookup =>
  (_, __, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )

/** A runner's options: `gate.example.com` is allowed and this machine, and AWS is asked nothing. */
export function runnerOptions(given: Partial<GateRunnerOptions> = {}): GateRunnerOptions {
  const unasked = (): Promise<never> => Promise.reject(new Error('nobody asks AWS here'))
  return {
    clock: systemClock,
    policy: { allowHosts: ['gate.example.com'], isListenerOfRelease: () => true },
    lookup: resolveTo('127.0.0.1'),
    functions: { invoke: unasked },
    scripts: { run: unasked },
    metrics: { alarms: unasked, points: unasked },
    webhookSecret: () => undefined,
    ...given,
  }
}

export const unstopped = new AbortController().signal
