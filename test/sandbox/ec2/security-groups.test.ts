import { describe, expect, test } from 'vitest'
import type { Settings } from '../../../controller/sandbox/kernel/settings.ts'
import type { EcsTestWorld } from '../support/ecs-world.ts'
import { ecsWorld } from '../support/ecs-world.ts'

const EVERYWHERE = { IpProtocol: '-1', FromPort: '0', ToPort: '0', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }
const WEB = {
  IpProtocol: 'tcp',
  FromPort: '80',
  ToPort: '80',
  IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'us' }],
}

function world(settings: Partial<Settings> = {}) {
  const aws = ecsWorld(settings)
  const ec2 = (operation: string, input = {}) => aws.call('ec2', operation, input)
  const create = (GroupName: string, more = {}) =>
    String(
      ec2('CreateSecurityGroup', { GroupName, GroupDescription: 'd', VpcId: 'vpc-1', ...more })['groupId'],
    )
  const see = (GroupId: string) =>
    (ec2('DescribeSecurityGroups', { GroupId: [GroupId] })['securityGroupInfo'] as object[])[0]
  const ruleIds = (groupId: string) =>
    (
      ec2('DescribeSecurityGroupRules', { Filter: [{ Name: 'group-id', Value: [groupId] }] })[
        'securityGroupRuleSet'
      ] as { securityGroupRuleId: string }[]
    ).map((rule) => rule.securityGroupRuleId)
  return { aws, ec2, create, see, ruleIds }
}

const refused = (code: string) => expect.objectContaining({ code }) as Error

describe('security groups', () => {
  test('let everything out when they are made, and nothing after that rule is revoked', () => {
    const { ec2, create, see, ruleIds } = world()
    const GroupId = create('tasks', {
      TagSpecification: [{ ResourceType: 'security-group', Tag: [{ Key: 'Name', Value: 'tasks' }] }],
    })
    expect(see(GroupId)).toMatchObject({
      groupName: 'tasks',
      groupDescription: 'd',
      vpcId: 'vpc-1',
      ownerId: '123456789012',
      ipPermissions: [],
      ipPermissionsEgress: [{ ipProtocol: '-1', ipRanges: [{ cidrIp: '0.0.0.0/0' }] }],
      tagSet: [{ key: 'Name', value: 'tasks' }],
    })
    ec2('RevokeSecurityGroupEgress', { GroupId, IpPermissions: [EVERYWHERE] })
    expect(ruleIds(GroupId)).toEqual([])
    expect(() => ec2('RevokeSecurityGroupEgress', { GroupId, IpPermissions: [EVERYWHERE] })).toThrow(
      refused('InvalidPermission.NotFound'),
    )
  })

  test('have names that are unique in a VPC', () => {
    const { create } = world()
    create('tasks')
    expect(() => create('tasks')).toThrow("The security group 'tasks' already exists for VPC 'vpc-1'")
    expect(create('tasks', { VpcId: 'vpc-2' })).toMatch(/^sg-[0-9a-f]{17}$/)
    expect(() => create('sg-own')).toThrow(refused('InvalidParameterValue'))
  })

  test('are there when they are named, unless the sandbox is strict or they were deleted', () => {
    const { ec2, see } = world()
    expect(see('sg-1')).toMatchObject({ groupId: 'sg-1', ipPermissionsEgress: [] })
    ec2('DeleteSecurityGroup', { GroupId: 'sg-1' })
    expect(() => see('sg-1')).toThrow("The security group 'sg-1' does not exist")
    expect(() => world({ strict: true }).see('sg-1')).toThrow(refused('InvalidGroup.NotFound'))
    expect(() => see('web')).toThrow(refused('InvalidGroupId.Malformed'))
  })

  test('stay while a rule of another group names them', () => {
    const { ec2, create } = world()
    const [balancer, tasks] = [create('balancer'), create('tasks')]
    const permission = { IpProtocol: 'tcp', FromPort: '80', ToPort: '80', Groups: [{ GroupId: balancer }] }
    ec2('AuthorizeSecurityGroupIngress', { GroupId: tasks, IpPermissions: [permission] })
    const remove = (GroupId: string) => ec2('DeleteSecurityGroup', { GroupId })
    expect(() => remove(balancer)).toThrow(`resource ${balancer} has a dependent object`)
    remove(tasks)
    remove(balancer)
    expect(ec2('DescribeSecurityGroups')).toEqual({ securityGroupInfo: [] })
    expect(ec2('DescribeSecurityGroupRules')).toEqual({ securityGroupRuleSet: [] })
  })

  test('stay while a load balancer or a task has them', () => {
    const { aws, ec2, create } = world()
    const [balancer, tasks] = [create('balancer'), create('tasks')]
    const made = aws.elb('CreateLoadBalancer', {
      Name: 'web',
      Subnets: ['subnet-a', 'subnet-b'],
      SecurityGroups: [balancer],
    })
    aws.service('web', {
      taskDefinition: aws.define('web:v1'),
      desiredCount: 1,
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'], securityGroups: [tasks] } },
    })
    aws.clock.advance(10_000)
    expect(interfacesOf(aws, balancer)).toEqual(['ELB app/web/', 'ELB app/web/'])
    expect(interfacesOf(aws, tasks)).toEqual(['arn:aws:ecs:'])
    for (const GroupId of [balancer, tasks]) {
      expect(() => ec2('DeleteSecurityGroup', { GroupId })).toThrow(refused('DependencyViolation'))
    }
    const [row] = made['LoadBalancers'] as { LoadBalancerArn: string }[]
    aws.elb('DeleteLoadBalancer', { LoadBalancerArn: row?.LoadBalancerArn })
    aws.ecs('DeleteService', { cluster: 'demo', service: 'web', force: true })
    aws.clock.advance(600_000)
    for (const GroupId of [balancer, tasks]) ec2('DeleteSecurityGroup', { GroupId })
    expect(ec2('DescribeNetworkInterfaces')).toEqual({ networkInterfaceSet: [] })
  })
})

