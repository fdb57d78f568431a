import type { Clock } from '../kernel/clock.ts'
import type { ServiceModel } from '../kernel/operation.ts'
import { Table } from '../kernel/table.ts'
import { interfaceOperations } from './interfaces.ts'
import { ruleOperations } from './rules.ts'
import { securityGroupOperations } from './security-groups.ts'
import type { Ec2World, SecurityGroup, SecurityGroupRule, Tag } from './state.ts'
import { taggedInEc2, tagOperations } from './tags.ts'

/**
 * EC2, as much of it as security groups need (API version 2016-11-15). Members carry EC2's own wire names, which the SDK
 * renames. VPCs and subnets are names that nobody looks up, and no packet is ever held back by a rule.
 */
export function createEc2Model(
  parts: { clock: Clock } & Pick<Ec2World, 'random' | 'strict' | 'interfaces'>,
): ServiceModel {
  const groups = new Table<SecurityGroup>(parts.clock)
  const rules = new Table<SecurityGroupRule>(parts.clock)
  const tags = new Table<readonly Tag[]>(parts.clock)
  const world: Ec2World = { ...parts, groups, rules, tags }
  return {
    service: 'ec2',
    operations: {
      ...securityGroupOperations(world),
      ...ruleOperations(world),
      ...interfaceOperations(world),
      ...tagOperations(world),
    },
    tagged: (context) => taggedInEc2(world, context),
    dump: () => ({ groups: groups.dump(), rules: rules.dump(), tags: tags.dump() }),
    load(state) {
      const rows = state as {
        groups: [string, SecurityGroup][]
        rules: [string, SecurityGroupRule][]
        tags: [string, readonly Tag[]][]
      }
      groups.load(rows.groups)
      rules.load(rows.rules)
      tags.load(rows.tags)
    },
  }
}
