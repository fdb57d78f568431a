import { AwsError, validationError } from '../kernel/error.ts'
import { timestamp, type CallContext, type Members, type Operation } from '../kernel/operation.ts'
import { hexId } from '../kernel/random.ts'
import { kindOf, loadBalancerArn, regionOf } from './arn.ts'
import { defaultLoadBalancerAttributes } from './attributes.ts'
import { describing, found, modifying, page } from './describe.ts'
import { oneOf, requiredText, structures, texts } from './input.ts'
import { dropListener } from './listeners.ts'
import type { ElbParts, LoadBalancer } from './state.ts'
import { tagsOf } from './tags.ts'

/** How long AWS "provisions" a new load balancer here; real ones take about two minutes. */
const PROVISIONING_MS = 1000
const PER_REGION = 50
/** The hosted zone of application load balancers in eu-west-1; any will do for an alias record. */
const HOSTED_ZONE_ID = 'Z32O12XQLNTSW2'
const ADDRESS_TYPES = ['ipv4', 'dualstack', 'dualstack-without-public-ipv4'] as const

/** The operations on load balancers themselves. */
export function loadBalancerOperations(elb: ElbParts): Record<string, Operation> {
  return {
    CreateLoadBalancer: modifying((input, context) => ({
      LoadBalancers: [show(create(elb, input, context))],
    })),
    DescribeLoadBalancers: describing((input, context) => describe(elb, input, context)),
    DeleteLoadBalancer: modifying((input) => remove(elb, requiredText(input, 'LoadBalancerArn'))),
    SetSubnets: modifying((input) => {
      const changed = change(elb, input, (existing) => ({
        ...existing,
        zones: zonesOf(input, regionOf(existing.arn)),
      }))
      return { AvailabilityZones: changed.zones.map(showZone), IpAddressType: changed.ipAddressType }
    }),
    SetSecurityGroups: modifying((input) => {
      const changed = change(elb, input, (existing) => ({
        ...existing,
        securityGroups: texts(input, 'SecurityGroups'),
      }))
      return { SecurityGroupIds: changed.securityGroups }
    }),
    SetIpAddressType: modifying((input) => {
      const type = oneOf(input, 'IpAddressType', ADDRESS_TYPES) ?? 'ipv4'
      return {
        IpAddressType: change(elb, input, (existing) => ({ ...existing, ipAddressType: type })).ipAddressType,
      }
    }),
  }
}

function create(elb: ElbParts, input: Members, context: CallContext): LoadBalancer {
  const name = checkedName(requiredText(input, 'Name'))
  const { loadBalancers } = elb.tables
  const inRegion = loadBalancers.list().filter((existing) => regionOf(existing.arn) === context.region)
  const tags = tagsOf(input)
  const drafted = draft(elb, input, { name, context })
  const twin = inRegion.find((existing) => existing.name === name)
  if (twin !== undefined) {
    if (sameSettings(twin, drafted)) return twin
    throw new AwsError(
      'DuplicateLoadBalancerName',
      `A load balancer with the same name '${name}' exists, but with different settings`,
    )
  }
  if (inRegion.length >= PER_REGION) {
    throw new AwsError('TooManyLoadBalancers', 'The maximum number of load balancers has been reached')
  }
  loadBalancers.put(drafted.arn, drafted)
  elb.tables.tags.put(drafted.arn, tags)
  activateLater(elb, drafted.arn)
  return drafted
}

/** Lets a provisioning load balancer become active; called again after a restored state. */
export function activateLater(elb: Pick<ElbParts, 'clock' | 'tables'>, arn: string): void {
  elb.clock.setTimer(PROVISIONING_MS, () => {
    const existing = elb.tables.loadBalancers.get(arn)
    if (existing?.state === 'provisioning')
      elb.tables.loadBalancers.put(arn, { ...existing, state: 'active' })
  })
}

function checkedZones(zones: LoadBalancer['zones'], type: LoadBalancer['type']): LoadBalancer['zones'] {
  if (type === 'application' && zones.length < 2) {
    throw validationError('At least two subnets in two different Availability Zones must be specified')
  }
  return zones
}

function draft(
  elb: ElbParts,
  input: Members,
  { name, context }: { name: string; context: CallContext },
): LoadBalancer {
  const type = oneOf(input, 'Type', ['application', 'network', 'gateway'] as const) ?? 'application'
  const scheme = oneOf(input, 'Scheme', ['internet-facing', 'internal'] as const) ?? 'internet-facing'
  const arn = loadBalancerArn(context, elb.random, { name, type })
  const host = `${name}-${String(Math.floor(elb.random.next() * 1_000_000_000)).padStart(9, '0')}`
  const groups = texts(input, 'SecurityGroups')
  return {
    arn,
    name,
    dnsName: `${scheme === 'internal' ? 'internal-' : ''}${host}.${context.region}.elb.amazonaws.com`,
    scheme,
    type,
    vpcId: `vpc-${hexId(elb.random, 17)}`,
    zones: checkedZones(zonesOf(input, context.region), type),
    securityGroups: groups.length > 0 || type !== 'application' ? groups : [`sg-${hexId(elb.random, 17)}`],
    ipAddressType: oneOf(input, 'IpAddressType', ADDRESS_TYPES) ?? 'ipv4',
    createdAt: context.now,
    state: 'provisioning',
    attributes: defaultLoadBalancerAttributes(type),
  }
}

