import { AwsError } from '../kernel/error.ts'
import type { CallContext, Members, Operation } from '../kernel/operation.ts'
import { hexId } from '../kernel/random.ts'
import { optionalRecord, optionalRecords, present, texts } from '../members.ts'
import { pageOf } from '../paging.ts'
import { number, passes, required, tagFilter, tagsFor } from './input.ts'
import { readPermissions, readRule, wordsOf } from './permissions.ts'
import { groupOf, keyOf, rulesOf, type Ec2World, type SecurityGroupRule } from './state.ts'

/** Authorize and Revoke in both directions, DescribeSecurityGroupRules and ModifySecurityGroupRules. */
export function ruleOperations(world: Ec2World): Record<string, Operation> {
  const write = (handle: Operation['handle']): Operation => ({ writes: true, bucket: 'other', handle })
  return {
    AuthorizeSecurityGroupIngress: write((input, context) => authorize(world, input, context, false)),
    AuthorizeSecurityGroupEgress: write((input, context) => authorize(world, input, context, true)),
    RevokeSecurityGroupIngress: write((input, context) => revoke(world, input, context, false)),
    RevokeSecurityGroupEgress: write((input, context) => revoke(world, input, context, true)),
    ModifySecurityGroupRules: write((input, context) => modify(world, input, context)),
    DescribeSecurityGroupRules: {
      writes: false,
      bucket: 'other',
      handle: (input, context) => describe(world, input, context),
    },
  }
}

function authorize(world: Ec2World, input: Members, context: CallContext, isEgress: boolean): Members {
  const group = groupOf(world, world.groups, required(input, 'GroupId'), context)
  const standing = rulesOf(world.rules, group.groupId, context).filter((rule) => rule.isEgress === isEgress)
  const known = new Set(standing.map(wordsOf))
  const permissions = readPermissions(input)
  for (const permission of permissions) {
    const words = wordsOf(permission)
    if (known.has(words)) {
      throw new AwsError('InvalidPermission.Duplicate', `the specified rule "${words}" already exists`)
    }
    known.add(words)
    if (permission.peer.groupId !== undefined) groupOf(world, world.groups, permission.peer.groupId, context)
  }
  world.groups.put(keyOf(group.groupId, context), group)
  const tags = tagsFor(input, 'security-group-rule')
  const made = permissions.map((permission): SecurityGroupRule => {
    const ruleId = `sgr-${hexId(world.random, 17)}`
    const rule = { ...permission, ruleId, groupId: group.groupId, region: context.region, isEgress }
    world.rules.put(keyOf(ruleId, context), rule)
    if (tags.length > 0) world.tags.put(ruleId, tags)
    return rule
  })
  return { return: true, securityGroupRuleSet: made.map((rule) => ruleView(world, rule, context)) }
}

/** By the rules' ids, or by what they allow: a permission that does not stand is an error, as in a VPC of one's own. */
function revoke(world: Ec2World, input: Members, context: CallContext, isEgress: boolean): Members {
  const group = groupOf(world, world.groups, required(input, 'GroupId'), context)
  const standing = rulesOf(world.rules, group.groupId, context).filter((rule) => rule.isEgress === isEgress)
  const ids = texts(input, 'SecurityGroupRuleId')
  const gone = ids.length > 0 ? ids.map((id) => byId(standing, id)) : byPermission(standing, input)
  for (const rule of gone) {
    world.rules.delete(keyOf(rule.ruleId, context))
    world.tags.delete(rule.ruleId)
  }
  return { return: true, unknownIpPermissionSet: [] }
}

function byPermission(standing: readonly SecurityGroupRule[], input: Members): SecurityGroupRule[] {
  return readPermissions(input).map((permission) => {
    const rule = standing.find((one) => wordsOf(one) === wordsOf(permission))
    if (rule !== undefined) return rule
    throw new AwsError(
      'InvalidPermission.NotFound',
      'The specified rule does not exist in this security group.',
    )
  })
}

function byId(rules: readonly SecurityGroupRule[], id: string): SecurityGroupRule {
  const rule = rules.find((one) => one.ruleId === id)
  if (rule !== undefined) return rule
  throw new AwsError(
    'InvalidSecurityGroupRuleId.NotFound',
    `The security group rule ID '${id}' does not exist`,
  )
}

/** The kind of a rule's peer stays what it was: AWS lets nobody change a range into a group. */
function modify(world: Ec2World, input: Members, context: CallContext): Members {
  const group = groupOf(world, world.groups, required(input, 'GroupId'), context)
  const standing = rulesOf(world.rules, group.groupId, context)
  const changes = (optionalRecords(input, 'SecurityGroupRule') ?? []).map((change) => {
    const rule = byId(standing, required(change, 'SecurityGroupRuleId'))
    const permission = readRule(optionalRecord(change, 'SecurityGroupRule') ?? {})
    if (Object.keys(permission.peer).join() !== Object.keys(rule.peer).join()) {
      throw new AwsError('InvalidParameterCombination', 'You may not change the type of a rule’s source')
    }
    const { description: _description, ...rest } = rule
    return { ...rest, ...permission }
  })
  for (const rule of changes) world.rules.put(keyOf(rule.ruleId, context), rule)
  return { return: true }
}

function describe(world: Ec2World, input: Members, context: CallContext): Members {
  const rules = context.read(world.rules).list()
  const inRegion = rules.filter((rule) => rule.region === context.region)
  const ids = texts(input, 'SecurityGroupRuleId')
  const chosen = ids.length > 0 ? ids.map((id) => byId(inRegion, id)) : inRegion
  const found = chosen.filter((rule) =>
    passes(input, (name) => {
      if (name === 'group-id') return [rule.groupId]
      if (name === 'security-group-rule-id') return [rule.ruleId]
      return tagFilter(name, context.read(world.tags).get(rule.ruleId) ?? [])
    }),
  )
  const asked = { maxResults: number(input, 'MaxResults'), nextToken: input['NextToken'] }
  const { items, nextToken } = pageOf(found, asked, 1000)
  return present({ securityGroupRuleSet: items.map((rule) => ruleView(world, rule, context)), nextToken })
}

function ruleView(world: Ec2World, rule: SecurityGroupRule, context: CallContext): Members {
  const { accountId, region } = context
  const { cidrIpv4, cidrIpv6, prefixListId, groupId } = rule.peer
  return present({
    securityGroupRuleId: rule.ruleId,
    securityGroupRuleArn: `arn:aws:ec2:${region}:${accountId}:security-group-rule/${rule.ruleId}`,
    groupId: rule.groupId,
    groupOwnerId: accountId,
    isEgress: rule.isEgress,
    ipProtocol: rule.protocol,
    fromPort: rule.fromPort,
    toPort: rule.toPort,
    cidrIpv4,
    cidrIpv6,
    prefixListId,
    referencedGroupInfo: groupId === undefined ? undefined : { groupId, userId: accountId },
    description: rule.description,
    tagSet: context.read(world.tags).get(rule.ruleId) ?? [],
  })
}