/** What the interfaces with that group are for, without the ids. */
function interfacesOf(aws: EcsTestWorld, groupId: string): string[] {
  const output = aws.call('ec2', 'DescribeNetworkInterfaces', {
    Filter: [{ Name: 'group-id', Value: [groupId] }],
  })
  return (output['networkInterfaceSet'] as { description: string }[]).map(({ description }) =>
    description.slice(0, 12),
  )
}

describe('rules of security groups', () => {
  test('are shown one by one, and together as permissions', () => {
    const { ec2, create, see } = world()
    const GroupId = create('balancer')
    const IpRanges = [...WEB.IpRanges, { CidrIp: '192.0.2.0/24' }]
    const made = ec2('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [{ ...WEB, IpRanges }] })
    expect(made['securityGroupRuleSet']).toMatchObject([
      {
        groupId: GroupId,
        isEgress: false,
        ipProtocol: 'tcp',
        fromPort: 80,
        cidrIpv4: '10.0.0.0/8',
        description: 'us',
      },
      { groupId: GroupId, isEgress: false, ipProtocol: 'tcp', toPort: 80, cidrIpv4: '192.0.2.0/24' },
    ])
    expect(see(GroupId)).toMatchObject({
      ipPermissions: [
        { fromPort: 80, ipRanges: [{ cidrIp: '10.0.0.0/8', description: 'us' }, { cidrIp: '192.0.2.0/24' }] },
      ],
    })
  })

  test('are refused a second time in the words of AWS', () => {
    const { ec2, create } = world()
    const GroupId = create('balancer')
    const authorize = () => ec2('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [WEB] })
    authorize()
    expect(authorize).toThrow(
      'the specified rule "peer: 10.0.0.0/8, TCP, from port: 80, to port: 80, ALLOW" already exists',
    )
    expect(() => ec2('AuthorizeSecurityGroupEgress', { GroupId, IpPermissions: [EVERYWHERE] })).toThrow(
      'the specified rule "peer: 0.0.0.0/0, ALL, ALLOW" already exists',
    )
  })

  test.each([
    [{ FromPort: '' }, 'InvalidParameterValue'],
    [{ FromPort: '90' }, 'InvalidParameterValue'],
    [{ FromPort: 'x' }, 'InvalidParameterValue'],
    [{ IpProtocol: 'http' }, 'InvalidPermission.Malformed'],
    [{ IpRanges: [{ CidrIp: '10.0.0.0' }] }, 'InvalidParameterValue'],
    [{ Ipv6Ranges: [{ CidrIpv6: '::/129' }] }, 'InvalidParameterValue'],
    [{ Groups: [{ GroupId: 'web' }] }, 'InvalidGroupId.Malformed'],
  ])('are refused with %j', (change, code) => {
    const { ec2, create } = world()
    const IpPermissions = [{ ...WEB, ...change }]
    expect(() => ec2('AuthorizeSecurityGroupIngress', { GroupId: create('a'), IpPermissions })).toThrow(
      refused(code),
    )
  })

  test('are changed and revoked by their ids, but never into another kind', () => {
    const { ec2, create, ruleIds } = world()
    const GroupId = create('balancer')
    ec2('AuthorizeSecurityGroupIngress', { GroupId, IpPermissions: [WEB] })
    const [, id = ''] = ruleIds(GroupId)
    const change = (SecurityGroupRule: object) =>
      ec2('ModifySecurityGroupRules', {
        GroupId,
        SecurityGroupRule: [{ SecurityGroupRuleId: id, SecurityGroupRule }],
      })
    const ports = { IpProtocol: '6', FromPort: '443', ToPort: '443' }
    change({ ...ports, CidrIpv4: '10.0.0.0/8' })
    expect(ec2('DescribeSecurityGroupRules', { SecurityGroupRuleId: [id] })).toMatchObject({
      securityGroupRuleSet: [{ ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIpv4: '10.0.0.0/8' }],
    })
    expect(() => change({ ...ports, ReferencedGroupId: 'sg-1' })).toThrow(
      refused('InvalidParameterCombination'),
    )
    const revoke = () => ec2('RevokeSecurityGroupIngress', { GroupId, SecurityGroupRuleId: [id] })
    revoke()
    expect(revoke).toThrow(refused('InvalidSecurityGroupRuleId.NotFound'))
  })

  test('carry tags, which can be changed and asked for', () => {
    const { ec2, create, ruleIds } = world()
    const GroupId = create('balancer')
    const [id = ''] = ruleIds(GroupId)
    const team = { Key: 'team', Value: 'shop' }
    ec2('CreateTags', { ResourceId: [GroupId, id], Tag: [team, { Key: 'Name', Value: 'b' }] })
    ec2('DeleteTags', { ResourceId: [id], Tag: [{ Key: 'Name' }, { Key: 'team', Value: 'other' }] })
    expect(ec2('DescribeTags', { Filter: [{ Name: 'resource-id', Value: [id] }] })['tagSet']).toEqual([
      { resourceId: id, resourceType: 'security-group-rule', key: 'team', value: 'shop' },
    ])
    const tagged = ec2('DescribeSecurityGroups', { Filter: [{ Name: 'tag:team', Value: ['shop'] }] })
    expect(tagged['securityGroupInfo']).toMatchObject([{ groupId: GroupId }])
    expect(() => ec2('CreateTags', { ResourceId: ['sgr-1'], Tag: [team] })).toThrow(
      refused('InvalidSecurityGroupRuleId.NotFound'),
    )
  })
})
