import type { Clock } from '../../ports/clock.ts'
import { PortError } from '../../ports/error.ts'
import type { KubeStatus } from './errors.ts'
import { refused, unreachable } from './errors.ts'

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

/** One answer of the server, as `fetch` gives it. */
export interface KubeAnswer {
  readonly ok: boolean
  readonly status: number
  readonly headers?: { get(name: string): string | null }
  readonly body: AsyncIterable<Uint8Array> | null
  text(): Promise<string>
}

/** Carries one request to the server; rejects where no answer comes, and once the signal is aborted. */
export type Send = (call: KubeCall, signal: AbortSignal) => Promise<KubeAnswer>

/** How long one answer may take, in milliseconds. */
const TIMEOUT_MS = 10_000

/** A stream over which nothing came for so long, no bookmark either, is taken for broken: real servers send a bookmark about once a minute. */
const SILENCE_MS = 150_000

/** The client over whatever carries its requests. */
export function kubeClientOver({
  namespace,
  send,
  clock,
}: {
  readonly namespace: string
  readonly send: Send
  readonly clock: Clock
}): KubeClient {
  return { namespace, request, stream }

  async function request(call: KubeCall): Promise<unknown> {
    const isWrite = call.method !== 'GET'
    const timeoutMs = call.timeoutMs ?? TIMEOUT_MS
    const endsAt = clock.monotonic() + timeoutMs
    const limit = limitOf(clock, timeoutMs, 'no answer came in time')
    try {
      for (;;) {
        const { ok, status, text, putOffMs } = await whole(call, limit.signal)
        if (ok) return JSON.parse(text) as unknown
        if (putOffMs === undefined || clock.monotonic() + putOffMs >= endsAt)
          throw refused(status, statusOf(text), isWrite)
        await clock.sleep(putOffMs)
      }
    } catch (error) {
      throw error instanceof PortError ? error : unreachable(error, isWrite)
    } finally {
      limit.end()
    }
  }

  async function whole(call: KubeCall, signal: AbortSignal): Promise<WholeAnswer> {
    const answer = await send(call, signal)
    const { ok, status } = answer
    return { ok, status, text: await answer.text(), putOffMs: putOffOf(answer) }
  }

  async function* stream(
    call: Pick<KubeCall, 'path' | 'query'>,
    signal: AbortSignal,
  ): AsyncIterable<unknown> {
    const silence = limitOf(clock, SILENCE_MS, 'the stream fell silent')
    try {
      const either = AbortSignal.any([signal, silence.signal])
      const response = await send({ ...call, method: 'GET' }, either)
      if (!response.ok) throw refused(response.status, statusOf(await response.text()), false)
      if (response.body === null) return
      for await (const line of linesOf(response.body, () => silence.again()))
        yield JSON.parse(line) as unknown
    } catch (error) {
      if (!signal.aborted) throw error instanceof PortError ? error : unreachable(error, false)
    } finally {
      silence.end()
    }
  }
}

interface WholeAnswer extends Pick<KubeAnswer, 'ok' | 'status'> {
  readonly text: string
  /** Set where the server was too busy to do anything: after how many milliseconds to ask again. */
  readonly putOffMs: number | undefined
}

/** As the API server's flow control answers (https://kubernetes.io/docs/concepts/cluster-administration/flow-control/). */
function putOffOf({ status, headers }: KubeAnswer): number | undefined {
  const seconds = status === 429 ? headers?.get('retry-after') : undefined
  if (typeof seconds !== 'string' || !/^\d+$/.test(seconds)) return undefined
  return Math.max(1, Number(seconds)) * 1_000
}

/** The lines of a body as they come; each chunk is told. */
async function* linesOf(body: AsyncIterable<Uint8Array>, heard: () => void): AsyncIterable<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    heard()
    const lines = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') yield line
    if (rest.length > LINE_LIMIT) throw new Error(`a line is longer than ${LINE_LIMIT} characters`)
  }
}

/** Of one event, in characters: twice what the server lets an object have. */
const LINE_LIMIT = 4 * 1024 * 1024

function statusOf(text: string): KubeStatus {
  try {
    return (JSON.parse(text) ?? {}) as KubeStatus
  } catch {
    return { message: text.slice(0, 200) }
  }
}

/** Aborts after that long, counted anew each time that something was heard. */
function limitOf(
  clock: Clock,
  limitMs: number,
  why: string,
): { readonly signal: AbortSignal; again(): void; end(): void } {
  const controller = new AbortController()
  const start = (): (() => void) => clock.setTimer(limitMs, () => controller.abort(new Error(why)))
  let cancel = start()
  return {
    signal: controller.signal,
    again() {
      cancel()
      cancel = start()
    },
    end: () => cancel(),
  }
}