function describe(elb: ElbParts, input: Members, context: CallContext): Members {
  const rows = context.read(elb.tables.loadBalancers)
  const arns = texts(input, 'LoadBalancerArns')
  const names = texts(input, 'Names')
  if (arns.length > 0)
    return page(
      arns.map((arn) => found(rows, arn, 'loadBalancer')),
      input,
      show,
      'LoadBalancers',
    )
  const inRegion = rows.list().filter((row) => regionOf(row.arn) === context.region)
  const missing = names.filter((name) => !inRegion.some((row) => row.name === name))
  if (missing.length > 0) {
    throw new AwsError('LoadBalancerNotFound', `Load balancers '[${missing.join(', ')}]' not found`)
  }
  const chosen = names.length > 0 ? inRegion.filter((row) => names.includes(row.name)) : inRegion
  return page(chosen, input, show, 'LoadBalancers')
}

function remove(elb: ElbParts, arn: string): Members {
  if (kindOf(arn) !== 'loadBalancer') throw validationError(`'${arn}' is not a valid load balancer ARN`)
  const existing = elb.tables.loadBalancers.get(arn)
  if (existing === undefined) return {}
  if (existing.attributes['deletion_protection.enabled'] === 'true') {
    throw new AwsError(
      'OperationNotPermitted',
      `Load balancer '${arn}' cannot be deleted because deletion protection is enabled`,
    )
  }
  for (const listener of elb.tables.listeners.list()) {
    if (listener.loadBalancerArn === arn) dropListener(elb, listener)
  }
  elb.tables.loadBalancers.delete(arn)
  elb.tables.tags.delete(arn)
  elb.associationsChanged()
  elb.listenersChanged()
  return {}
}

function change(elb: ElbParts, input: Members, edit: (existing: LoadBalancer) => LoadBalancer): LoadBalancer {
  const existing = found(elb.tables.loadBalancers, requiredText(input, 'LoadBalancerArn'), 'loadBalancer')
  const changed = edit(existing)
  elb.tables.loadBalancers.put(existing.arn, changed)
  return changed
}

function show(row: LoadBalancer): Members {
  return {
    LoadBalancerArn: row.arn,
    DNSName: row.dnsName,
    CanonicalHostedZoneId: HOSTED_ZONE_ID,
    CreatedTime: timestamp(row.createdAt),
    LoadBalancerName: row.name,
    Scheme: row.scheme,
    VpcId: row.vpcId,
    State: { Code: row.state },
    Type: row.type,
    AvailabilityZones: row.zones.map(showZone),
    SecurityGroups: row.securityGroups,
    IpAddressType: row.ipAddressType,
    EnablePrefixForIpv6SourceNat: row.type === 'network' ? 'off' : undefined,
  }
}

function showZone(zone: LoadBalancer['zones'][number]): Members {
  return { ZoneName: zone.zoneName, SubnetId: zone.subnetId, LoadBalancerAddresses: [] }
}

/** Subnets are accepted by name; each gets a zone of its own, as AWS demands. */
function zonesOf(input: Members, region: string): LoadBalancer['zones'] {
  const mapped = structures(input, 'SubnetMappings').map((mapping) => requiredText(mapping, 'SubnetId'))
  const subnets = [...texts(input, 'Subnets'), ...mapped]
  if (subnets.length === 0) throw validationError('At least one subnet must be specified')
  return subnets.map((subnetId, index) => ({ subnetId, zoneName: `${region}${'abc'[index % 3] ?? 'a'}` }))
}

function sameSettings(left: LoadBalancer, right: LoadBalancer): boolean {
  const subnets = (row: LoadBalancer) =>
    row.zones
      .map((zone) => zone.subnetId)
      .toSorted()
      .join()
  return left.type === right.type && left.scheme === right.scheme && subnets(left) === subnets(right)
}

function checkedName(name: string): string {
  if (name.length > 32)
    throw validationError(`The load balancer name '${name}' cannot be longer than '32' characters`)
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/.test(name) || name.startsWith('internal-')) {
    throw validationError(
      `The load balancer name '${name}' can only contain characters that are alphanumeric characters and hyphens(-), and can't begin with 'internal-'`,
    )
  }
  return name
}
