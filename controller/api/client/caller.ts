import { ApiError, refusal, unreachable } from './error.ts'

export type Query = Readonly<Record<string, string | undefined>>

/** One server and one token: how every method of the client reaches the API. */
export interface Caller {
  readonly server: string
  readonly timeoutMs: number
  readonly get: <Answer>(path: readonly string[], query?: Query) => Promise<Answer>
  readonly post: <Answer>(path: readonly string[], body?: object) => Promise<Answer>
  /** The answer of a stream, once its head arrived and told success. */
  readonly open: (request: {
    readonly path: readonly string[]
    readonly query: Query
    readonly headers: Readonly<Record<string, string>>
    readonly signal: AbortSignal
  }) => Promise<Response>
}

/** A page of 500 rollouts with full timelines stays below. */
const ANSWER_LIMIT_BYTES = 64 * 1024 * 1024

/** Makes the caller; throws an ApiError when `server` is no http or https address. */
export function createCaller(options: {
  readonly server: string
  readonly token?: string | undefined
  readonly timeoutMs: number
}): Caller {
  const { timeoutMs, token } = options
  const base = baseOf(options.server)
  const server = base.origin
  const authorization: Record<string, string> =
    token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` }

  return { server, timeoutMs, get, post, open }

  async function get<Answer>(path: readonly string[], query: Query = {}): Promise<Answer> {
    return call(addressOf(base, path, query), { headers: { accept: 'application/json', ...authorization } })
  }

  async function post<Answer>(path: readonly string[], body: object = {}): Promise<Answer> {
    const headers = { accept: 'application/json', 'content-type': 'application/json', ...authorization }
    return call(addressOf(base, path, {}), { method: 'POST', headers, body: JSON.stringify(body) })
  }

  async function call<Answer>(address: URL, request: RequestInit): Promise<Answer> {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await send(address, { ...request, signal })
    const text = await readText(response).catch((error: unknown) => {
      throw error instanceof ApiError ? error : unreachable(error, server, timeoutMs)
    })
    if (!response.ok) throw refusal(response.status, text, server)
    return parsed(text, response.status) as Answer
  }

  async function open({ path, query, headers, signal }: Parameters<Caller['open']>[0]): Promise<Response> {
    const response = await send(addressOf(base, path, query), {
      headers: { ...headers, ...authorization },
      signal,
    })
    if (response.ok) return response
    throw refusal(response.status, await readText(response), server)
  }

  async function send(address: URL, request: RequestInit): Promise<Response> {
    try {
      return await fetch(address, { ...request, redirect: 'error' })
    } catch (error) {
      throw unreachable(error, server, timeoutMs)
    }
  }

  async function readText(response: Response): Promise<string> {
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of bytesOf(response)) {
      size += chunk.byteLength
      if (size > ANSWER_LIMIT_BYTES) throw refusal(response.status, '', server)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks).toString('utf8')
  }

  function parsed(text: string, status: number): unknown {
    try {
      return JSON.parse(text) as unknown
    } catch {
      throw refusal(status, text, server)
    }
  }
}

function baseOf(server: string): URL {
  const url = URL.canParse(server) ? new URL(server) : undefined
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url
  throw new ApiError(`${JSON.stringify(server)} is no address of a server`, {
    code: 'BadServer',
    remedy: 'Give --server as http://HOST:PORT or https://HOST:PORT.',
  })
}

function addressOf(base: URL, path: readonly string[], query: Query): URL {
  const prefix = base.pathname.replace(/\/+$/, '')
  const address = new URL(base)
  address.pathname = `${prefix}/api/v1/${path.map(encodeURIComponent).join('/')}`
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) address.searchParams.set(name, value)
  return address
}

/** The body's bytes; an answer without a body has none. */
const bytesOf = (response: Response): AsyncIterable<Uint8Array> => response.body ?? new ReadableStream()
