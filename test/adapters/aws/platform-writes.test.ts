import { describe, expect, it } from 'vitest'
import { awsOver } from './fake-aws.ts'

const updatedService = {
  serviceArn: 'arn:service/shop/web',
  serviceName: 'web',
  clusterArn: 'arn:cluster/shop',
}

describe('task definitions', () => {
  const described = (revision: number): object => ({
    taskDefinitionArn: `arn:td/web:${revision}`,
    family: 'web',
    revision,
    status: 'ACTIVE',
    registeredAt: 1_700_000_000,
    containerDefinitions: [{ name: 'web', image: 'web:1' }],
  })
  const answer = (revision: number) => ({
    result: { taskDefinition: described(revision), tags: [{ key: 'digest', value: 'd' }] },
  })

  it('reads a revision once, also for callers at the same time', async () => {
    const { aws, of } = awsOver({ DescribeTaskDefinition: () => answer(7) })
    await Promise.all([1, 2, 3].map(() => aws.platform.taskDefinition('arn:td/web:7')))
    await aws.platform.taskDefinition('arn:td/web:7')
    expect(of('DescribeTaskDefinition')).toHaveLength(1)
  })

  it('reads the newest revision afresh each time, with its tags', async () => {
    const { aws, of } = awsOver({ DescribeTaskDefinition: (_, nth) => answer(7 + nth) })
    await aws.platform.newestTaskDefinition('web')
    const newest = await aws.platform.newestTaskDefinition('web')
    expect(newest).toMatchObject({
      revision: 8,
      tags: { digest: 'd' },
      document: { registeredAt: '2023-11-14T22:13:20.000Z' },
    })
    expect(of('DescribeTaskDefinition')).toHaveLength(2)
  })

  it('knows a family that is new', async () => {
    const { aws } = awsOver({
      DescribeTaskDefinition: () => ({
        error: 'ClientException',
        message: 'Unable to describe task definition.',
      }),
    })
    expect(await aws.platform.newestTaskDefinition('web')).toBeUndefined()
    expect(await aws.platform.taskDefinition('arn:td/web:9')).toBeUndefined()
  })

  it('registers the document as it is, members that the SDK does not know included, and remembers the revision', async () => {
    const { aws, of } = awsOver({ RegisterTaskDefinition: () => answer(8) })
    const document = {
      family: 'web',
      containerDefinitions: [{ name: 'web', image: 'web:1', memberOfTomorrow: [1] }],
      tags: [
        { key: 'team', value: 'shop' },
        { key: 'digest', value: 'old' },
      ],
      alsoNew: { deep: true },
    }
    const { requestId, taskDefinition } = await aws.platform.registerTaskDefinition({
      document,
      tags: { digest: 'd' },
    })
    expect(of('RegisterTaskDefinition')).toEqual([
      {
        ...document,
        tags: [
          { key: 'team', value: 'shop' },
          { key: 'digest', value: 'd' },
        ],
      },
    ])
    expect(requestId).toBe('request-1')
    expect(await aws.platform.taskDefinition(taskDefinition.arn)).toBe(taskDefinition)
    expect(of('DescribeTaskDefinition')).toEqual([])
  })
})

describe('service writes', () => {
  it('creates a service with its token, and settings never override what the request names', async () => {
    const { aws, of } = awsOver({ CreateService: () => ({ result: { service: updatedService } }) })
    await aws.platform.createService({
      service: { cluster: 'shop', name: 'web' },
      taskDefinition: 'arn:td/web:7',
      desiredCount: 2,
      target: { targetGroupArn: 'arn:tg', containerName: 'web', containerPort: 80 },
      settings: { launchType: 'FARGATE', desiredCount: 99, settingOfTomorrow: 1 },
      clientToken: 'token',
      tags: { team: 'shop' },
    })
    expect(of('CreateService')).toEqual([
      {
        cluster: 'shop',
        serviceName: 'web',
        taskDefinition: 'arn:td/web:7',
        desiredCount: 2,
        loadBalancers: [{ targetGroupArn: 'arn:tg', containerName: 'web', containerPort: 80 }],
        launchType: 'FARGATE',
        settingOfTomorrow: 1,
        clientToken: 'token',
        tags: [{ key: 'team', value: 'shop' }],
      },
    ])
  })

  it('updates only what is named', async () => {
    const { aws, of } = awsOver({ UpdateService: () => ({ result: { service: updatedService } }) })
    await aws.platform.updateService({ service: { cluster: 'shop', name: 'web' }, desiredCount: 0 })
    expect(of('UpdateService')).toEqual([{ cluster: 'shop', service: 'web', desiredCount: 0 }])
  })

  it('tags a service and takes tags from it', async () => {
    const { aws, of } = awsOver({
      TagResource: () => ({ result: {} }),
      UntagResource: () => ({ result: {} }),
    })
    const arn = 'arn:service/shop/web'
    await aws.platform.tagService({ arn, tags: { team: 'shop', empty: '' } })
    await aws.platform.untagService({ arn, keys: ['old'] })
    expect(of('TagResource')).toEqual([
      {
        resourceArn: arn,
        tags: [
          { key: 'team', value: 'shop' },
          { key: 'empty', value: '' },
        ],
      },
    ])
    expect(of('UntagResource')).toEqual([{ resourceArn: arn, tagKeys: ['old'] }])
  })

  it.each([
    { answer: { network: 'ECONNRESET' }, code: 'ConnectionLost', ambiguous: true },
    { answer: { error: 'ServerException', status: 500 }, code: 'AwsUnavailable', ambiguous: true },
    { answer: { html: '<h1>oh</h1>', status: 500 }, code: 'UnreadableAnswer', ambiguous: true },
    { answer: { network: 'ECONNREFUSED' }, code: 'ConnectionRefused', ambiguous: false },
    { answer: { error: 'ThrottlingException' }, code: 'Throttled', ambiguous: false },
  ])('writes once and says $code (may have happened: $ambiguous)', async ({ answer, code, ambiguous }) => {
    const { aws, of } = awsOver({ UpdateService: () => answer })
    const write = aws.platform.updateService({ service: { cluster: 'shop', name: 'web' }, desiredCount: 1 })
    await expect(write).rejects.toMatchObject({ code, handling: 'retry', ambiguous })
    expect(of('UpdateService')).toHaveLength(1)
  })
})
