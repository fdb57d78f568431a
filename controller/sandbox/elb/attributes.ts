import { validationError } from '../kernel/error.ts'
import type { Members, Operation } from '../kernel/operation.ts'
import type { Table } from '../kernel/table.ts'
import { checkedArn, type ResourceKind } from './arn.ts'
import { describing, found, modifying } from './describe.ts'
import { requiredText, structures, text } from './input.ts'
import type { Attributes, ElbParts, LoadBalancer, TargetGroup } from './state.ts'

/** The operations on attributes of load balancers, target groups and listeners. */
export function attributeOperations(elb: ElbParts): Record<string, Operation> {
  const { loadBalancers, targetGroups, listeners } = elb.tables
  return {
    ...pair('LoadBalancer', 'loadBalancer', loadBalancers),
    ...pair('TargetGroup', 'targetGroup', targetGroups),
    ...pair('Listener', 'listener', listeners),
  }
}

/** Every attribute that AWS returns for a new load balancer of the type. */
export function defaultLoadBalancerAttributes(type: LoadBalancer['type']): Attributes {
  const all = {
    'access_logs.s3.enabled': 'false',
    'access_logs.s3.bucket': '',
    'access_logs.s3.prefix': '',
    'deletion_protection.enabled': 'false',
    'load_balancing.cross_zone.enabled': type === 'application' ? 'true' : 'false',
    'zonal_shift.config.enabled': 'false',
  }
  if (type === 'network') {
    return {
      ...all,
      'ipv6.deny_all_igw_traffic': 'false',
      'dns_record.client_routing_policy': 'any_availability_zone',
    }
  }
  if (type === 'gateway') return all
  return {
    ...all,
    'idle_timeout.timeout_seconds': '60',
    'client_keep_alive.seconds': '3600',
    'connection_logs.s3.enabled': 'false',
    'connection_logs.s3.bucket': '',
    'connection_logs.s3.prefix': '',
    'ipv6.deny_all_igw_traffic': 'false',
    'routing.http.desync_mitigation_mode': 'defensive',
    'routing.http.drop_invalid_header_fields.enabled': 'false',
    'routing.http.preserve_host_header.enabled': 'false',
    'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': 'false',
    'routing.http.xff_client_port.enabled': 'false',
    'routing.http.xff_header_processing.mode': 'append',
    'routing.http2.enabled': 'true',
    'waf.fail_open.enabled': 'false',
  }
}

/** Every attribute that AWS returns for a new target group of the protocol. */
export function defaultTargetGroupAttributes(
  group: Pick<TargetGroup, 'protocol' | 'targetType'>,
): Attributes {
  if (group.targetType === 'lambda') return { 'lambda.multi_value_headers.enabled': 'false' }
  const all = {
    'deregistration_delay.timeout_seconds': '300',
    'stickiness.enabled': 'false',
    'load_balancing.cross_zone.enabled': 'use_load_balancer_configuration',
    'target_group_health.dns_failover.minimum_healthy_targets.count': '1',
    'target_group_health.dns_failover.minimum_healthy_targets.percentage': 'off',
    'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '1',
    'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': 'off',
  }
  if (group.protocol !== 'HTTP' && group.protocol !== 'HTTPS') {
    return {
      ...all,
      'stickiness.type': 'source_ip',
      'deregistration_delay.connection_termination.enabled': 'false',
      'preserve_client_ip.enabled': group.targetType === 'ip' ? 'false' : 'true',
      'proxy_protocol_v2.enabled': 'false',
      'target_health_state.unhealthy.connection_termination.enabled': 'true',
      'target_health_state.unhealthy.draining_interval_seconds': '0',
    }
  }
  return {
    ...all,
    'stickiness.type': 'lb_cookie',
    'stickiness.lb_cookie.duration_seconds': '86400',
    'stickiness.app_cookie.cookie_name': '',
    'stickiness.app_cookie.duration_seconds': '86400',
    'slow_start.duration_seconds': '0',
    'load_balancing.algorithm.type': 'round_robin',
    'load_balancing.algorithm.anomaly_mitigation': 'off',
  }
}

