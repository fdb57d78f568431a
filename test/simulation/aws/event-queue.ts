import type { SqsModel } from '../../../controller/sandbox/sqs/model.ts'
import { PATTERNS } from '../../support/machine/event-queue.ts'
import { ACCOUNT, REGION } from './shape.ts'
import type { SimulatedAws } from './simulated-aws.ts'

const QUEUE = 'steersman-events'
const QUEUE_ARN = `arn:aws:sqs:${REGION}:${ACCOUNT}:${QUEUE}`

/** As the Environment names it. */
export const QUEUE_URL = `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${QUEUE}`

/** What the module terraform/modules/events makes: a queue, and the rules that fill it. */
export function makeEventQueue(aws: SimulatedAws): void {
  aws.byHand('sqs', 'CreateQueue', { QueueName: QUEUE })
  for (const [Rule, pattern] of Object.entries(PATTERNS)) {
    aws.byHand('events', 'PutRule', { Name: Rule, EventPattern: JSON.stringify(pattern) })
    aws.byHand('events', 'PutTargets', { Rule, Targets: [{ Id: 'queue', Arn: QUEUE_ARN }] })
  }
}

/** Somebody deletes the queue with all that is in it; the rules go on telling nobody. */
export const deleteEventQueue = (aws: SimulatedAws): unknown =>
  aws.byHand('sqs', 'DeleteQueue', { QueueUrl: QUEUE_URL })

export function isEventQueueThere(aws: SimulatedAws): boolean {
  const { QueueUrls } = aws.byHand('sqs', 'ListQueues', { QueueNamePrefix: QUEUE })
  return (QueueUrls as readonly string[]).length > 0
}

/** Puts a text into the queue, as whoever may write to it can. */
export const sendToEventQueue = ({ world }: SimulatedAws, text: string): boolean =>
  (world.models.get('sqs') as SqsModel).deliver(QUEUE_ARN, text)

/** Messages that wait, and those that somebody was given and has not put away. */
export function messagesIn(aws: SimulatedAws): number {
  const { Attributes } = aws.byHand('sqs', 'GetQueueAttributes', {
    QueueUrl: QUEUE_URL,
    AttributeNames: ['All'],
  }) as { readonly Attributes: Readonly<Record<string, string>> }
  return (
    Number(Attributes['ApproximateNumberOfMessages']) +
    Number(Attributes['ApproximateNumberOfMessagesNotVisible'])
  )
}
