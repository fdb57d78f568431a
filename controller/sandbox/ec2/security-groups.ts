import { AwsError } from '../kernel/error.ts'
import type { CallContext, Members, Operation } from '../kernel/operation.ts'
import { hexId } from '../kernel/random.ts'
import { present, texts } from '../members.ts'
import { pageOf } from '../paging.ts'
import { invalidValue, number, passes, required, tagFilter, tagsFor } from './input.ts'
import {
  groupOf,
  keyOf,
  rulesOf,
  type Ec2World,
  type SecurityGroup,
  type SecurityGroupRule,
} from './state.ts'

/** CreateSecurityGroup, DescribeSecurityGroups and DeleteSecurityGroup. */
export function securityGroupOperations(world: Ec2World): Record<string, Operation> {
  return {
    CreateSecurityGroup: {
      writes: true,
      bucket: 'other',
      handle: (input, context) => create(world, input, context),
    },
    DescribeSecurityGroups: {
      writes: false,
      bucket: 'other',
      handle: (input, context) => describe(world, input, context),
    },
    DeleteSecurityGroup: {
      writes: true,
      bucket: 'other',
      handle: (input, context) => remove(world, input, context),
    },
  }
}

/** A new group lets everything out, as in a VPC: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html */
function create(world: Ec2World, input: Members, context: CallContext): Members {
  const name = required(input, 'GroupName')
  const description = required(input, 'GroupDescription')
  const vpcId = required(input, 'VpcId')
  if (name.startsWith('sg-') || name.length > 255) throw invalidValue(`Invalid value '${name}' for groupName`)
  const { region, accountId } = context
  const isSame = (group: SecurityGroup) =>
    group.exists && group.region === region && group.vpcId === vpcId && group.name === name
  if (world.groups.list().some(isSame)) {
    throw new AwsError(
      'InvalidGroup.Duplicate',
      `The security group '${name}' already exists for VPC '${vpcId}'`,
    )
  }
  const groupId = `sg-${hexId(world.random, 17)}`
  world.groups.put(keyOf(groupId, context), { exists: true, groupId, region, name, description, vpcId })
  const ruleId = `sgr-${hexId(world.random, 17)}`
  const everything = { protocol: '-1', fromPort: -1, toPort: -1, peer: { cidrIpv4: '0.0.0.0/0' } }
  world.rules.put(keyOf(ruleId, context), { ...everything, ruleId, groupId, region, isEgress: true })
  const tags = tagsFor(input, 'security-group')
  if (tags.length > 0) world.tags.put(groupId, tags)
  return {
    return: true,
    groupId,
    tagSet: tags,
    securityGroupArn: `arn:aws:ec2:${region}:${accountId}:security-group/${groupId}`,
  }
}

/** Refused while another group's rule names it or a network interface has it. */
function remove(world: Ec2World, input: Members, context: CallContext): Members {
  const { groupId } = groupOf(world, world.groups, required(input, 'GroupId'), context)
  const isNamed = world.rules
    .list()
    .some(
      (rule) => rule.region === context.region && rule.groupId !== groupId && rule.peer.groupId === groupId,
    )
  if (isNamed || world.interfaces(context).some((one) => one.securityGroups.includes(groupId))) {
    throw new AwsError('DependencyViolation', `resource ${groupId} has a dependent object`)
  }
  for (const rule of rulesOf(world.rules, groupId, context)) {
    world.rules.delete(keyOf(rule.ruleId, context))
    world.tags.delete(rule.ruleId)
  }
  world.tags.delete(groupId)
  const nothing = { name: '', description: '', vpcId: '' }
  world.groups.put(keyOf(groupId, context), { ...nothing, exists: false, groupId, region: context.region })
  return { return: true, groupId }
}

function describe(world: Ec2World, input: Members, context: CallContext): Members {
  const view = context.read(world.groups)
  const ids = texts(input, 'GroupId')
  const known = view.list().filter((group) => group.exists && group.region === context.region)
  const chosen = ids.length > 0 ? ids.map((id) => groupOf(world, view, id, context)) : known
  const names = texts(input, 'GroupName')
  const found = chosen.filter(
    (group) =>
      (names.length === 0 || names.includes(group.name)) &&
      passes(input, (name) => {
        if (name === 'group-id') return [group.groupId]
        if (name === 'group-name') return [group.name]
        if (name === 'vpc-id') return [group.vpcId]
        if (name === 'description') return [group.description]
        return tagFilter(name, context.read(world.tags).get(group.groupId) ?? [])
      }),
  )
  const asked = { maxResults: number(input, 'MaxResults'), nextToken: input['NextToken'] }
  const { items, nextToken } = pageOf(found, asked, 1000)
  return present({ securityGroupInfo: items.map((group) => groupView(world, group, context)), nextToken })
}

function groupView(world: Ec2World, group: SecurityGroup, context: CallContext): Members {
  const { groupId } = group
  const rules = rulesOf(context.read(world.rules), groupId, context)
  const permissions = (isEgress: boolean) =>
    permissionsOf(
      rules.filter((rule) => rule.isEgress === isEgress),
      context,
    )
  return {
    ownerId: context.accountId,
    groupId,
    groupName: group.name,
    groupDescription: group.description,
    vpcId: group.vpcId,
    ipPermissions: permissions(false),
    ipPermissionsEgress: permissions(true),
    tagSet: context.read(world.tags).get(groupId) ?? [],
    securityGroupArn: `arn:aws:ec2:${context.region}:${context.accountId}:security-group/${groupId}`,
  }
}

/** Rules of one protocol and one span of ports are one permission with several peers. */
function permissionsOf(rules: readonly SecurityGroupRule[], context: CallContext): Members[] {
  const spans = Map.groupBy(rules, (rule) => `${rule.protocol} ${rule.fromPort} ${rule.toPort}`)
  return [...spans.values()].map((peers) => {
    const [first] = peers
    const isAll = first?.protocol === '-1'
    const list = (member: keyof SecurityGroupRule['peer'], name: string, more: Members = {}) =>
      peers
        .filter((rule) => rule.peer[member] !== undefined)
        .map((rule) => present({ ...more, [name]: rule.peer[member], description: rule.description }))
    return present({
      ipProtocol: first?.protocol,
      fromPort: isAll ? undefined : first?.fromPort,
      toPort: isAll ? undefined : first?.toPort,
      groups: list('groupId', 'groupId', { userId: context.accountId }),
      ipRanges: list('cidrIpv4', 'cidrIp'),
      ipv6Ranges: list('cidrIpv6', 'cidrIpv6'),
      prefixListIds: list('prefixListId', 'prefixListId'),
    })
  })
}
