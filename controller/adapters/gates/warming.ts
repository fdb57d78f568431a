import type { Client } from 'undici'

import type { Clock } from '../../ports/clock.ts'
import type { GateAttempt, WarmingProbe } from '../../ports/gate.ts'
import { RefusedAddress } from './connect.ts'
import { errorCode } from './error-code.ts'
import type { ListenerOptions } from './open-listener.ts'
import { HostNotAllowed, openListener } from './open-listener.ts'
import { readBody } from './read-body.ts'

export interface WarmingOptions extends ListenerOptions {
  readonly clock: Clock
}

/** Whole answers only: a task that breaks off in the middle of one is not warm. More than so much of one is not read. */
const BODY_LIMIT_BYTES = 1_048_576

/** How each request of a batch ended: by its status, or by why there was no answer. */
type Tally = Map<number | string, number>

/** Sends one batch of requests, at most so many at once. Statuses below 400 count as good, all others as bad; requests without an answer count as neither. */
export async function probeWarming(
  probe: WarmingProbe,
  options: WarmingOptions,
  signal: AbortSignal,
): Promise<GateAttempt> {
  if (signal.aborted)
    return { result: 'Inconclusive', message: 'the warming could not begin: it was stopped' }
  const over = new AbortController()
  const cancelTimer = options.clock.setTimer(probe.batchMs, () => over.abort())
  try {
    return judgeWarming(probe, await sendAll(probe, options, { signal, over: over.signal }))
  } catch (error) {
    const isRefused = error instanceof RefusedAddress || error instanceof HostNotAllowed
    const why = isRefused ? error.message : errorCode(error)
    return { result: 'Inconclusive', message: `the warming could not begin: ${why}` }
  } finally {
    cancelTimer()
  }
}

interface Limits {
  /** Ends all requests. */
  readonly signal: AbortSignal
  /** No request begins after that. */
  readonly over: AbortSignal
}

async function sendAll(probe: WarmingProbe, options: WarmingOptions, limits: Limits): Promise<Tally> {
  const { signal, over } = limits
  const connect = await openListener(probe, options, AbortSignal.any([signal, over]))
  const tally: Tally = new Map()
  let begun = 0
  const sendInTurn = async (): Promise<void> => {
    const client = connect()
    try {
      while (begun < probe.requests && !signal.aborted && !over.aborted) {
        const path = probe.paths[(probe.progress.answered + begun) % probe.paths.length] ?? '/'
        begun += 1
        const end = await send({ client, probe, path }, options.clock, signal)
        tally.set(end, (tally.get(end) ?? 0) + 1)
      }
    } finally {
      await client.destroy()
    }
  }
  const lanes = Math.min(probe.concurrency, probe.requests)
  await Promise.all(Array.from({ length: lanes }, sendInTurn))
  return tally
}

/** The status of a whole answer, or in words why there is none. */
async function send(
  { client, probe, path }: { readonly client: Client; readonly probe: WarmingProbe; readonly path: string },
  clock: Clock,
  signal: AbortSignal,
): Promise<number | string> {
  const limit = new AbortController()
  const cancelTimer = clock.setTimer(probe.timeoutMs, () => limit.abort())
  const { host, headers } = probe
  try {
    const answer = await client.request({
      path,
      method: 'GET',
      headers: host === undefined ? headers : { ...headers, host },
      signal: AbortSignal.any([signal, limit.signal]),
    })
    await readBody(answer.body, BODY_LIMIT_BYTES)
    return answer.statusCode
  } catch (error) {
    if (limit.signal.aborted) return `within ${probe.timeoutMs} ms`
    return error instanceof RefusedAddress ? error.message : errorCode(error)
  } finally {
    cancelTimer()
  }
}

/** What a batch says of a side, whose requests ended in these ways. */
export function judgeWarming(
  { progress }: Pick<WarmingProbe, 'progress'>,
  tally: ReadonlyMap<number | string, number>,
): GateAttempt {
  const ends = [...tally]
  const count = (isOf: (end: number | string) => boolean): number =>
    ends.reduce((sum, [end, times]) => sum + (isOf(end) ? times : 0), 0)
  const good = count((end) => typeof end === 'number' && end < 400)
  const bad = count((end) => typeof end === 'number' && end >= 400)
  const others = ends.flatMap(([end, times]) => {
    if (typeof end === 'string') return [`${times} got no answer (${end})`]
    return end < 400 ? [] : [`${times} got ${end}`]
  })
  const message = [`${progress.answered + good} of ${progress.wanted} requests were answered well`, ...others]
  return {
    result: bad > 0 ? 'Failure' : good > 0 ? 'Success' : 'Inconclusive',
    message: message.join('; '),
    answers: { good, bad },
  }
}
