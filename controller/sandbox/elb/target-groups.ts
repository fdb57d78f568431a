import { AwsError, validationError } from '../kernel/error.ts'
import type { CallContext, Members, Operation } from '../kernel/operation.ts'
import { regionOf, targetGroupArn } from './arn.ts'
import { associations } from './associations.ts'
import { defaultTargetGroupAttributes } from './attributes.ts'
import { describing, found, modifying, page } from './describe.ts'
import { readHealthCheck, showHealthCheck } from './health-check-settings.ts'
import { integer, oneOf, requiredText, text, texts } from './input.ts'
import type { ElbParts, TargetGroup } from './state.ts'
import { tagsOf } from './tags.ts'

const PER_REGION = 3000
const PROTOCOLS = ['HTTP', 'HTTPS', 'TCP', 'TLS', 'UDP', 'TCP_UDP', 'GENEVE'] as const

/** The operations on target groups themselves. */
export function targetGroupOperations(elb: ElbParts): Record<string, Operation> {
  return {
    CreateTargetGroup: modifying((input, context) => {
      const group = create(elb, input, context)
      return { TargetGroups: [show(group, associations(elb.tables))] }
    }),
    DescribeTargetGroups: describing((input, context) => describe(elb, input, context)),
    ModifyTargetGroup: modifying((input) => {
      const existing = found(elb.tables.targetGroups, requiredText(input, 'TargetGroupArn'), 'targetGroup')
      const changed = { ...existing, healthCheck: readHealthCheck(input, existing) }
      elb.tables.targetGroups.put(existing.arn, changed)
      return { TargetGroups: [show(changed, associations(elb.tables))] }
    }),
    DeleteTargetGroup: modifying((input) => remove(elb, requiredText(input, 'TargetGroupArn'))),
  }
}

function create(elb: ElbParts, input: Members, context: CallContext): TargetGroup {
  const name = checkedName(requiredText(input, 'Name'))
  const { targetGroups } = elb.tables
  const tags = tagsOf(input)
  const drafted = draft(elb, input, { name, context })
  const inRegion = targetGroups.list().filter((row) => regionOf(row.arn) === context.region)
  const twin = inRegion.find((row) => row.name === name)
  if (twin !== undefined) {
    if (sameSettings(twin, drafted)) return twin
    throw new AwsError(
      'DuplicateTargetGroupName',
      `A target group with the same name '${name}' exists, but with different settings`,
    )
  }
  if (inRegion.length >= PER_REGION) {
    throw new AwsError('TooManyTargetGroups', 'The maximum number of target groups has been reached')
  }
  targetGroups.put(drafted.arn, drafted)
  elb.tables.tags.put(drafted.arn, tags)
  return drafted
}

function draft(
  elb: ElbParts,
  input: Members,
  { name, context }: { name: string; context: CallContext },
): TargetGroup {
  const targetType = oneOf(input, 'TargetType', ['instance', 'ip', 'lambda', 'alb'] as const) ?? 'instance'
  const protocol = oneOf(input, 'Protocol', PROTOCOLS)
  const port = integer(input, 'Port', { min: 1, max: 65_535 })
  const vpcId = text(input, 'VpcId')
  if (targetType !== 'lambda') {
    if (protocol === undefined) throw validationError('A protocol must be specified')
    if (port === undefined) throw validationError('A port must be specified')
    if (vpcId === undefined || vpcId === '') throw validationError('A VPC ID must be specified')
  }
  const http = protocol === 'HTTP' || protocol === 'HTTPS'
  const base = {
    name,
    protocol,
    port,
    vpcId,
    targetType,
    protocolVersion: http
      ? (oneOf(input, 'ProtocolVersion', ['HTTP1', 'HTTP2', 'GRPC'] as const) ?? 'HTTP1')
      : undefined,
    ipAddressType: oneOf(input, 'IpAddressType', ['ipv4', 'ipv6'] as const) ?? 'ipv4',
    attributes: defaultTargetGroupAttributes({ protocol, targetType }),
  }
  const healthCheck = readHealthCheck(input, base)
  return { arn: targetGroupArn(context, elb.random, name), ...base, healthCheck }
}

function describe(elb: ElbParts, input: Members, context: CallContext): Members {
  const rows = context.read(elb.tables.targetGroups)
  const used = associations({
    listeners: context.read(elb.tables.listeners),
    rules: context.read(elb.tables.rules),
  })
  const shown = (group: TargetGroup) => show(group, used)
  const arns = texts(input, 'TargetGroupArns')
  if (arns.length > 0)
    return page(
      arns.map((arn) => found(rows, arn, 'targetGroup')),
      input,
      shown,
      'TargetGroups',
    )
  const inRegion = rows.list().filter((row) => regionOf(row.arn) === context.region)
  const names = texts(input, 'Names')
  if (names.some((name) => !inRegion.some((row) => row.name === name))) {
    throw new AwsError('TargetGroupNotFound', 'One or more target groups not found')
  }
  if (names.length > 0)
    return page(
      inRegion.filter((row) => names.includes(row.name)),
      input,
      shown,
      'TargetGroups',
    )
  const ofBalancer = text(input, 'LoadBalancerArn')
  if (ofBalancer === undefined) return page(inRegion, input, shown, 'TargetGroups')
  found(context.read(elb.tables.loadBalancers), ofBalancer, 'loadBalancer')
  return page(
    inRegion.filter((row) => used.get(row.arn)?.has(ofBalancer) ?? false),
    input,
    shown,
    'TargetGroups',
  )
}

function remove(elb: ElbParts, arn: string): Members {
  const group = elb.tables.targetGroups.get(arn)
  if (group === undefined) {
    found(elb.tables.targetGroups, arn, 'targetGroup')
    return {}
  }
  if ((associations(elb.tables).get(arn)?.size ?? 0) > 0) {
    throw new AwsError('ResourceInUse', `Target group '${arn}' is currently in use by a listener or a rule`)
  }
  for (const target of elb.tables.targets.list()) {
    if (target.targetGroupArn === arn) elb.deregister(group, target)
  }
  elb.tables.targetGroups.delete(arn)
  elb.tables.tags.delete(arn)
  return {}
}

function show(group: TargetGroup, used: ReadonlyMap<string, ReadonlySet<string>>): Members {
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    Protocol: group.protocol,
    Port: group.port,
    VpcId: group.vpcId,
    ...showHealthCheck(group.healthCheck),
    LoadBalancerArns: [...(used.get(group.arn) ?? [])],
    TargetType: group.targetType,
    ProtocolVersion: group.protocolVersion,
    IpAddressType: group.targetType === 'lambda' ? undefined : group.ipAddressType,
  }
}

function sameSettings(left: TargetGroup, right: TargetGroup): boolean {
  const settings = ({ arn: _arn, attributes: _attributes, ...rest }: TargetGroup) => JSON.stringify(rest)
  return settings(left) === settings(right)
}

function checkedName(name: string): string {
  if (name.length > 32)
    throw validationError(`Target group name '${name}' cannot be longer than '32' characters`)
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/.test(name)) {
    throw validationError(
      `Target group name '${name}' can only contain characters that are alphanumeric characters and hyphens(-)`,
    )
  }
  return name
}
