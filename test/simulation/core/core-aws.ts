import { classifyError } from '../../../controller/adapters/aws/client/errors.ts'
import type { OperationName, OperationTraits } from '../../../controller/adapters/aws/client/operations.ts'
import { operationLabels, operations } from '../../../controller/adapters/aws/client/operations.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { Random } from '../../../controller/ports/random.ts'
import type { AwsError } from '../../../controller/sandbox/kernel/error.ts'
import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import type { CallRequest, Reply, World } from '../../../controller/sandbox/world.ts'
import { ACCOUNT, REGION } from '../aws/shape.ts'
import { travelMs } from '../aws/wire.ts'
import { CALL_TIMEOUT_MS } from '../process/life.ts'
import type { SimulatedProcess } from '../process/simulated-process.ts'
import type { Time } from '../time/time.ts'
import type { Steps } from './steps.ts'
import { pause } from './steps.ts'

const READ_ATTEMPTS = 4
const BACKOFF = { baseMs: 100, capMs: 5_000 }
/** Classed errors that are kept: the same refusal in the same words is the same error. */
const MOST_KNOWN = 2_000

const classed = new Map<string, PortError>()

/** Calls to AWS as the adapters' sender makes them, without an SDK: reads are tried again, a write is one attempt, each has its time. */
export class CoreAws {
  readonly #world: World
  readonly #process: SimulatedProcess
  readonly #time: Time
  readonly #random: Random
  readonly #lateness: (operation: string) => number

  constructor(options: {
    readonly world: World
    readonly process: SimulatedProcess
    readonly time: Time
    readonly random: Random
    /** By how much longer this write is under way than usual, in milliseconds. */
    readonly lateness: (operation: string) => number
  }) {
    this.#world = options.world
    this.#process = options.process
    this.#time = options.time
    this.#random = options.random
    this.#lateness = options.lateness
  }

  *read(operation: OperationName, input: Members): Steps<Members> {
    const { longMs }: OperationTraits = operations[operation]
    for (let attempt = 1; ; attempt += 1) {
      try {
        return yield* this.#attempt(operation, input)
      } catch (error) {
        if (!(error instanceof PortError) || error.handling !== 'retry') throw error
        if (attempt >= READ_ATTEMPTS || longMs !== undefined) throw error
      }
      const mostMs = Math.min(BACKOFF.capMs, BACKOFF.baseMs * 2 ** attempt)
      yield* pause(this.#process, this.#random.next() * mostMs)
    }
  }

  /** `secrets`: what of the input no error may repeat. */
  write(operation: OperationName, input: Members, secrets: readonly string[] = []): Steps<Members> {
    return this.#attempt(operation, input, secrets)
  }

  *#attempt(key: OperationName, input: Members, secrets: readonly string[] = []): Steps<Members> {
    const { service: label, operation } = operationLabels(key)
    const service = label === 'cloudwatch' ? 'monitoring' : label
    const { writes, longMs = CALL_TIMEOUT_MS }: OperationTraits = operations[key]
    let reply: Reply | undefined
    yield (resume) => {
      const process = this.#process
      let isOver = false
      const cancel = process.clock.setTimer(longMs, () => {
        // After a pause both may be there, and the answer came first.
        if (isOver) return
        isOver = true
        resume()
      })
      this.#send({ service, operation, input }, writes, (answered) => {
        if (process.isCutOff || answered.delivery === 'never' || isOver) return
        isOver = true
        cancel()
        reply = answered
        resume()
      })
    }
    if (reply === undefined) throw errorOf(key, { name: 'TimeoutError', message: 'no answer in time' })
    if (reply.error !== undefined) throw errorOf(key, described(reply.error), secrets)
    if (reply.delivery === 'reset') throw errorOf(key, { name: 'Error', message: 'socket hang up' })
    return reply.output
  }

  /** What was sent arrives, whatever becomes of its sender meanwhile. */
  #send(request: CallRequest, writes: boolean, onAnswer: (reply: Reply) => void): void {
    const { operation } = request
    const process = this.#process
    const call = {}
    const lateMs = writes ? this.#lateness(operation) : 0
    if (process.isCutOff) return
    if (writes) process.onWrite({ what: `aws ${operation}`, moment: 'before', call })
    if (process.isDead) return
    this.#time.after(travelMs(this.#random) + lateMs, () => {
      const answered = this.#world.attempt(request)
      if (writes) process.onWrite({ what: `aws ${operation}`, moment: 'after', call })
      process.clock.setTimer(travelMs(this.#random) + answered.latencyMs, () => onAnswer(answered))
    })
  }
}

interface Described {
  readonly name: string
  readonly message: string
  readonly $metadata?: { readonly httpStatusCode: number }
}

/** As the SDK would throw it. */
const described = ({ code, message, status }: AwsError): Described => ({
  name: code,
  message,
  $metadata: { httpStatusCode: status },
})

function errorOf(operation: OperationName, error: Described, secrets: readonly string[] = []): PortError {
  const key = `${operation} ${error.name} ${error.message}`
  const known = classed.get(key)
  if (known !== undefined) return known
  const { writes } = operations[operation]
  const fresh = classifyError(error, { operation, accountId: ACCOUNT, region: REGION, writes, secrets })
  if (classed.size >= MOST_KNOWN) classed.clear()
  classed.set(key, fresh)
  return fresh
}
