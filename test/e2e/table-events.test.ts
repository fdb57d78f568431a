import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { PATTERNS, QUEUE_URL } from '../support/machine/event-queue.ts'
import { ACCOUNT, REGION } from '../support/machine/shape.ts'
import type { TableFleet } from './table-fleet.ts'
import { startTableFleet } from './table-fleet.ts'

const SIZE = 6
/** Shards are handed over, and what is begun is ended. */
const SETTLED_MS = 15_000
const credentials = { accessKeyId: 'alice', secretAccessKey: 'secret' }

/** One call of a JSON protocol, as any client signs it. */
async function call({ sandboxUrl }: TableFleet, target: string, input: object): Promise<void> {
  const service = target.startsWith('AmazonSQS') ? 'sqs' : 'events'
  const response = await fetch(sandboxUrl, {
    method: 'POST',
    headers: {
      'x-amz-target': target,
      'content-type': 'application/x-amz-json-1.0',
      authorization: `AWS4-HMAC-SHA256 Credential=alice/20260101/${REGION}/${service}/aws4_request, Signature=x`,
    },
    body: JSON.stringify(input),
  })
  if (!response.ok) throw new Error(await response.text())
}

async function makeQueue(fleet: TableFleet): Promise<void> {
  const QueueName = QUEUE_URL.split('/').at(-1) ?? ''
  // The sandbox's time runs faster: a message must not come to the other one as well while the first is at it.
  const Attributes = { VisibilityTimeout: '40000' }
  await call(fleet, 'AmazonSQS.CreateQueue', { QueueName, Attributes })
  for (const [Name, pattern] of Object.entries({ calls: PATTERNS.calls })) {
    await call(fleet, 'AWSEvents.PutRule', { Name, EventPattern: JSON.stringify(pattern) })
    const Targets = [{ Id: 'queue', Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${QueueName}` }]
    await call(fleet, 'AWSEvents.PutTargets', { Rule: Name, Targets })
  }
}

/** One call, of which one message tells: half of the traffic goes to either side. */
async function moveByHand({ sandboxUrl }: TableFleet, environment: string): Promise<void> {
  const elb = new ElasticLoadBalancingV2Client({ region: REGION, endpoint: sandboxUrl, credentials })
  const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({ Names: [environment] }))
  const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn
  const { Listeners } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }))
  const listener = Listeners?.find(({ Port }) => Port === 80)
  const groups = listener?.DefaultActions?.[0]?.ForwardConfig?.TargetGroups ?? []
  expect(groups).toHaveLength(2)
  const TargetGroups = groups.map(({ TargetGroupArn }) => ({ TargetGroupArn, Weight: 50 }))
  await elb.send(
    new ModifyListenerCommand({
      ListenerArn: listener?.ListenerArn,
      DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }],
    }),
  )
  elb.destroy()
}

it(
  'two controllers that share a table and a queue see what is changed by hand, whoever of them hears of it',
  { timeout: 600_000 },
  async (context) => {
    const fleet = await startTableFleet(context, { size: SIZE, shards: 8, queueUrl: QUEUE_URL })
    await makeQueue(fleet)
    fleet.push('v1')
    const one = await fleet.run('one')
    const two = await fleet.run('two')
    await fleet.untilAllSucceeded(one.url, 1, 300_000)
    const found = (): string[] =>
      [one, two].flatMap(({ process }) =>
        process.lines.flatMap((line) =>
          line['event'] === 'DriftFound' ? [String(line['environment'])] : [],
        ),
      )
    for (const { process } of [one, two])
      await process.line(({ event, held }) => event === 'LeaseChanged' && held === true, 'a shard of each')
    await sleep(SETTLED_MS)
    expect(found()).toEqual([])
    for (const environment of fleet.environments) await moveByHand(fleet, environment)
    // They look by themselves after nine minutes.
    await eventually(
      () => new Set(found()),
      (environments) => environments.size === SIZE,
      { what: 'a drift of every environment', withinMs: 120_000 },
    )
  },
)
