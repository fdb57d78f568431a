import { isIPv4, isIPv6 } from 'node:net'
import { AwsError } from '../kernel/error.ts'
import type { Members } from '../kernel/operation.ts'
import { optionalRecords, optionalText } from '../members.ts'
import { invalidValue, number, required } from './input.ts'
import type { Peer, SecurityGroupRule } from './state.ts'

/** What a rule allows, without where it stands. */
export type Permission = Pick<SecurityGroupRule, 'protocol' | 'fromPort' | 'toPort' | 'peer' | 'description'>

/** The permissions of a request: one for each peer of each of its `IpPermissions`. */
export function readPermissions(input: Members): Permission[] {
  const given = optionalRecords(input, 'IpPermissions')
  if (given === undefined) {
    throw new AwsError('MissingParameter', 'Either ipPermissions or securityGroupRuleIds must be specified')
  }
  return given.flatMap((permission) => {
    const span = readSpan(permission)
    return peersOf(permission).map((peer) => ({ ...span, ...peer }))
  })
}

/** The permission of a ModifySecurityGroupRules request, which has exactly one peer under its own names. */
export function readRule(input: Members): Permission {
  const cidrIpv4 = optionalText(input, 'CidrIpv4')
  const cidrIpv6 = optionalText(input, 'CidrIpv6')
  const prefixListId = optionalText(input, 'PrefixListId')
  const groupId = optionalText(input, 'ReferencedGroupId')
  const peer: Peer = {
    ...(cidrIpv4 === undefined ? {} : { cidrIpv4: checkedIpv4(cidrIpv4) }),
    ...(cidrIpv6 === undefined ? {} : { cidrIpv6: checkedIpv6(cidrIpv6) }),
    ...(prefixListId === undefined ? {} : { prefixListId }),
    ...(groupId === undefined ? {} : { groupId }),
  }
  if (Object.keys(peer).length !== 1) {
    throw invalidValue('A security group rule must have exactly one source or destination')
  }
  return { ...readSpan(input), peer, ...descriptionOf(input) }
}

/** What makes a rule the same as another, and how AWS names it in its refusals. */
export function wordsOf({ peer, protocol, fromPort, toPort }: Permission): string {
  const whom = peer.cidrIpv4 ?? peer.cidrIpv6 ?? peer.prefixListId ?? peer.groupId ?? ''
  if (protocol === '-1') return `peer: ${whom}, ALL, ALLOW`
  return `peer: ${whom}, ${protocol.toUpperCase()}, from port: ${fromPort}, to port: ${toPort}, ALLOW`
}

const PROTOCOLS: Readonly<Record<string, string>> = {
  '1': 'icmp',
  '6': 'tcp',
  '17': 'udp',
  '58': 'icmpv6',
  all: '-1',
}

/** All protocols have all ports, whatever the request says of them. */
function readSpan(input: Members): { protocol: string; fromPort: number; toPort: number } {
  const given = required(input, 'IpProtocol').toLowerCase()
  const protocol = PROTOCOLS[given] ?? given
  if (!/^(-1|tcp|udp|icmp|icmpv6|\d{1,3})$/.test(protocol)) {
    throw new AwsError(
      'InvalidPermission.Malformed',
      `Unsupported IP protocol "${given}" - supported: [tcp, udp, icmp, -1]`,
    )
  }
  if (protocol === '-1') return { protocol, fromPort: -1, toPort: -1 }
  const fromPort = number(input, 'FromPort')
  const toPort = number(input, 'ToPort')
  if (protocol !== 'tcp' && protocol !== 'udp') {
    return { protocol, fromPort: fromPort ?? -1, toPort: toPort ?? -1 }
  }
  if (fromPort === undefined || toPort === undefined) {
    throw invalidValue('Invalid value for portRange. Must specify both from and to ports with TCP/UDP.')
  }
  if (fromPort < 0 || toPort > 65_535 || fromPort > toPort) {
    throw invalidValue(`Invalid TCP/UDP port range (${fromPort}:${toPort})`)
  }
  return { protocol, fromPort, toPort }
}

function peersOf(permission: Members): Pick<Permission, 'peer' | 'description'>[] {
  const peers = (member: string, read: (peer: Members) => Peer) =>
    (optionalRecords(permission, member) ?? []).map((peer) => ({ peer: read(peer), ...descriptionOf(peer) }))
  return [
    ...peers('IpRanges', (peer) => ({ cidrIpv4: checkedIpv4(required(peer, 'CidrIp')) })),
    ...peers('Ipv6Ranges', (peer) => ({ cidrIpv6: checkedIpv6(required(peer, 'CidrIpv6')) })),
    ...peers('PrefixListIds', (peer) => ({ prefixListId: required(peer, 'PrefixListId') })),
    ...peers('Groups', (peer) => ({ groupId: required(peer, 'GroupId') })),
  ]
}

function descriptionOf(input: Members): { description?: string } {
  const description = optionalText(input, 'Description') ?? ''
  return description === '' ? {} : { description }
}

/** A range as it was given: AWS would also set the bits behind the prefix to zero. */
function checkedIpv4(cidr: string): string {
  const [address = '', bits = ''] = cidr.split('/')
  if (isIPv4(address) && /^\d{1,2}$/.test(bits) && Number(bits) <= 32) return cidr
  throw invalidValue(`CIDR block ${cidr} is malformed`)
}

function checkedIpv6(cidr: string): string {
  const [address = '', bits = ''] = cidr.split('/')
  if (isIPv6(address) && /^\d{1,3}$/.test(bits) && Number(bits) <= 128) return cidr
  throw invalidValue(`CIDR block ${cidr} is malformed`)
}
