import type { RequestHandler } from '../../../controller/adapters/aws/client/clients.ts'
import type { Random } from '../../../controller/ports/random.ts'
import type { WireAnswer } from '../../../controller/sandbox/wire/answer.ts'
import { answer } from '../../../controller/sandbox/wire/answer.ts'
import { addressed } from '../../../controller/sandbox/wire/service.ts'
import type { World } from '../../../controller/sandbox/world.ts'
import type { SimulatedProcess } from '../process/simulated-process.ts'
import type { Time } from '../time/time.ts'
import { between, chance } from '../time/randomness.ts'

interface SdkRequest {
  readonly method: string
  readonly path: string
  readonly query?: Readonly<Record<string, string | string[] | null>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** How long a request is under way each way, in milliseconds. */
const USUAL_MS = { from: 5, to: 60 }
/** Some take long: a distant region, a lost packet. */
const SLOW = { probability: 0.01, from: 200, to: 2_000 }

/** What carries the requests of a simulated process's SDK clients to the world, and the answers back, each in its own time. */
export function simulatedWire({
  world,
  process,
  time,
  random,
  lateness,
  of = 'aws',
}: {
  readonly world: World
  readonly process: SimulatedProcess
  readonly time: Time
  readonly random: Random
  /** By how much longer this write is under way than usual, in milliseconds. */
  readonly lateness: (operation: string) => number
  /** What the writes are to: controllers keep their state in AWS too. */
  readonly of?: 'aws' | 'store'
}): RequestHandler {
  const handle = async (request: SdkRequest): Promise<object> => {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
    )
    const body = textOf(request.body)
    const path = `${request.path}${queryOf(request.query ?? {})}`
    const sent = { method: request.method, path, headers, body }
    const to = addressed(sent)
    const { service, operation } = to
    const writes = world.models.get(service)?.operations[operation]?.writes === true
    const late = writes ? lateness(operation) : 0
    if (process.isCutOff) return new Promise(() => undefined)
    const carry = async (): Promise<WireAnswer> => {
      // What was sent arrives, whatever becomes of its sender meanwhile.
      await new Promise<void>((resolve) => void time.after(travelMs(random) + late, resolve))
      return answer(world, sent, to)
    }
    const carried = writes ? await process.write(`${of} ${operation}`, carry) : await carry()
    const answered = carried.hold === undefined ? carried : await held(carried.hold, time)
    await process.wait(travelMs(random) + answered.latencyMs)
    if (process.isCutOff) return new Promise(() => undefined)
    if (answered.delivery === 'reset')
      throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
    if (answered.delivery === 'never') return new Promise(() => undefined)
    const response = {
      statusCode: answered.status,
      headers: { ...answered.headers },
      body: encoder.encode(answered.body),
    }
    return { response }
  }
  const handler = {
    metadata: { handlerProtocol: 'http/1.1' },
    handle,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  }
  return handler
}

/** What the answer is once the time is over or what was waited for has come. */
function held(hold: NonNullable<WireAnswer['hold']>, time: Time): Promise<WireAnswer> {
  return new Promise((resolve) => {
    const finish = (): void => {
      cancel()
      forget()
      resolve(hold.finish())
    }
    const cancel = time.after(hold.withinMs, finish)
    const forget = hold.onReady(finish)
  })
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

function textOf(body: unknown): string {
  if (body === undefined || body === null) return ''
  if (typeof body === 'string') return body
  if (body instanceof Uint8Array) return decoder.decode(body)
  throw new TypeError('the simulation carries texts and bytes only')
}

/** The parameters of a request as its address has them. */
function queryOf(query: NonNullable<SdkRequest['query']>): string {
  const given = Object.entries(query)
  if (given.length === 0) return ''
  const parameters = new URLSearchParams()
  for (const [name, value] of given)
    for (const one of Array.isArray(value) ? value : [value ?? '']) parameters.append(name, one)
  return parameters.size === 0 ? '' : `?${parameters.toString()}`
}

/** How long a request, or its answer, is under way, in milliseconds. */
export function travelMs(random: Random): number {
  const range = chance(random, SLOW.probability) ? SLOW : USUAL_MS
  return between(random, range.from, range.to)
}
