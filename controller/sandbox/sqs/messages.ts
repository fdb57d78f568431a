import { createHash } from 'node:crypto'
import type { Clock } from '../kernel/clock.ts'
import { AwsError } from '../kernel/error.ts'
import type { CallContext, Hold, Members } from '../kernel/operation.ts'
import { optionalInteger, optionalRecords, present, text } from '../members.ts'
import type { MessageState, Queues, QueueState } from './queue.ts'
import { keyOf, queueOf, secondsOf } from './queue.ts'

export interface SqsWorld {
  readonly clock: Clock
  readonly queues: Queues
  /** A new message's id. */
  readonly nextId: () => string
}

const LONGEST_BODY = 1_048_576
const MOST_AT_ONCE = 10
/** In flight or not; a queue of the sandbox that nobody reads must not grow for ever. */
const MOST_KEPT = 20_000

/** SendMessage: visible to receivers at once, or after DelaySeconds. */
export function sendMessage(sqs: SqsWorld, input: Members, context: CallContext): Members {
  return send(sqs, queueOf(sqs.queues, input, context), input)
}

/** SendMessageBatch: each entry on its own. */
export function sendMessageBatch(sqs: SqsWorld, input: Members, context: CallContext): Members {
  const queue = queueOf(sqs.queues, input, context)
  return {
    Successful: entriesOf(input).map((entry) => ({ Id: text(entry, 'Id'), ...send(sqs, queue, entry) })),
  }
}

function send(sqs: SqsWorld, queue: QueueState, input: Members): Members {
  const body = text(input, 'MessageBody')
  if (Buffer.byteLength(body) > LONGEST_BODY)
    throw new AwsError(
      'InvalidParameterValue',
      'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
    )
  const message = post(
    sqs,
    queue,
    body,
    secondsOf(queue, 'DelaySeconds', optionalInteger(input, 'DelaySeconds')),
  )
  return { MessageId: message.id, MD5OfMessageBody: md5(body) }
}

/** Puts a text into a queue: also how EventBridge delivers. */
export function post(sqs: SqsWorld, queue: QueueState, body: string, delaySeconds = 0): MessageState {
  const sentAt = sqs.clock.now()
  const message = { id: sqs.nextId(), body, sentAt, visibleAt: sentAt + delaySeconds * 1000, receives: 0 }
  if ((sqs.queues.get(keyOf(queue))?.messages.length ?? 0) < MOST_KEPT) sqs.queues.add(queue, message)
  return message
}

/** ReceiveMessage waits as long as the request or the queue says while nothing is there. */
export function holdReceive(sqs: SqsWorld, input: Members, context: CallContext): Hold | undefined {
  const name = 'ReceiveMessageWaitTimeSeconds'
  const queue = queueOf(sqs.queues, input, context)
  const waitMs = secondsOf(queue, name, optionalInteger(input, 'WaitTimeSeconds')) * 1000
  const now = sqs.clock.now()
  if (waitMs === 0 || visible(queue, now).length > 0) return undefined
  const next = Math.min(...queue.messages.map(({ visibleAt }) => visibleAt - now))
  return { withinMs: Math.min(waitMs, Math.max(1, next)), onReady: (run) => sqs.queues.onMessage(queue, run) }
}

