import { Readable } from 'node:stream'
import { answer } from '../../../controller/sandbox/wire/answer.ts'
import type { World } from '../../../controller/sandbox/world.ts'

interface SdkRequest {
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, string | string[] | null>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

interface SdkResponse {
  response: { statusCode: number; headers: Record<string, string>; body: Readable }
}

/**
 * A request handler for AWS SDK clients that answers from a world without sockets: latencies run on the world's clock, a
 * reset connection rejects, and an answer that never comes is rejected as the client's own timeout.
 */
export function inProcessHandler(world: World): {
  metadata: { handlerProtocol: string }
  handle(request: SdkRequest): Promise<SdkResponse>
  updateHttpClientConfig(): void
  httpHandlerConfigs(): Record<string, never>
  destroy(): void
} {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request) {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
      )
      const body = textOf(request.body)
      const path = `${request.path}${queryOf(request.query ?? {})}`
      const answered = answer(world, { method: request.method, path, headers, body })
      if (answered.latencyMs > 0) {
        await new Promise<void>((resolve) => {
          world.clock.setTimer(answered.latencyMs, resolve)
        })
      }
      if (answered.delivery === 'reset')
        throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
      if (answered.delivery === 'never') throw Object.assign(new Error('timed out'), { name: 'TimeoutError' })
      const response = {
        statusCode: answered.status,
        headers: { ...answered.headers },
        body: Readable.from([Buffer.from(answered.body)]),
      }
      return { response }
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  }
}

/** Newer clients of the SDK hand their bodies over as bytes. */
function textOf(body: unknown): string {
  if (typeof body === 'string') return body
  return body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : ''
}

/** The parameters of a request as its address has them. */
function queryOf(query: NonNullable<SdkRequest['query']>): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value ?? '']) parameters.append(name, one)
  return parameters.size === 0 ? '' : `?${parameters.toString()}`
}
