import type { Asked } from '../../../ports/asked.ts'
import type { Clock } from '../../../ports/clock.ts'
import { PortError } from '../../../ports/error.ts'
import type { Random } from '../../../ports/random.ts'
import type { Telemetry } from '../../../ports/telemetry.ts'
import { CallTimedOut, classifyError, errorLabel } from './errors.ts'
import type { AccountLimits } from './limits.ts'
import { operationLabels, operations, type OperationName, type OperationTraits } from './operations.ts'

/** Sends one SDK command; the signal ends it. */
export type Attempt<Output> = (options: { readonly abortSignal: AbortSignal }) => Promise<Output>

/** The only way to AWS: limits, attempts, timeout, events and error classes for every call. Rejects with PortError only. */
export type Sender = <Output>(
  operation: OperationName,
  attempt: Attempt<Output>,
  asked?: SendOptions,
) => Promise<Output>

interface SendOptions extends Asked {
  /** Texts within the request that no error may repeat. */
  readonly secrets?: readonly string[]
}

export interface SenderOptions {
  readonly accountId: string
  readonly region: string
  /** Takes turns with the other environments of the account. */
  readonly owner: string
  readonly limits: AccountLimits
  readonly clock: Clock
  readonly random: Random
  readonly telemetry: Telemetry
  /** For one attempt of a read; for a write from the wish to the answer, waiting for its turn included. */
  readonly callTimeoutMs: number
  /** Aborted when the adapter is closed. */
  readonly closing: AbortSignal
  /** Called after every write, answered or not: reads begun before it are too old to be shared. */
  readonly onWritten: () => void
  /** Texts that no error may repeat, whatever was asked: the credentials. */
  readonly secrets?: () => readonly string[]
  /** Called when AWS says that the credentials are expired. */
  readonly onExpired: () => void
}

const readAttempts = 4
const readMaxWaitMs = 60_000
const backoffBaseMs = 100
const backoffCapMs = 5_000

/** One call, and what happened to it so far. */
interface Call<Output> {
  readonly operation: OperationName
  readonly attempt: Attempt<Output>
  readonly secrets: readonly string[]
  readonly hurry: AbortSignal | undefined
  attempts: number
  busyMs: number
  code: string
}

export function createSender(options: SenderOptions): Sender {
  return async function send(operation, attempt, { secrets = [], hurry } = {}) {
    const { writes }: OperationTraits = operations[operation]
    const call = { operation, attempt, secrets, hurry, attempts: 0, busyMs: 0, code: 'OK' }
    try {
      return await (writes ? sendOnce(options, call) : sendRepeatedly(options, call))
    } finally {
      if (call.attempts > 0) emitCall(options.telemetry, call)
      if (writes && call.attempts > 0) options.onWritten()
    }
  }
}

async function sendOnce<Output>(options: SenderOptions, call: Call<Output>): Promise<Output> {
  const deadline = options.clock.monotonic() + options.callTimeoutMs
  await turn(options, call, options.callTimeoutMs / 2)
  return attemptOnce(options, call, deadline - options.clock.monotonic())
}

async function sendRepeatedly<Output>(options: SenderOptions, call: Call<Output>): Promise<Output> {
  const { longMs }: OperationTraits = operations[call.operation]
  for (;;) {
    await turn(options, call, readMaxWaitMs)
    try {
      return await attemptOnce(options, call, longMs ?? options.callTimeoutMs)
    } catch (error) {
      if (!(error instanceof PortError) || error.handling !== 'retry') throw error
      if (call.attempts >= readAttempts || longMs !== undefined || options.closing.aborted) throw error
    }
    await options.clock.sleep(fullJitterMs(call.attempts, options.random), options.closing)
  }
}

function turn<Output>(
  options: SenderOptions,
  { operation, hurry }: Call<Output>,
  maxWaitMs: number,
): Promise<void> {
  const bucket = options.limits(operations[operation].bucket)
  return bucket.take(options.owner, {
    maxWaitMs,
    signal: options.closing,
    ...(hurry === undefined ? {} : { hurry }),
  })
}

async function attemptOnce<Output>(
  options: SenderOptions,
  call: Call<Output>,
  timeoutMs: number,
): Promise<Output> {
  const { accountId, region, clock } = options
  const { operation } = call
  const startedAt = clock.monotonic()
  call.attempts += 1
  try {
    const output = await withTimeout(options, call.attempt, timeoutMs)
    call.code = 'OK'
    return output
  } catch (error) {
    call.code = errorLabel(error)
    const failure = classifyError(error, {
      operation,
      accountId,
      region,
      writes: operations[operation].writes,
      secrets: [...call.secrets, ...(options.secrets?.() ?? [])],
    })
    if (failure.code === 'Throttled') noteThrottle(options, operation)
    if (failure.code === 'CredentialsExpired') options.onExpired()
    throw failure
  } finally {
    call.busyMs += clock.monotonic() - startedAt
  }
}

async function withTimeout<Output>(
  { clock, closing }: SenderOptions,
  attempt: Attempt<Output>,
  timeoutMs: number,
): Promise<Output> {
  const { promise, resolve, reject } = Promise.withResolvers<Output>()
  const controller = new AbortController()
  const giveUp = (): void => {
    reject(new CallTimedOut(timeoutMs))
    controller.abort()
  }
  const cancelTimer = clock.setTimer(timeoutMs, giveUp)
  closing.addEventListener('abort', giveUp, { once: true })
  try {
    attempt({ abortSignal: controller.signal }).then(resolve, reject)
    return await promise
  } finally {
    cancelTimer()
    closing.removeEventListener('abort', giveUp)
  }
}

function noteThrottle({ limits, telemetry }: SenderOptions, operation: OperationName): void {
  limits(operations[operation].bucket).slowDown()
  telemetry.emit({ type: 'AwsThrottled', ...operationLabels(operation) })
}

function emitCall(telemetry: Telemetry, { operation, code, busyMs, attempts }: Call<unknown>): void {
  telemetry.emit({ type: 'AwsCall', ...operationLabels(operation), code, durationMs: busyMs, attempts })
}

/** https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
function fullJitterMs(attempt: number, random: Random): number {
  return random.next() * Math.min(backoffCapMs, backoffBaseMs * 2 ** attempt)
}
