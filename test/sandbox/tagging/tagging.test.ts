import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startSandbox } from '../../../controller/sandbox/server.ts'
import { ecsWorld, partsAt, partAt } from '../support/ecs-world.ts'

const SHOP = [
  { key: 'project', value: 'shop' },
  { key: 'environment', value: 'prod' },
]
const capitalised = (tags: typeof SHOP) => tags.map(({ key, value }) => ({ Key: key, Value: value }))
const refused = (code: string) => expect.objectContaining({ code }) as Error

/** One resource of each kind, all of them tagged; their ARNs. */
function world() {
  const aws = ecsWorld()
  const cluster = partAt(aws.ecs('CreateCluster', { clusterName: 'shop', tags: SHOP }), 'cluster')
  const group = aws.elb('CreateTargetGroup', {
    Name: 'web',
    Protocol: 'HTTP',
    Port: 80,
    VpcId: 'vpc-1',
    TargetType: 'ip',
    Tags: capitalised(SHOP),
  })
  const securityGroup = aws.call('ec2', 'CreateSecurityGroup', {
    GroupName: 'web',
    GroupDescription: 'web',
    VpcId: 'vpc-1',
    TagSpecification: [{ ResourceType: 'security-group', Tag: capitalised(SHOP) }],
  })
  const tags = { project: 'shop', environment: 'prod' }
  aws.call('logs', 'CreateLogGroup', { logGroupName: '/ecs/web', tags: { ...tags, environment: 'dev' } })
  aws.call('ecr', 'CreateRepository', { repositoryName: 'shop/web', tags: capitalised(SHOP) })
  const arns = {
    cluster: String(cluster['clusterArn']),
    targetGroup: String(partsAt(group, 'TargetGroups')[0]?.['TargetGroupArn']),
    securityGroup: String(securityGroup['securityGroupArn']),
    logGroup: 'arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/web',
    repository: 'arn:aws:ecr:eu-west-1:123456789012:repository/shop/web',
  }
  const get = (input: object = {}) => aws.call('tagging', 'GetResources', { ...input })
  const found = (input: object = {}) =>
    partsAt(get(input), 'ResourceTagMappingList').map(({ ResourceARN }) => String(ResourceARN))
  return { aws, arns, get, found }
}

describe('The Resource Groups Tagging API', () => {
  test('finds whatever has tags', () => {
    const { arns, found } = world()
    expect(found()).toEqual(Object.values(arns).toSorted())
  })

  test.each([
    [[{ Key: 'project' }], ['cluster', 'targetGroup', 'securityGroup', 'logGroup', 'repository']],
    [[{ Key: 'environment', Values: ['dev'] }], ['logGroup']],
    [
      [
        { Key: 'project', Values: ['x', 'shop'] },
        { Key: 'environment', Values: ['prod'] },
      ],
      ['cluster', 'targetGroup', 'securityGroup', 'repository'],
    ],
    [[{ Key: 'Project', Values: ['shop'] }], []],
  ] as const)('filters by tags: %j', (TagFilters, kinds) => {
    const { arns, found } = world()
    expect(found({ TagFilters })).toEqual(kinds.map((kind) => arns[kind]).toSorted())
  })

  test.each([
    [['ecs'], ['cluster']],
    [['ecs:service'], []],
    [
      ['ec2:security-group', 'logs:log-group'],
      ['logGroup', 'securityGroup'],
    ],
  ] as const)('filters by types: %j', (ResourceTypeFilters, kinds) => {
    const { arns, found } = world()
    expect(found({ ResourceTypeFilters })).toEqual(kinds.map((kind) => arns[kind]).toSorted())
  })

  test('gives the tags, and a page at a time', () => {
    const { arns, get, found } = world()
    const only = { ResourceARNList: [arns.logGroup] }
    expect(get(only)).toEqual({
      PaginationToken: '',
      ResourceTagMappingList: [
        {
          ResourceARN: arns.logGroup,
          Tags: [
            { Key: 'project', Value: 'shop' },
            { Key: 'environment', Value: 'dev' },
          ],
        },
      ],
    })
    const first = get({ ResourcesPerPage: 3 })
    const rest = found({ ResourcesPerPage: 3, PaginationToken: first['PaginationToken'] })
    expect(partsAt(first, 'ResourceTagMappingList')).toHaveLength(3)
    expect(rest).toHaveLength(2)
  })

  test('shows neither what is deleted nor what has no tags any more', () => {
    const { aws, arns, found } = world()
    aws.ecs('DeleteCluster', { cluster: 'shop' })
    aws.elb('DeleteTargetGroup', { TargetGroupArn: arns.targetGroup })
    aws.call('ec2', 'DeleteSecurityGroup', { GroupId: arns.securityGroup.split('/')[1] })
    aws.call('ecr', 'DeleteRepository', { repositoryName: 'shop/web' })
    aws.call('logs', 'UntagResource', { resourceArn: arns.logGroup, tagKeys: ['project', 'environment'] })
    expect(found()).toEqual([])
  })

  test('shows what is in the region alone', () => {
    const { aws } = world()
    const elsewhere = aws.world.call({
      service: 'tagging',
      operation: 'GetResources',
      input: {},
      region: 'us-east-1',
    })
    expect(elsewhere.output['ResourceTagMappingList']).toEqual([])
  })

  test('refuses more than fifty filters, and pages of more than a hundred', () => {
    const { get } = world()
    const TagFilters = Array.from({ length: 51 }, (_, index) => ({ Key: `key-${index}` }))
    expect(() => get({ TagFilters })).toThrow(refused('InvalidParameterException'))
    expect(() => get({ ResourcesPerPage: 101 })).toThrow(refused('InvalidParameterException'))
  })

  test('keeps nothing of its own, so that a state without it loads', () => {
    const { aws, arns, found } = world()
    const state = aws.world.dump()
    expect(Object.keys(state)).not.toContain('tagging')
    aws.ecs('DeleteCluster', { cluster: 'shop' })
    aws.world.load(state)
    expect(found({ ResourceTypeFilters: ['ecs'] })).toEqual([arns.cluster])
  })
})

describe('The SDK', () => {
  test('speaks with it', async () => {
    const sandbox = await startSandbox({ port: 0 })
    onTestFinished(() => sandbox.close())
    sandbox.world.call({
      service: 'logs',
      operation: 'CreateLogGroup',
      input: { logGroupName: '/ecs/web', tags: { a: '1' } },
    })
    const client = new ResourceGroupsTaggingAPIClient({
      region: 'eu-west-1',
      endpoint: sandbox.url,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    })
    const { ResourceTagMappingList } = await client.send(
      new GetResourcesCommand({ TagFilters: [{ Key: 'a' }] }),
    )
    client.destroy()
    expect(ResourceTagMappingList).toEqual([
      {
        ResourceARN: 'arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/web',
        Tags: [{ Key: 'a', Value: '1' }],
      },
    ])
  })
})
