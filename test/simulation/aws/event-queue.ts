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
