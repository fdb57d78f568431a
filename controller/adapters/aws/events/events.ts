import { DeleteMessageBatchCommand, ReceiveMessageCommand, type Message } from '@aws-sdk/client-sqs'
import type { EventMessage, Events } from '../../../ports/events.ts'
import { objectsIn, requiredText, textOrEmpty } from '../client/members.ts'
import { LONG_POLL_MS } from '../client/operations.ts'
import type { AwsTools } from '../client/tools.ts'

/** The most that SQS waits, and gives at once. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const WAIT_SECONDS = 20
const MOST_MESSAGES = 10
/** The connection gives up a moment after the sender would. */
const GRACE_MS = 1_000

/** Amazon SQS behind the events port. */
export function createEvents(
  { clients, send }: Pick<AwsTools, 'clients' | 'send'>,
  { queueUrl, outdate }: { readonly queueUrl: string; readonly outdate: () => void },
): Events {
  return {
    async receive() {
      const command = new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        WaitTimeSeconds: WAIT_SECONDS,
        MaxNumberOfMessages: MOST_MESSAGES,
      })
      const { Messages } = await send('sqs:ReceiveMessage', (options) =>
        clients.sqs.send(command, { ...options, requestTimeout: LONG_POLL_MS + GRACE_MS }),
      )
      return objectsIn(Messages, 'a list of messages').map(messageOf)
    },
    async remove(messages) {
      if (messages.length === 0) return
      const command = new DeleteMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: messages.map(({ receipt }, index) => ({ Id: String(index), ReceiptHandle: receipt })),
      })
      await send('sqs:DeleteMessageBatch', (options) => clients.sqs.send(command, options))
    },
    outdate,
  }
}

const messageOf = ({ Body, ReceiptHandle }: Message): EventMessage => ({
  body: textOrEmpty(Body, "a message's body"),
  receipt: requiredText(ReceiptHandle, "a message's receipt"),
})
