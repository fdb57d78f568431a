import { AwsError } from '../kernel/error.ts'
import type { CallContext } from '../kernel/operation.ts'
import type { NetworkInterface } from '../kernel/ports-between.ts'
import type { Random } from '../kernel/random.ts'
import type { Table, TableView } from '../kernel/table.ts'

export interface Tag {
  readonly key: string
  readonly value: string
}

/** A security group that somebody created or changed; `exists: false` stays where one was deleted. */
export interface SecurityGroup {
  readonly exists: boolean
  readonly groupId: string
  readonly region: string
  readonly name: string
  readonly description: string
  readonly vpcId: string
}

/** One rule with one peer, as AWS keeps them since 2021. */
export interface SecurityGroupRule {
  readonly ruleId: string
  readonly groupId: string
  readonly region: string
  readonly isEgress: boolean
  /** `tcp`, `udp`, `icmp`, `icmpv6`, another protocol's number, or `-1` for all. */
  readonly protocol: string
  readonly fromPort: number
  readonly toPort: number
  readonly peer: Peer
  readonly description?: string
}

/** Whom a rule is about: exactly one of them. */
export interface Peer {
  readonly cidrIpv4?: string
  readonly cidrIpv6?: string
  readonly prefixListId?: string
  readonly groupId?: string
}

/** What EC2 is made of. */
export interface Ec2World {
  readonly groups: Table<SecurityGroup>
  readonly rules: Table<SecurityGroupRule>
  /** By resource id. */
  readonly tags: Table<readonly Tag[]>
  readonly random: Random
  /** True: a security group must have been created before it is named. */
  readonly strict: boolean
  /** The network interfaces that load balancers and tasks hold now, in a region. */
  readonly interfaces: (context: CallContext) => readonly NetworkInterface[]
}

/** Rows of two regions are two. */
export function keyOf(id: string, context: CallContext): string {
  return `${context.region}/${id}`
}

/** The security group of that id; one that nobody created is there when it is named, unless the sandbox is strict. */
export function groupOf(
  world: Ec2World,
  view: TableView<SecurityGroup>,
  groupId: string,
  context: CallContext,
): SecurityGroup {
  if (!groupId.startsWith('sg-')) throw new AwsError('InvalidGroupId.Malformed', `Invalid id: "${groupId}"`)
  const known = view.get(keyOf(groupId, context))
  if (known?.exists === true) return known
  if (known !== undefined || world.strict) {
    throw new AwsError('InvalidGroup.NotFound', `The security group '${groupId}' does not exist`)
  }
  const { region } = context
  const name = `named-${groupId}`
  return { exists: true, groupId, region, name, description: name, vpcId: 'vpc-00000000000000000' }
}

/** The rules of a group, in the order in which they were made. */
export function rulesOf(
  rules: TableView<SecurityGroupRule>,
  groupId: string,
  context: CallContext,
): SecurityGroupRule[] {
  return rules.list().filter((rule) => rule.groupId === groupId && rule.region === context.region)
}