/** ReceiveMessage: up to ten messages, which nobody else is given while their visibility timeout lasts. */
export function receiveMessage(sqs: SqsWorld, input: Members, context: CallContext): Members {
  const queue = buried(sqs, queueOf(sqs.queues, input, context))
  const most = optionalInteger(input, 'MaxNumberOfMessages') ?? 1
  if (most < 1 || most > MOST_AT_ONCE)
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${most} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`,
    )
  const now = sqs.clock.now()
  const hiddenMs = secondsOf(queue, 'VisibilityTimeout', optionalInteger(input, 'VisibilityTimeout')) * 1000
  const taken = new Map(
    visible(queue, now)
      .slice(0, most)
      .map((message) => [message.id, taking(message, now, hiddenMs)]),
  )
  sqs.queues.put({ ...queue, messages: queue.messages.map((message) => taken.get(message.id) ?? message) })
  if (taken.size === 0) return {}
  return { Messages: [...taken.values()].map(messageView) }
}

const visible = (queue: QueueState, now: number): readonly MessageState[] =>
  queue.messages.filter(({ visibleAt, sentAt }) => visibleAt <= now && !isOld(queue, sentAt, now))

const isOld = (queue: QueueState, sentAt: number, now: number): boolean =>
  sentAt + secondsOf(queue, 'MessageRetentionPeriod', undefined) * 1000 <= now

const taking = (message: MessageState, now: number, hiddenMs: number): MessageState => ({
  ...message,
  visibleAt: now + hiddenMs,
  receives: message.receives + 1,
  firstReceivedAt: message.firstReceivedAt ?? now,
})

/** What was received too often goes to the dead-letter queue, what is too old goes away. */
function buried(sqs: SqsWorld, queue: QueueState): QueueState {
  const now = sqs.clock.now()
  const redrive = redriveOf(queue)
  const dead =
    redrive === undefined ? [] : visible(queue, now).filter(({ receives }) => receives >= redrive.most)
  const grave = redrive === undefined ? undefined : sqs.queues.get(keyOf({ ...queue, name: redrive.name }))
  if (grave !== undefined) for (const message of dead) sqs.queues.add(grave, { ...message, receives: 0 })
  const kept = queue.messages.filter(
    (message) => !dead.includes(message) && !isOld(queue, message.sentAt, now),
  )
  return { ...queue, messages: kept }
}

function redriveOf({ attributes }: QueueState): { readonly name: string; readonly most: number } | undefined {
  const { RedrivePolicy } = attributes
  if (RedrivePolicy === undefined || RedrivePolicy === '') return undefined
  const policy = JSON.parse(RedrivePolicy) as {
    deadLetterTargetArn?: string
    maxReceiveCount?: number | string
  }
  const arn = policy.deadLetterTargetArn ?? ''
  return { name: arn.slice(arn.lastIndexOf(':') + 1), most: Number(policy.maxReceiveCount ?? 10) }
}

const messageView = ({ id, body, sentAt, receives, firstReceivedAt = sentAt }: MessageState): Members => ({
  MessageId: id,
  ReceiptHandle: Buffer.from(`${id}/${receives}`).toString('base64'),
  MD5OfBody: md5(body),
  Body: body,
  Attributes: {
    SentTimestamp: String(sentAt),
    ApproximateReceiveCount: String(receives),
    ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
  },
})

/** DeleteMessage: also what is gone already is deleted. */
export function deleteMessage(sqs: SqsWorld, input: Members, context: CallContext): Members {
  const queue = queueOf(sqs.queues, input, context)
  const id = idOf(text(input, 'ReceiptHandle'))
  sqs.queues.put({ ...queue, messages: queue.messages.filter((message) => message.id !== id) })
  return {}
}

/** DeleteMessageBatch: an entry whose receipt can't be read fails alone. */
export function deleteMessageBatch(sqs: SqsWorld, input: Members, context: CallContext): Members {
  const results = entriesOf(input).map((entry) => ({
    Id: text(entry, 'Id'),
    error: deleted(sqs, { ...entry, QueueUrl: input['QueueUrl'] }, context),
  }))
  return {
    Successful: results.flatMap(({ Id, error }) => (error === undefined ? [{ Id }] : [])),
    Failed: results.flatMap(({ Id, error }) =>
      error === undefined ? [] : [{ Id, SenderFault: true, Code: error.code, Message: error.message }],
    ),
  }
}

function deleted(sqs: SqsWorld, input: Members, context: CallContext): AwsError | undefined {
  try {
    deleteMessage(sqs, input, context)
    return undefined
  } catch (thrown) {
    if (thrown instanceof AwsError) return thrown
    throw thrown
  }
}

/** ChangeMessageVisibility: from now on, as SQS counts it. */
export function changeVisibility(sqs: SqsWorld, input: Members, context: CallContext): Members {
  const queue = queueOf(sqs.queues, input, context)
  const id = idOf(text(input, 'ReceiptHandle'))
  const visibleAt = sqs.clock.now() + (optionalInteger(input, 'VisibilityTimeout') ?? 0) * 1000
  sqs.queues.put({
    ...queue,
    messages: queue.messages.map((message) => (message.id === id ? { ...message, visibleAt } : message)),
  })
  return {}
}

function idOf(receipt: string): string {
  const [id = '', count] = Buffer.from(receipt, 'base64').toString('utf8').split('/')
  if (count === undefined)
    throw new AwsError(
      'ReceiptHandleIsInvalid',
      `The input receipt handle "${receipt}" is not a valid receipt handle.`,
    )
  return id
}

function entriesOf(input: Members): Members[] {
  const entries = optionalRecords(input, 'Entries') ?? []
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.')
  if (entries.length > MOST_AT_ONCE)
    throw new AwsError('TooManyEntriesInBatchRequest', 'Maximum number of entries per request are 10.')
  return entries.map(present)
}

const md5 = (body: string): string => createHash('md5').update(body).digest('hex')

/** How many there are, as GetQueueAttributes counts them. */
export function countsOf(queue: QueueState, now: number): Readonly<Record<string, string>> {
  const there = visible(queue, now).length
  const delayed = queue.messages.filter(({ visibleAt, receives }) => visibleAt > now && receives === 0).length
  return {
    ApproximateNumberOfMessages: String(there),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    ApproximateNumberOfMessagesNotVisible: String(queue.messages.length - there - delayed),
  }
}
