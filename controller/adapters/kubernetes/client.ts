import { delimiter } from 'node:path'
import { HttpMethod, type KubeConfig, RequestContext } from '@kubernetes/client-node'
import type { Response } from 'undici'
import { fetch } from 'undici'
import { PortError } from '../../ports/error.ts'
import type { KubeStatus } from './errors.ts'
import { refused, unreachable } from './errors.ts'
import { KeptConnections } from './kept-connections.ts'

export interface KubeCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** From the root, as `/apis/steersman.dev/v1alpha1/…`. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly body?: unknown
  /** Of the body; JSON unless it is a patch. */
  readonly contentType?: string
  readonly timeoutMs?: number
}

/** The Kubernetes API as one cluster and one identity see it. */
export interface KubeClient {
  /** Where the identity works, unless told otherwise: of the kubeconfig's context or of the pod. */
  readonly namespace: string
  /** The parsed answer; throws PortErrors as `errors.ts` classes them. */
  request(call: KubeCall): Promise<unknown>
  /** Lines of JSON as they come, until the server ends the stream or the signal is aborted. */
  stream(call: Pick<KubeCall, 'path' | 'query'>, signal: AbortSignal): AsyncIterable<unknown>
}

/** How long one answer may take, in milliseconds. */
const TIMEOUT_MS = 10_000

/** A stream over which nothing came for so long, no bookmark either, is taken for broken: real servers send a bookmark about once a minute. */
const SILENCE_MS = 150_000

/**
 * Connects as KUBECONFIG says, else as the pod's service account, else as the kubeconfig in the home directory. Tokens are read anew when they expire.
 * Throws a PortError `NoCluster` (stall) where none of them leads to a cluster.
 */
export function openKubeClient(variables: Readonly<Record<string, string | undefined>>): KubeClient {
  const config = configOf(variables)
  const server = config.getCurrentCluster()?.server
  if (server === undefined || isFallback(config)) throw noCluster()
  const namespace = config.getContextObject(config.getCurrentContext())?.namespace ?? 'default'

  const send = senderOf(config, server)
  return { namespace, request, stream }

  async function request(call: KubeCall): Promise<unknown> {
    const isWrite = call.method !== 'GET'
    const signal = AbortSignal.timeout(call.timeoutMs ?? TIMEOUT_MS)
    const response = await send(call, signal)
    const text = await response.text().catch((error: unknown) => {
      throw unreachable(error, isWrite)
    })
    if (!response.ok) throw refused(response.status, statusOf(text), isWrite)
    return JSON.parse(text) as unknown
  }

  async function* stream(
    call: Pick<KubeCall, 'path' | 'query'>,
    signal: AbortSignal,
  ): AsyncIterable<unknown> {
    const silence = silenceGuard(SILENCE_MS)
    try {
      const either = AbortSignal.any([signal, silence.signal])
      const response = await send({ ...call, method: 'GET' }, either)
      if (!response.ok) throw refused(response.status, statusOf(await response.text()), false)
      if (response.body === null) return
      for await (const line of linesOf(response.body, () => silence.heard()))
        yield JSON.parse(line) as unknown
    } catch (error) {
      if (!signal.aborted) throw error instanceof PortError ? error : unreachable(error, false)
    } finally {
      silence.end()
    }
  }
}

/** The lines of a body as they come; each chunk is told. */
async function* linesOf(body: NonNullable<Response['body']>, heard: () => void): AsyncIterable<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    heard()
    const lines = `${rest}${decoder.decode(chunk as Uint8Array, { stream: true })}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') yield line
    if (rest.length > LINE_LIMIT) throw new Error(`a line is longer than ${LINE_LIMIT} characters`)
  }
}

/** Of one event, in characters: twice what the server lets an object have. */
const LINE_LIMIT = 4 * 1024 * 1024

type Send = (call: KubeCall, signal: AbortSignal) => Promise<Response>

/** Sends with what the configuration says of address, certificates and identity, which it may read anew each time. */
const senderOf =
  (config: KubeConfig, server: string): Send =>
  async ({ method, path, query = {}, body, contentType = 'application/json' }, signal) => {
    const url = new URL(`${server}${path}`)
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, value)
    try {
      const context = new RequestContext(url.toString(), HttpMethod.GET)
      await config.applySecurityAuthentication(context)
      const dispatcher = context.getDispatcher()
      return await fetch(url, {
        method,
        headers: {
          ...context.getHeaders(),
          accept: 'application/json',
          'user-agent': 'steersman',
          ...(body === undefined ? {} : { 'content-type': contentType }),
        },
        signal,
        ...(dispatcher === undefined ? {} : { dispatcher }),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    } catch (error) {
      throw unreachable(error, method !== 'GET')
    }
  }

function configOf({
  KUBECONFIG,
  KUBERNETES_SERVICE_HOST,
}: Readonly<Record<string, string | undefined>>): KubeConfig {
  const config = new KeptConnections()
  const [first, ...more] = (KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '')
  if (first === undefined) {
    if (KUBERNETES_SERVICE_HOST === undefined) config.loadFromDefault()
    else config.loadFromCluster()
    return config
  }
  config.loadFromFile(first)
  for (const path of more) {
    const other = new KeptConnections()
    other.loadFromFile(path)
    config.mergeConfig(other, true)
  }
  return config
}

/** The library falls back to an address of its own invention, which leads nowhere. */
const isFallback = (config: KubeConfig): boolean =>
  config.getCurrentContext() === 'loaded-context' &&
  config.getCurrentCluster()?.server === 'http://localhost:8080'

const noCluster = (): PortError =>
  new PortError('there is no Kubernetes cluster to work with', {
    code: 'NoCluster',
    handling: 'stall',
    remedy: 'Set KUBECONFIG, or run the controller in a pod with a service account.',
  })

function statusOf(text: string): KubeStatus {
  try {
    return (JSON.parse(text) ?? {}) as KubeStatus
  } catch {
    return { message: text.slice(0, 200) }
  }
}

/** Aborts once nothing was heard for that long. */
function silenceGuard(limitMs: number): {
  readonly signal: AbortSignal
  heard(): void
  end(): void
} {
  const controller = new AbortController()
  let timer = start()
  return {
    signal: controller.signal,
    heard() {
      clearTimeout(timer)
      timer = start()
    },
    end: () => clearTimeout(timer),
  }

  function start(): NodeJS.Timeout {
    return setTimeout(() => controller.abort(new Error('the stream fell silent')), limitMs).unref()
  }
}
