import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Sandbox } from '../../../controller/sandbox/server.ts'
import { startSandbox } from '../../../controller/sandbox/server.ts'

let sandbox: Sandbox
let sqs: SQSClient
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 })
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  sqs = new SQSClient({ region: 'eu-west-1', endpoint: sandbox.url, credentials, maxAttempts: 1 })
})
afterAll(async () => {
  sqs.destroy()
  await sandbox.close()
})

let made = 0
async function queue(Attributes: Record<string, string> = {}): Promise<string> {
  const command = new CreateQueueCommand({ QueueName: `queue-${(made += 1)}`, Attributes })
  return (await sqs.send(command)).QueueUrl ?? ''
}

const send = (QueueUrl: string, MessageBody: string, DelaySeconds = 0) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }))

async function receive(QueueUrl: string, more: object = {}) {
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more })
  return (await sqs.send(command)).Messages ?? []
}

async function counts(QueueUrl: string): Promise<string[]> {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
  const all: Readonly<Record<string, string>> = { ...Attributes }
  return ['', 'NotVisible', 'Delayed'].map((name) => all[`ApproximateNumberOfMessages${name}`] ?? '')
}

describe('the sandbox’s SQS, asked by the SDK’s own client', () => {
  it('gives each message to one receiver, until it is deleted or its visibility timeout is over', async () => {
    const url = await queue({ VisibilityTimeout: '1' })
    await send(url, 'one')
    const [first] = await receive(url)
    expect(first?.Body).toBe('one')
    expect(await receive(url)).toEqual([])
    expect(await counts(url)).toEqual(['0', '1', '0'])
    const [again] = await receive(url, { WaitTimeSeconds: 3 })
    expect(again?.MessageId).toBe(first?.MessageId)
    await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: again?.ReceiptHandle }))
    expect(await counts(url)).toEqual(['0', '0', '0'])
  })

  it('answers a long poll as soon as a message comes', async () => {
    const url = await queue()
    const startedAt = performance.now()
    const waiting = receive(url, { WaitTimeSeconds: 20 })
    await new Promise((resolve) => setTimeout(resolve, 150))
    await send(url, 'late')
    expect((await waiting).map(({ Body }) => Body)).toEqual(['late'])
    const tookMs = performance.now() - startedAt
    expect(tookMs).toBeGreaterThan(140)
    expect(tookMs).toBeLessThan(5_000)
  })

  it('ends a long poll without a message after its time, as the request or the queue says', async () => {
    const url = await queue({ ReceiveMessageWaitTimeSeconds: '1' })
    const startedAt = performance.now()
    expect(await receive(url)).toEqual([])
    expect(performance.now() - startedAt).toBeGreaterThan(950)
  })

  it('takes no message away for a receiver that has gone', async () => {
    const url = await queue()
    const gone = new AbortController()
    const command = new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 })
    const waiting = sqs.send(command, { abortSignal: gone.signal }).catch(() => 'gone')
    await new Promise((resolve) => setTimeout(resolve, 100))
    gone.abort()
    expect(await waiting).toBe('gone')
    await new Promise((resolve) => setTimeout(resolve, 100))
    await send(url, 'kept')
    expect(await receive(url)).toHaveLength(1)
  })

  it('delays, changes what is visible, deletes in batches and purges', async () => {
    const url = await queue()
    await send(url, 'later', 60)
    const Entries = ['a', 'b'].map((Id) => ({ Id, MessageBody: Id }))
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }))
    const taken = await receive(url, { VisibilityTimeout: 60 })
    expect(await counts(url)).toEqual(['0', '2', '1'])
    const [one, two] = taken.map(({ ReceiptHandle }) => ReceiptHandle ?? '')
    const shown = { QueueUrl: url, ReceiptHandle: one, VisibilityTimeout: 0 }
    await sqs.send(new ChangeMessageVisibilityCommand(shown))
    expect(await counts(url)).toEqual(['1', '1', '1'])
    const deleted = await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: '0', ReceiptHandle: two },
          { Id: '1', ReceiptHandle: 'nonsense' },
        ],
      }),
    )
    expect(deleted.Successful).toEqual([{ Id: '0' }])
    expect(deleted.Failed).toMatchObject([{ Id: '1', Code: 'ReceiptHandleIsInvalid' }])
    await sqs.send(new PurgeQueueCommand({ QueueUrl: url }))
    expect(await counts(url)).toEqual(['0', '0', '0'])
  })

  it('buries in the dead-letter queue what was received too often', async () => {
    const dead = await queue()
    const deadLetterTargetArn = `arn:aws:sqs:eu-west-1:123456789012:${dead.split('/').at(-1)}`
    const url = await queue({
      VisibilityTimeout: '0',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 }),
    })
    await send(url, 'poison')
    expect(await receive(url)).toHaveLength(1)
    expect(await receive(url)).toHaveLength(1)
    expect(await receive(url)).toEqual([])
    expect((await receive(dead)).map(({ Body }) => Body)).toEqual(['poison'])
  })

  it('forgets what is older than the queue keeps it', async () => {
    const url = await queue({ MessageRetentionPeriod: '1' })
    await send(url, 'old')
    await new Promise((resolve) => setTimeout(resolve, 1_050))
    expect(await receive(url)).toEqual([])
  })

  it('knows its queues by name, with their attributes and tags', async () => {
    const url = await queue({ VisibilityTimeout: '5' })
    const QueueName = url.split('/').at(-1)
    expect(url).toBe(`${sandbox.url}/123456789012/${QueueName}`)
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl).toBe(url)
    expect((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: QueueName }))).QueueUrls).toEqual([url])
    const other = new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: '6' } })
    await expect(sqs.send(other)).rejects.toMatchObject({ name: 'QueueNameExists' })
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { VisibilityTimeout: '7' } }))
    const AttributeNames = ['QueueArn', 'VisibilityTimeout'] as const
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...AttributeNames] }),
    )
    expect(Attributes).toEqual({
      QueueArn: `arn:aws:sqs:eu-west-1:123456789012:${QueueName}`,
      VisibilityTimeout: '7',
    })
    await sqs.send(new TagQueueCommand({ QueueUrl: url, Tags: { a: '1', b: '2' } }))
    await sqs.send(new UntagQueueCommand({ QueueUrl: url, TagKeys: ['a'] }))
    expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl: url }))).Tags).toEqual({ b: '2' })
    await sqs.send(new DeleteQueueCommand({ QueueUrl: url }))
    await expect(receive(url)).rejects.toThrow('does not exist')
  })

  it('refuses what SQS refuses', async () => {
    const url = await queue()
    await expect(receive(url, { MaxNumberOfMessages: 11 })).rejects.toThrow('Must be between 1 and 10')
    await expect(send(url, 'x'.repeat(1_048_577))).rejects.toThrow('must be shorter')
    const bad = new CreateQueueCommand({ QueueName: 'no spaces' })
    await expect(sqs.send(bad)).rejects.toThrow('alphanumeric')
  })

  it('keeps its messages in the state of the whole sandbox', async () => {
    const url = await queue()
    await send(url, 'kept')
    const state = await (await fetch(`${sandbox.url}/_sandbox/state`)).text()
    await sqs.send(new PurgeQueueCommand({ QueueUrl: url }))
    await fetch(`${sandbox.url}/_sandbox/state`, { method: 'PUT', body: state })
    expect((await receive(url)).map(({ Body }) => Body)).toEqual(['kept'])
  })
})
