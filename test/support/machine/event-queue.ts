import type { Sandbox } from '../../../controller/sandbox/server.ts'
import { ACCOUNT, callSandbox, REGION } from './shape.ts'

const QUEUE = 'steersman-events'

/** As an Environment names it; requests go to the sandbox all the same. */
export const QUEUE_URL = `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${QUEUE}`

/** What the module terraform/modules/events makes: a queue, and the rules that fill it. */
export function makeEventQueue(sandbox: Sandbox): void {
  callSandbox(sandbox, { service: 'sqs', operation: 'CreateQueue', input: { QueueName: QUEUE } })
  for (const [Name, pattern] of Object.entries(PATTERNS)) {
    const input = { Name, EventPattern: JSON.stringify(pattern) }
    callSandbox(sandbox, { service: 'events', operation: 'PutRule', input })
    const Targets = [{ Id: 'queue', Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${QUEUE}` }]
    callSandbox(sandbox, { service: 'events', operation: 'PutTargets', input: { Rule: Name, Targets } })
  }
}

export const dropEventQueue = (sandbox: Sandbox): unknown =>
  callSandbox(sandbox, { service: 'sqs', operation: 'DeleteQueue', input: { QueueUrl: QUEUE_URL } })

/** Puts a text into the queue, as whoever may write to it can. */
export const sendToQueue = (sandbox: Sandbox, MessageBody: string): unknown =>
  callSandbox(sandbox, {
    service: 'sqs',
    operation: 'SendMessage',
    input: { QueueUrl: QUEUE_URL, MessageBody },
  })

/** Messages that wait or are being looked at. */
export function messagesIn(sandbox: Sandbox): number {
  const { Attributes } = callSandbox(sandbox, {
    service: 'sqs',
    operation: 'GetQueueAttributes',
    input: { QueueUrl: QUEUE_URL, AttributeNames: ['All'] },
  }) as { Attributes: Record<string, string> }
  return (
    Number(Attributes['ApproximateNumberOfMessages']) +
    Number(Attributes['ApproximateNumberOfMessagesNotVisible'])
  )
}

const PATTERNS = {
  ecs: {
    source: ['aws.ecs'],
    'detail-type': ['ECS Service Action', 'ECS Deployment State Change', 'ECS Task State Change'],
  },
  ecr: { source: ['aws.ecr'], 'detail-type': ['ECR Image Action', 'ECR Image Scan'] },
  calls: {
    source: ['aws.ecs', 'aws.elasticloadbalancing'],
    'detail-type': ['AWS API Call via CloudTrail'],
    detail: { readOnly: [false] },
  },
}
