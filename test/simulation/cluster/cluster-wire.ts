import type { KubeAnswer, KubeCall, Send } from '../../../controller/adapters/kubernetes/calls.ts'
import type { Random } from '../../../controller/ports/random.ts'
import { KubeFailure } from '../../support/kube-api/failure.ts'
import { travelMs } from '../aws/wire.ts'
import type { SimulatedProcess } from '../process/simulated-process.ts'
import { between } from '../time/randomness.ts'
import type { Time } from '../time/time.ts'
import { ByteStream } from './byte-stream.ts'
import type { Trouble } from './cluster-faults.ts'
import { MemoryResponse } from './memory-response.ts'
import type { SimulatedCluster } from './simulated-cluster.ts'

interface Way {
  readonly cluster: SimulatedCluster
  readonly process: SimulatedProcess
  readonly time: Time
  readonly random: Random
}

/** What carries the requests of a simulated process's Kubernetes client to the cluster, and the answers back, each in its own time. */
export const clusterWire =
  (way: Way): Send =>
  (call, signal) =>
    unlessAborted(carry(way, call, signal), signal)

async function carry(way: Way, call: KubeCall, signal: AbortSignal): Promise<KubeAnswer> {
  const { cluster, process, time, random } = way
  const { how, latencyMs } = cluster.faults.strike(call)
  // A request may take long on its way there or back.
  const thereMs = between(random, 0, latencyMs)
  const lateMs = thereMs + heldUpMs(way, call)
  if (process.isCutOff) return silence()
  const ask = async (): Promise<MemoryResponse | 'NoAnswer' | 'Silence'> => {
    // What was sent arrives, whatever becomes of its sender meanwhile.
    await new Promise<void>((resolve) => void time.after(travelMs(random) + lateMs, resolve))
    return askedWith(how, call, way)
  }
  const isWrite = call.method !== 'GET'
  const answered = isWrite ? await process.write(`store ${call.method}`, ask) : await ask()
  await process.wait(travelMs(random) + latencyMs - thereMs)
  if (answered === 'Silence' || process.isCutOff) return silence()
  if (answered === 'NoAnswer') throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
  return answerOf(answered, way, signal)
}

/** What the server does with it, and what comes of the answer. */
async function askedWith(
  how: Trouble | undefined,
  call: KubeCall,
  { cluster, process }: Way,
): Promise<MemoryResponse | 'NoAnswer' | 'Silence'> {
  switch (how) {
    case 'Refused':
      return 'NoAnswer'
    case 'Throttled':
      return refusal(429, 'TooManyRequests', 'the server has received too many requests')
    case 'Unavailable':
      return refusal(503, 'ServiceUnavailable', 'the server is currently unable to handle the request')
    case 'Unauthorized':
      return refusal(401, 'Unauthorized', 'Unauthorized')
    case 'Touched':
      cluster.touch(call)
      return cluster.answer(call, process)
    case 'Lost':
    case 'Silent':
    case 'TimedOut': {
      const response = await cluster.answer(call, process)
      response.close()
      if (how === 'TimedOut')
        return refusal(504, 'Timeout', 'request did not complete within the allotted timeout')
      return how === 'Lost' ? 'NoAnswer' : 'Silence'
    }
    case undefined:
      return cluster.answer(call, process)
  }
}

function refusal(code: number, reason: string, message: string): MemoryResponse {
  const response = new MemoryResponse()
  response.writeHead(code)
  response.end(JSON.stringify(new KubeFailure(code, reason, message).body()))
  return response
}

function answerOf(response: MemoryResponse, way: Way, signal: AbortSignal): KubeAnswer {
  const { code } = response
  const putOff = code === 429 ? '1' : null
  const headers = { get: (name: string) => (name === 'retry-after' ? putOff : null) }
  const head = { ok: code >= 200 && code < 300, status: code, headers }
  if (response.isEnded) return { ...head, body: whole(response.text), text: async () => response.text }
  const body = streamed(response, way, signal)
  return { ...head, body, text: () => Promise.reject(new Error('a stream has no end')) }
}

/** A body that has come to its end. */
async function* whole(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}

/** How long a line of a watch is under way, in milliseconds. */
const LINE_MS = { from: 1, to: 80 }

/** Lines of a watch as they come to the process: in their order, each in its time. */
function streamed(
  response: MemoryResponse,
  { cluster, process, time, random }: Way,
  signal: AbortSignal,
): ByteStream {
  const body = new ByteStream(() => leave())
  const outbox: string[] = []
  const watch = { cut: () => broken() }
  let arrivesAt = 0
  let isSilent = false
  const sent = (piece: string): void => {
    if (process.isDead) return leave()
    isSilent ||= cluster.isSilent
    if (isSilent) return
    outbox.push(piece)
    arrivesAt = Math.max(
      arrivesAt,
      time.elapsed() + between(random, LINE_MS.from, LINE_MS.to) + cluster.watchLatenessMs,
    )
    time.after(arrivesAt - time.elapsed(), arrive)
  }
  const arrive = (): void => {
    // What is lost on the way is sent again until it gets through.
    if (process.isCutOff) return void time.after(RESENT_MS, arrive)
    const piece = outbox.shift()
    if (piece === undefined) return
    process.deliver(() => (piece === '' ? body.end() : body.push(new TextEncoder().encode(piece))))
  }
  const leave = (): void => {
    cluster.watches.delete(watch)
    response.onPiece = () => undefined
    response.onEnd = () => undefined
    response.close()
  }
  const broken = (): void => {
    leave()
    process.deliver(() => body.fail(new Error('terminated')))
  }
  cluster.watches.add(watch)
  const begun = response.text
  response.onPiece = sent
  response.onEnd = () => sent('')
  if (begun !== '') sent(begun)
  signal.addEventListener('abort', () => body.fail(signal.reason), { once: true })
  if (signal.aborted) leave()
  return body
}

/** How soon what did not get through is sent again, in milliseconds. */
const RESENT_MS = 1_000

/** By how much longer than usual this request is under way. */
function heldUpMs({ cluster, process }: Way, { method, path }: KubeCall): number {
  const held = cluster.heldUp
  if (held === undefined || method === 'GET' || process.isPaused || path.includes('/events')) return 0
  cluster.heldUp = undefined
  held.onHeld(process)
  return held.forMs
}

const silence = (): Promise<never> => new Promise(() => undefined)

/** As `fetch` does it. */
function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
