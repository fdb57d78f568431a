import type { Clock } from '../kernel/clock.ts'
import { AwsError } from '../kernel/error.ts'
import type { CallContext, Members, Operation, ServiceModel } from '../kernel/operation.ts'
import { optionalRecord, optionalText, text, texts } from '../members.ts'
import type { SqsWorld } from './messages.ts'
import {
  changeVisibility,
  countsOf,
  deleteMessage,
  deleteMessageBatch,
  holdReceive,
  post,
  receiveMessage,
  sendMessage,
  sendMessageBatch,
} from './messages.ts'
import type { QueueState } from './queue.ts'
import { arnOf, DEFAULTS, keyOf, queueMissing, queueOf, Queues } from './queue.ts'

/** SQS: standard queues with long polls, visibility timeouts and dead letters. */
export interface SqsModel extends ServiceModel {
  /** Puts a text into the queue of this ARN; whether there is one. */
  deliver(arn: string, body: string): boolean
}

/** No queue yet. Ids count up, so that whoever has no queue draws no chance. */
export function createSqsModel({ clock }: { readonly clock: Clock }): SqsModel {
  let sent = 0
  const queues = new Queues()
  const nextId = (): string => `00000000-0000-4000-8000-${(sent += 1).toString(16).padStart(12, '0')}`
  const sqs: SqsWorld = { clock, queues, nextId }
  return {
    service: 'sqs',
    operations: { ...queueOperations(sqs), ...messageOperations(sqs) },
    deliver(arn, body) {
      const [, , service, region = '', , name = ''] = arn.split(':')
      const queue = service === 'sqs' ? queues.get(keyOf({ region, name })) : undefined
      if (queue !== undefined) post(sqs, queue, body)
      return queue !== undefined
    },
    dump: () => ({ sent, queues: queues.dump() }),
    load(state) {
      const dumped = (state ?? { sent: 0, queues: [] }) as { sent: number; queues: [string, QueueState][] }
      sent = dumped.sent
      queues.load(dumped.queues)
    },
  }
}

const read = { writes: false, bucket: 'other' } as const
const write = { writes: true, bucket: 'other' } as const

type Handler = (sqs: SqsWorld, input: Members, context: CallContext) => Members

/** To take a message changes nothing but the queue, of which CloudTrail's management events say nothing either. */
function messageOperations(sqs: SqsWorld): Record<string, Operation> {
  const bound = (handler: Handler): Pick<Operation, 'handle'> => ({
    handle: (input, context) => handler(sqs, input, context),
  })
  return {
    SendMessage: { ...read, ...bound(sendMessage) },
    SendMessageBatch: { ...read, ...bound(sendMessageBatch) },
    ReceiveMessage: {
      ...read,
      ...bound(receiveMessage),
      hold: (input, context) => holdReceive(sqs, input, context),
    },
    DeleteMessage: { ...read, ...bound(deleteMessage) },
    DeleteMessageBatch: { ...read, ...bound(deleteMessageBatch) },
    ChangeMessageVisibility: { ...read, ...bound(changeVisibility) },
  }
}

function queueOperations(sqs: SqsWorld): Record<string, Operation> {
  const bound = (handler: Handler): Pick<Operation, 'handle'> => ({
    handle: (input, context) => handler(sqs, input, context),
  })
  return {
    CreateQueue: { ...write, ...bound(createQueue) },
    DeleteQueue: { ...write, ...bound(deleteQueue) },
    PurgeQueue: { ...write, ...bound(purgeQueue) },
    GetQueueUrl: { ...read, ...bound(getQueueUrl) },
    ListQueues: { ...read, ...bound(listQueues) },
    GetQueueAttributes: { ...read, ...bound(getAttributes) },
    SetQueueAttributes: { ...write, ...bound(setAttributes) },
    ListQueueTags: { ...read, ...bound(listTags) },
    TagQueue: { ...write, ...bound(tagQueue) },
    UntagQueue: { ...write, ...bound(untagQueue) },
  }
}

