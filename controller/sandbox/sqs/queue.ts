import { AwsError } from '../kernel/error.ts'
import type { CallContext, Members } from '../kernel/operation.ts'
import { text } from '../members.ts'

export interface MessageState {
  readonly id: string
  readonly body: string
  readonly sentAt: number
  /** Nobody is given it before (epoch milliseconds). */
  readonly visibleAt: number
  readonly receives: number
  readonly firstReceivedAt?: number
}

export interface QueueState {
  readonly name: string
  readonly region: string
  readonly createdAt: number
  readonly attributes: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  readonly messages: readonly MessageState[]
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
export const DEFAULTS: Readonly<Record<string, string>> = {
  DelaySeconds: '0',
  MaximumMessageSize: '262144',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  VisibilityTimeout: '30',
  SqsManagedSseEnabled: 'true',
}

/** Everything that waits to be received, and who waits for it. */
export class Queues {
  #queues = new Map<string, QueueState>()
  readonly #waiting = new Map<string, Set<() => void>>()

  get(key: string): QueueState | undefined {
    return this.#queues.get(key)
  }

  list(region: string): QueueState[] {
    return [...this.#queues.values()].filter((queue) => queue.region === region)
  }

  put(queue: QueueState): void {
    this.#queues.set(keyOf(queue), queue)
  }

  delete(queue: QueueState): void {
    this.#queues.delete(keyOf(queue))
  }

  /** Puts a message in and tells whoever waits. */
  add(queue: QueueState, message: MessageState): void {
    const current = this.#queues.get(keyOf(queue)) ?? queue
    this.put({ ...current, messages: [...current.messages, message] })
    for (const run of this.#waiting.get(keyOf(queue)) ?? []) run()
  }

  /** Calls back whenever a message comes. */
  onMessage(queue: QueueState, run: () => void): () => void {
    const key = keyOf(queue)
    const waiting = this.#waiting.get(key) ?? new Set()
    this.#waiting.set(key, waiting.add(run))
    return () => {
      waiting.delete(run)
      if (waiting.size === 0) this.#waiting.delete(key)
    }
  }

  dump(): [string, QueueState][] {
    return [...this.#queues]
  }

  load(rows: readonly [string, QueueState][]): void {
    this.#queues = new Map(rows)
  }
}

export const keyOf = ({ region, name }: Pick<QueueState, 'region' | 'name'>): string => `${region}/${name}`

export const arnOf = ({ region, name }: QueueState, accountId: string): string =>
  `arn:aws:sqs:${region}:${accountId}:${name}`

/** The queue that a request's QueueUrl means: its last part; the rest of a URL may be any host. */
export function queueOf(queues: Queues, input: Members, context: CallContext): QueueState {
  const url = text(input, 'QueueUrl')
  const queue = queues.get(keyOf({ region: context.region, name: url.slice(url.lastIndexOf('/') + 1) }))
  if (queue === undefined) throw queueMissing()
  return queue
}

export function queueMissing(): AwsError {
  return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.')
}

/** A whole number that a request or the queue's attributes say. */
export function secondsOf(queue: QueueState, name: string, given: number | undefined): number {
  return given ?? Number(queue.attributes[name] ?? DEFAULTS[name] ?? 0)
}
