import { errors } from 'undici'
import type { Clock } from '../../ports/clock.ts'
import { isAllowedHost } from './allowed-host.ts'
import { connectTo, RefusedAddress } from './connect.ts'
import type { AllAddressesLookup } from './connect.ts'
import { errorCode } from './error-code.ts'
import { readBody } from './read-body.ts'

export interface PostOptions {
  readonly clock: Clock
  readonly policy: { readonly allowHosts: readonly string[] }
  /** The system's resolver unless given. */
  readonly lookup?: AllAddressesLookup | undefined
}

export interface Post {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Limit of the whole of it, connection and answer included. */
  readonly timeoutMs: number
  /** How much of the answer is read. */
  readonly limitBytes: number
}

/** What came back, or in words for people why nothing did. Nobody's redirects are followed. */
export type PostAnswer =
  { readonly status: number; readonly text: string; readonly isWhole: boolean } | { readonly why: string }

/** One POST to a host that the environment allows, on a fresh connection whose address is judged when it is made. */
export async function post(given: Post, options: PostOptions, signal: AbortSignal): Promise<PostAnswer> {
  if (signal.aborted) return { why: 'it was stopped' }
  const { hostname } = new URL(given.url)
  if (!isAllowedHost(hostname, options.policy.allowHosts))
    return { why: `the host ${hostname} is not in allow.gateHosts` }
  const limit = new AbortController()
  const cancelTimer = options.clock.setTimer(given.timeoutMs, () => limit.abort())
  try {
    return await send(given, options, AbortSignal.any([signal, limit.signal]))
  } catch (error) {
    if (signal.aborted) return { why: 'it was stopped' }
    if (limit.signal.aborted) return { why: `no whole answer within ${given.timeoutMs} ms` }
    return { why: whyNot(error) }
  } finally {
    cancelTimer()
  }
}

async function send(
  { url, headers, body, limitBytes }: Post,
  { lookup }: PostOptions,
  signal: AbortSignal,
): Promise<PostAnswer> {
  const { origin, pathname, search } = new URL(url)
  const client = connectTo({ origin, serverName: undefined, lookup })
  try {
    const answer = await client.request({
      path: `${pathname}${search}`,
      method: 'POST',
      headers,
      body,
      signal,
    })
    return { status: answer.statusCode, ...(await readBody(answer.body, limitBytes)) }
  } finally {
    await client.destroy()
  }
}

function whyNot(error: unknown): string {
  if (error instanceof RefusedAddress) return error.message
  if (error instanceof errors.HTTPParserError || error instanceof errors.HeadersOverflowError)
    return 'the answer is not HTTP'
  return `no answer (${errorCode(error)})`
}
