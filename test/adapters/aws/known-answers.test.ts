import { describe, expect, it } from 'vitest'
import { awsOver } from './fake-aws.ts'

const service = (more: object = {}) => ({
  serviceArn: 'arn:aws:ecs:eu-west-1:123456789012:service/shop/web-blue',
  serviceName: 'web-blue',
  clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/shop',
  status: 'ACTIVE',
  taskDefinition: 'arn:task-definition/web:1',
  desiredCount: 2,
  runningCount: 2,
  pendingCount: 0,
  ...more,
})

const listener = {
  ListenerArn: 'arn:listener/app/shop/1/2',
  Port: 443,
  Protocol: 'HTTPS',
  DefaultActions: [{ Type: 'forward', TargetGroupArn: 'arn:tg/web/1' }],
}
const rule = (weight: number) => ({
  RuleArn: 'arn:listener-rule/app/shop/1/2/3',
  Priority: '1',
  Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: ['shop.example.com'] } }],
  Actions: [
    {
      Type: 'forward',
      ForwardConfig: { TargetGroups: [{ TargetGroupArn: 'arn:tg/web/1', Weight: weight }] },
    },
  ],
})

describe('an answer that AWS has given before', () => {
  it('is the very same facts, and another one others: of a service', async () => {
    const counts = [2, 2, 3, 2]
    const { aws, of } = awsOver({
      DescribeServices: (_, nth) => ({
        result: { services: [service({ desiredCount: counts[nth] })], failures: [] },
      }),
    })
    const look = async () => (await aws.platform.services([{ cluster: 'shop', name: 'web-blue' }]))[0]
    const [first, second, third, fourth] = [await look(), await look(), await look(), await look()]
    expect(second).toBe(first)
    expect(third).toMatchObject({ desiredCount: 3 })
    expect(fourth).toEqual(first)
    expect(fourth).not.toBe(first)
    // It was asked each time.
    expect(of('DescribeServices')).toHaveLength(4)
  })

  it('is of its own question', async () => {
    const { aws } = awsOver({
      DescribeServices: () => ({ result: { services: [], failures: [missing('web-blue'), missing('api')] } }),
    })
    const look = (name: string) => aws.platform.services([{ cluster: 'shop', name }])
    expect([await look('web-blue'), await look('api')]).toEqual([[null], [null]])
  })

  it('is the very same facts of a rule, whatever the request id; of a default action and a target group too', async () => {
    const weights = [1, 1, 2]
    const { aws } = awsOver({
      DescribeListeners: () => ({ result: { Listeners: [listener] } }),
      DescribeRules: (_, nth) => ({ result: { Rules: [rule(weights[nth] ?? 0)] } }),
      DescribeTargetGroups: () => ({
        result: {
          TargetGroups: [{ TargetGroupArn: 'arn:tg/web/1', TargetGroupName: 'web', TargetType: 'ip' }],
        },
      }),
    })
    const look = async () => [
      ...(await aws.traffic.rules('arn:loadbalancer/app/shop/1', [
        { port: 443, host: 'shop.example.com' },
        { port: 443 },
        { port: 8443 },
      ])),
      ...(await aws.traffic.targetGroups(['web'], { fresh: true })),
    ]
    const [first, second, third] = [await look(), await look(), await look()]
    first.forEach((facts, index) => expect(second[index]).toBe(facts))
    expect(third[0]).toMatchObject({ weights: [{ weight: 2 }] })
    expect(third.slice(1)).toEqual(first.slice(1))
  })

  it('is an error each time where it was one', async () => {
    const { aws } = awsOver({
      DescribeServices: () => ({ error: 'AccessDeniedException', status: 400 }),
    })
    const look = () => aws.platform.services([{ cluster: 'shop', name: 'web' }])
    await expect(look()).rejects.toMatchObject({ code: expect.any(String) as string })
    await expect(look()).rejects.toMatchObject({ code: expect.any(String) as string })
  })
})

const missing = (name: string) => ({
  arn: `arn:aws:ecs:eu-west-1:123456789012:service/shop/${name}`,
  reason: 'MISSING',
})
