import { describe, expect, it } from 'vitest'
import { awsOver, type Answer } from './fake-aws.ts'

const arn = 'arn:aws:ecs:eu-west-1:123456789012:service/shop/web-blue'
const service = { serviceArn: arn, serviceName: 'web-blue', desiredCount: 2 }
const web = { cluster: 'shop', name: 'web-blue' }
const given = (result: Readonly<Record<string, unknown>>) => (): Answer => ({ result })
const refused = { code: 'UnreadableAnswer', handling: 'retry' }

describe('an answer of AWS', () => {
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['a count that is an object', { ...service, desiredCount: { desiredCount: 2 } }],
    ['a count that is a text', { ...service, runningCount: 'two' }],
    ['a count below zero', { ...service, pendingCount: -1 }],
    ['an empty ARN', { ...service, serviceArn: '' }],
    ['a deployment that is null', { ...service, deployments: [1] }],
    ['tags that are no list', { ...service, tags: 'x' }],
  ])('about a service is refused for %s', async (_, described) => {
    const { aws } = awsOver(
      { DescribeServices: given({ services: [described] }) },
      { random: { next: () => 0 } },
    )
    await expect(aws.platform.services([web])).rejects.toMatchObject(refused)
  })

  it('to a write that cannot be read leaves it open whether the write was made', async () => {
    const { aws } = awsOver({ UpdateService: given({ service: { ...service, desiredCount: 'many' } }) })
    const asked = aws.platform.updateService({ service: web, desiredCount: 2 })
    await expect(asked).rejects.toMatchObject({ ...refused, ambiguous: true })
  })

  it('about a target in a state of another kind does not count as healthy', async () => {
    const target = { Target: { Id: '10.0.0.1', Port: 80 }, TargetHealth: { State: 'constructor' } }
    const { aws } = awsOver({ DescribeTargetHealth: given({ TargetHealthDescriptions: [target] }) })
    expect(await aws.traffic.targets('arn')).toMatchObject([{ state: 'unavailable' }])
  })
})