/** Every attribute that AWS returns for a new listener of the protocol. */
export function defaultListenerAttributes(protocol: string): Attributes {
  if (protocol === 'TCP') return { 'tcp.idle_timeout.seconds': '350' }
  if (protocol !== 'HTTP' && protocol !== 'HTTPS') return {}
  const response = 'routing.http.response'
  return {
    [`${response}.server.enabled`]: 'true',
    [`${response}.strict_transport_security.header_value`]: '',
    [`${response}.access_control_allow_origin.header_value`]: '',
    [`${response}.access_control_allow_methods.header_value`]: '',
    [`${response}.access_control_allow_headers.header_value`]: '',
    [`${response}.access_control_allow_credentials.header_value`]: '',
    [`${response}.access_control_expose_headers.header_value`]: '',
    [`${response}.access_control_max_age.header_value`]: '',
    [`${response}.content_security_policy.header_value`]: '',
    [`${response}.x_content_type_options.header_value`]: '',
    [`${response}.x_frame_options.header_value`]: '',
    ...(protocol === 'HTTPS' ? mutualTlsHeaders() : {}),
  }
}

function mutualTlsHeaders(): Attributes {
  const names = ['_serial_number', '_issuer', '_subject', '_validity', '_leaf', '']
  const certificate = names.map((name): [string, string] => [
    `routing.http.request.x_amzn_mtls_clientcert${name}.header_name`,
    `X-Amzn-Mtls-Clientcert${name
      .split('_')
      .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
      .join('-')}`,
  ])
  return {
    ...Object.fromEntries(certificate),
    'routing.http.request.x_amzn_tls_version.header_name': 'X-Amzn-Tls-Version',
    'routing.http.request.x_amzn_tls_cipher_suite.header_name': 'X-Amzn-Tls-Cipher-Suite',
  }
}

function pair<T extends { readonly arn: string; readonly attributes: Attributes }>(
  noun: string,
  kind: ResourceKind,
  table: Table<T>,
): Record<string, Operation> {
  return {
    [`Describe${noun}Attributes`]: describing((input, context) => {
      const row = found(context.read(table), requiredText(input, `${noun}Arn`), kind)
      return { Attributes: show(row.attributes) }
    }),
    [`Modify${noun}Attributes`]: modifying((input) => {
      const arn = checkedArn(requiredText(input, `${noun}Arn`), kind)
      const row = found(table, arn, kind)
      const attributes = { ...row.attributes, ...readAttributes(input, row.attributes) }
      table.put(arn, { ...row, attributes })
      return { Attributes: show(attributes) }
    }),
  }
}

/** Bounds of the attributes that change what the sandbox does. */
const BOUNDS: Record<string, { min: number; max: number }> = {
  'deregistration_delay.timeout_seconds': { min: 0, max: 3600 },
  'idle_timeout.timeout_seconds': { min: 1, max: 4000 },
  'stickiness.lb_cookie.duration_seconds': { min: 1, max: 604_800 },
  'stickiness.app_cookie.duration_seconds': { min: 1, max: 604_800 },
}

function readAttributes(input: Members, known: Attributes): Attributes {
  const given = structures(input, 'Attributes').map((item): [string, string] => [
    requiredText(item, 'Key'),
    text(item, 'Value') ?? '',
  ])
  for (const [key, value] of given) {
    const bounds = BOUNDS[key]
    const number = Number(value)
    if (known[key] === undefined && !key.startsWith('health_check_logs.s3.')) {
      throw validationError(`Attribute key '${key}' is not recognized`)
    }
    const slowStartOutside =
      key === 'slow_start.duration_seconds' && number !== 0 && !(number >= 30 && number <= 900)
    const outside =
      bounds !== undefined && !(Number.isInteger(number) && number >= bounds.min && number <= bounds.max)
    if (slowStartOutside || outside)
      throw validationError(`Attribute value '${value}' of '${key}' is out of bounds`)
    if (key.endsWith('.enabled') && known[key] !== undefined && !isFlag(value)) {
      throw validationError(`Attribute value '${value}' of '${key}' must be true or false`)
    }
  }
  return Object.fromEntries(given)
}

function isFlag(value: string): boolean {
  return ['true', 'false', 'use_load_balancer_configuration'].includes(value)
}

function show(attributes: Attributes): Members[] {
  return Object.entries(attributes).map(([key, value]) => ({ Key: key, Value: value }))
}
