import { Client } from 'undici'

import type { ListenerProbe } from '../../ports/gate.ts'
import { readBody } from './read-body.ts'

const limitBytes = 1_048_576

/** That the real address of a listener could not be learned. */
class ListenerUnknown extends Error {
  override readonly name = 'ListenerUnknown'
  readonly code = 'ListenerUnknown'
}

/**
 * The origin that answers for the probe's load balancer and port: what `listenersUrl` says (`[{loadBalancer, port, url}]`, read anew each time,
 * as a restarted sandbox listens elsewhere), else the load balancer's DNS name and port. Throws {@link ListenerUnknown}.
 */
export async function listenerOrigin(
  probe: ListenerProbe,
  listenersUrl: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  if (listenersUrl === undefined) {
    return `${probe.protocol.toLowerCase()}://${probe.loadBalancer.dnsName}:${probe.port}`
  }
  const listeners = await readListeners(listenersUrl, signal)
  const names = new Set([probe.loadBalancer.name, probe.loadBalancer.dnsName])
  const found = listeners.find((listener) => listener.port === probe.port && names.has(listener.loadBalancer))
  if (found !== undefined && URL.canParse(found.url)) return new URL(found.url).origin
  throw new ListenerUnknown(`no listener of ${probe.loadBalancer.name} at port ${probe.port} is known`)
}

interface ListenerAddress {
  readonly loadBalancer: string
  readonly port: number
  readonly url: string
}

async function readListeners(url: string, signal: AbortSignal): Promise<readonly ListenerAddress[]> {
  const address = new URL(url)
  const client = new Client(address.origin, { allowH2: false, headersTimeout: 0, bodyTimeout: 0 })
  try {
    const answer = await client.request({
      path: `${address.pathname}${address.search}`,
      method: 'GET',
      signal,
    })
    const { text } = await readBody(answer.body, limitBytes)
    const listeners: unknown = answer.statusCode === 200 ? JSON.parse(text) : undefined
    return Array.isArray(listeners) ? listeners.filter(isListenerAddress) : []
  } catch (cause) {
    throw new ListenerUnknown('the list of listeners could not be read', { cause })
  } finally {
    await client.destroy()
  }
}

function isListenerAddress(value: unknown): value is ListenerAddress {
  if (typeof value !== 'object' || value === null) return false
  const { loadBalancer, port, url } = value as Partial<Record<keyof ListenerAddress, unknown>>
  return typeof loadBalancer === 'string' && typeof port === 'number' && typeof url === 'string'
}
