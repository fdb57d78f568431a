import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { World } from '../world.ts'
import { processAgent, serve } from './serve.ts'

/** A row of `GET /_sandbox/listeners`: `port` is the declared one, `url` where it really listens. */
export interface ListenerAddress {
  readonly loadBalancer: string
  readonly port: number
  readonly url: string
}

export interface DataPlane {
  /** Every listener's address, once all that were asked for do listen. */
  addresses(): Promise<ListenerAddress[]>
  close(): Promise<void>
}

interface OpenPort {
  readonly server: Server
  readonly listening: Promise<number>
}

/**
 * Opens a free loopback port for each application listener when it is created, and closes it when it is deleted. HTTPS
 * listeners are served as plain HTTP: the sandbox has no certificates, and what is tried here is where requests go.
 */
export function createDataPlane(world: World): DataPlane {
  const open = new Map<string, OpenPort>()
  const agent = processAgent()
  let closed = false

  function follow(): void {
    if (closed) return
    const wanted = world.elb.tables.listeners.list().filter((listener) => /^HTTPS?$/.test(listener.protocol))
    for (const { arn } of wanted) {
      const parts = {
        listenerArn: arn,
        route: world.route,
        network: world.network,
        clock: world.clock,
        agent,
      }
      if (!open.has(arn)) open.set(arn, openPort(serve(parts)))
    }
    for (const [arn, port] of open) {
      if (wanted.some((listener) => listener.arn === arn)) continue
      open.delete(arn)
      shut(port).catch(() => undefined) // it never listened
    }
  }

  world.elb.onListenersChange(follow)
  follow()
  return {
    async addresses() {
      const rows = [...open].map(async ([arn, port]) => {
        const listener = world.elb.tables.listeners.get(arn)
        const balancer = world.elb.tables.loadBalancers.get(listener?.loadBalancerArn ?? '')
        const real = await port.listening
        return {
          loadBalancer: balancer?.name ?? '',
          port: listener?.port ?? 0,
          url: `http://127.0.0.1:${real}`,
        }
      })
      return Promise.all(rows)
    },
    async close() {
      closed = true
      await Promise.all([...open.values()].map(shut))
      open.clear()
      agent.destroy()
    },
  }
}

function openPort(handle: ReturnType<typeof serve>): OpenPort {
  const server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, handle)
  server.on('clientError', (_error, socket) =>
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
  )
  const listening = new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address: AddressInfo | string | null = server.address()
      resolve(address === null || typeof address === 'string' ? 0 : address.port)
    })
  })
  listening.catch(() => undefined) // whoever asks for the addresses is told
  return { server, listening }
}

async function shut(port: OpenPort): Promise<void> {
  await port.listening.catch(() => 0)
  await new Promise<void>((resolve) => {
    port.server.close(() => resolve())
    port.server.closeAllConnections()
  })
}
