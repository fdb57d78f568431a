import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  TargetGroupNotFoundException,
  waitUntilLoadBalancerAvailable,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import { ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs'
import { afterAll, describe, expect, test } from 'vitest'
import { startSandbox } from '../../../controller/sandbox/server.ts'
import { elbWorld } from '../support/elb-world.ts'
import { inProcessHandler } from '../support/in-process-handler.ts'

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
const sandbox = await startSandbox({ port: 0, speed: 20 })
afterAll(() => sandbox.close())

const clients = [
  [
    'over HTTP',
    new ElasticLoadBalancingV2Client({
      region: 'eu-west-1',
      credentials,
      endpoint: sandbox.url,
      maxAttempts: 1,
    }),
  ],
  [
    'in process',
    new ElasticLoadBalancingV2Client({
      region: 'eu-west-1',
      credentials,
      requestHandler: inProcessHandler(elbWorld().world),
      maxAttempts: 1,
    }),
  ],
] as const

describe.each(clients)('the AWS SDK %s', (_title, client) => {
  test('creates a load balancer, groups, a listener and a rule, and reads back what AWS would say', async () => {
    const balancer = await client.send(
      new CreateLoadBalancerCommand({
        Name: 'web',
        Subnets: ['subnet-a', 'subnet-b'],
        Tags: [{ Key: 'odd', Value: `<a href="x">&'\r\n</a>` }],
      }),
    )
    const LoadBalancerArn = balancer.LoadBalancers?.[0]?.LoadBalancerArn
    expect(balancer.LoadBalancers?.[0]?.CreatedTime).toBeInstanceOf(Date)
    const [blue, green] = await Promise.all(
      ['blue', 'green'].map(async (Name) => {
        const made = await client.send(
          new CreateTargetGroupCommand({
            Name,
            Protocol: 'HTTP',
            Port: 80,
            VpcId: 'vpc-1',
            TargetType: 'ip',
          }),
        )
        return made.TargetGroups?.[0]?.TargetGroupArn ?? ''
      }),
    )
    const listener = await client.send(
      new CreateListenerCommand({
        LoadBalancerArn,
        Protocol: 'HTTP',
        Port: 80,
        DefaultActions: [{ Type: 'forward', TargetGroupArn: blue }],
      }),
    )
    expect(listener.Listeners?.[0]?.DefaultActions).toEqual([
      {
        Type: 'forward',
        TargetGroupArn: blue,
        ForwardConfig: {
          TargetGroups: [{ TargetGroupArn: blue, Weight: 1 }],
          TargetGroupStickinessConfig: { Enabled: false },
        },
      },
    ])
    const ListenerArn = listener.Listeners?.[0]?.ListenerArn
    const rule = await client.send(
      new CreateRuleCommand({
        ListenerArn,
        Priority: 10,
        Conditions: [{ Field: 'path-pattern', Values: ['/api/*'] }],
        Actions: [
          {
            Type: 'forward',
            ForwardConfig: {
              TargetGroups: [
                { TargetGroupArn: blue, Weight: 100 },
                { TargetGroupArn: green, Weight: 0 },
              ],
              TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
            },
          },
        ],
      }),
    )
    const RuleArn = rule.Rules?.[0]?.RuleArn
    const Actions = rule.Rules?.[0]?.Actions
    await client.send(new ModifyRuleCommand({ RuleArn, Actions }))
    const rules = await client.send(new DescribeRulesCommand({ ListenerArn }))
    expect(rules.Rules).toMatchObject([
      {
        Priority: '10',
        IsDefault: false,
        Actions,
        Conditions: [
          { Field: 'path-pattern', Values: ['/api/*'], PathPatternConfig: { Values: ['/api/*'] } },
        ],
      },
      { Priority: 'default', IsDefault: true, Conditions: [], Actions: [{ TargetGroupArn: blue }] },
    ])
    const groups = await client.send(new DescribeTargetGroupsCommand({ LoadBalancerArn }))
    expect(groups.TargetGroups?.map((group) => group.LoadBalancerArns)).toEqual([
      [LoadBalancerArn],
      [LoadBalancerArn],
    ])
    const tags = await client.send(new DescribeTagsCommand({ ResourceArns: [LoadBalancerArn ?? ''] }))
    expect(tags.TagDescriptions?.[0]?.Tags).toEqual([{ Key: 'odd', Value: `<a href="x">&'\r\n</a>` }])
    const attributes = await client.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn }))
    expect(attributes.Attributes).toContainEqual({ Key: 'idle_timeout.timeout_seconds', Value: '60' })
  })

  test('gets typed errors, and one missing ARN fails the whole call', async () => {
    const known = await client.send(
      new CreateTargetGroupCommand({ Name: 'known', Protocol: 'HTTP', Port: 80, VpcId: 'vpc-1' }),
    )
    const arn = known.TargetGroups?.[0]?.TargetGroupArn ?? ''
    const missing = arn.replace(/.{16}$/, '0123456789abcdef')
    const described = client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn, missing] }))
    await expect(described).rejects.toThrow(TargetGroupNotFoundException)
    await expect(described).rejects.toMatchObject({ $fault: 'client', $metadata: { httpStatusCode: 400 } })
  })

  test('reads empty lists as empty', async () => {
    const made = await client.send(new CreateLoadBalancerCommand({ Name: 'empty', Subnets: ['a', 'b'] }))
    const LoadBalancerArn = made.LoadBalancers?.[0]?.LoadBalancerArn
    expect((await client.send(new DescribeListenersCommand({ LoadBalancerArn }))).Listeners).toEqual([])
  })
})

test('the waiter for a new load balancer ends', async () => {
  const client = clients[0][1]
  await client.send(new CreateLoadBalancerCommand({ Name: 'awaited', Subnets: ['a', 'b'] }))
  const waited = await waitUntilLoadBalancerAvailable(
    { client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 },
    { Names: ['awaited'] },
  )
  expect(waited.state).toBe('SUCCESS')
})

test('ECS is reached by its target header, and every answer has a request id', async () => {
  const ecs = new ECSClient({ region: 'us-east-1', credentials, endpoint: sandbox.url, maxAttempts: 1 })
  const answered = await ecs.send(new ListClustersCommand({}))
  expect(answered.clusterArns).toEqual([])
  expect(answered.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/)
})