function createQueue({ queues, clock }: SqsWorld, input: Members, context: CallContext): Members {
  const name = text(input, 'QueueName')
  if (!/^[\w-]{1,80}$/.test(name))
    throw new AwsError(
      'InvalidParameterValue',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    )
  const attributes = textsOf(optionalRecord(input, 'Attributes'))
  const known = queues.get(keyOf({ region: context.region, name }))
  if (
    known !== undefined &&
    Object.entries(attributes).some(([key, value]) => known.attributes[key] !== value)
  )
    throw new AwsError(
      'QueueNameExists',
      'A queue already exists with the same name and a different value for an attribute',
    )
  const tags = textsOf(optionalRecord(input, 'tags') ?? optionalRecord(input, 'Tags'))
  if (known === undefined)
    queues.put({ name, region: context.region, createdAt: clock.now(), attributes, tags, messages: [] })
  return { QueueUrl: urlOf(name, context) }
}

function deleteQueue({ queues }: SqsWorld, input: Members, context: CallContext): Members {
  queues.delete(queueOf(queues, input, context))
  return {}
}

function purgeQueue({ queues }: SqsWorld, input: Members, context: CallContext): Members {
  queues.put({ ...queueOf(queues, input, context), messages: [] })
  return {}
}

function getQueueUrl({ queues }: SqsWorld, input: Members, context: CallContext): Members {
  const name = text(input, 'QueueName')
  if (queues.get(keyOf({ region: context.region, name })) === undefined) throw queueMissing()
  return { QueueUrl: urlOf(name, context) }
}

function listQueues({ queues }: SqsWorld, input: Members, context: CallContext): Members {
  const prefix = optionalText(input, 'QueueNamePrefix') ?? ''
  const names = queues.list(context.region).map(({ name }) => name)
  return { QueueUrls: names.filter((name) => name.startsWith(prefix)).map((name) => urlOf(name, context)) }
}

function getAttributes({ queues, clock }: SqsWorld, input: Members, context: CallContext): Members {
  const queue = queueOf(queues, input, context)
  const all: Readonly<Record<string, string>> = {
    ...DEFAULTS,
    ...queue.attributes,
    ...countsOf(queue, clock.now()),
    QueueArn: arnOf(queue, context.accountId),
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.createdAt / 1000)),
  }
  const names = texts(input, 'AttributeNames')
  const wanted = Object.entries(all).filter(([name]) => names.includes('All') || names.includes(name))
  return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) }
}

function setAttributes({ queues }: SqsWorld, input: Members, context: CallContext): Members {
  const queue = queueOf(queues, input, context)
  queues.put({
    ...queue,
    attributes: { ...queue.attributes, ...textsOf(optionalRecord(input, 'Attributes')) },
  })
  return {}
}

const listTags: Handler = ({ queues }, input, context) => ({ Tags: queueOf(queues, input, context).tags })

function tagQueue({ queues }: SqsWorld, input: Members, context: CallContext): Members {
  const queue = queueOf(queues, input, context)
  queues.put({ ...queue, tags: { ...queue.tags, ...textsOf(optionalRecord(input, 'Tags')) } })
  return {}
}

function untagQueue({ queues }: SqsWorld, input: Members, context: CallContext): Members {
  const queue = queueOf(queues, input, context)
  const gone = new Set(texts(input, 'TagKeys'))
  const tags = Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !gone.has(key)))
  queues.put({ ...queue, tags })
  return {}
}

/** Where the caller reached the sandbox: clients take a queue's URL for its address. */
const urlOf = (name: string, { host, region, accountId }: CallContext): string =>
  `${host === undefined ? `https://sqs.${region}.amazonaws.com` : `http://${host}`}/${accountId}/${name}`

const textsOf = (members: Members | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(members ?? {}).map(([name, value]) => [name, String(value)]))
