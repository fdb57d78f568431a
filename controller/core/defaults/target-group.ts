import type { DefaultRow, ObjectShape } from './shape.ts'
import { boolean, defaulting, enumeration, number, object, text } from './shape.ts'

const create =
  'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html'
const attribute =
  'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html'

const byTarget = (lambda: number, others: number): readonly DefaultRow[] => [
  { value: lambda, when: { member: 'TargetType', isOneOf: ['lambda'] }, source: create },
  { value: others, source: create },
]

/** How Elastic Load Balancing reads a target group of an application load balancer; what is not named is not compared. */
export const targetGroupShape: ObjectShape = {
  ...object({
    TargetGroupName: text,
    Protocol: enumeration,
    ProtocolVersion: defaulting(enumeration, 'HTTP1', create),
    Port: number,
    VpcId: text,
    TargetType: defaulting(enumeration, 'instance', create),
    IpAddressType: defaulting(enumeration, 'ipv4', create),
    HealthCheckEnabled: {
      ...boolean,
      defaults: [
        { value: false, when: { member: 'TargetType', isOneOf: ['lambda'] }, source: create },
        { value: true, source: create },
      ],
    },
    HealthCheckProtocol: defaulting(enumeration, 'HTTP', create),
    HealthCheckPort: defaulting(text, 'traffic-port', create),
    HealthCheckPath: {
      ...text,
      defaults: [
        {
          value: '/AWS.ALB/healthcheck',
          when: { member: 'ProtocolVersion', isOneOf: ['GRPC'] },
          source: create,
        },
        { value: '/', source: create },
      ],
    },
    HealthCheckIntervalSeconds: { ...number, defaults: byTarget(35, 30) },
    HealthCheckTimeoutSeconds: { ...number, defaults: byTarget(30, 5) },
    HealthyThresholdCount: defaulting(number, 5, create),
    UnhealthyThresholdCount: { ...number, defaults: byTarget(5, 2) },
    Matcher: object({
      HttpCode: {
        ...text,
        defaults: [
          {
            value: '200',
            when: { member: 'ProtocolVersion', isOneOf: [null, 'HTTP1', 'HTTP2'] },
            source: create,
          },
        ],
      },
      GrpcCode: {
        ...text,
        defaults: [{ value: '12', when: { member: 'ProtocolVersion', isOneOf: ['GRPC'] }, source: create }],
      },
    }),
  }),
  open: true,
}

/** A target group's attributes as one object, key by key; values are text, as AWS has them. Source: API_TargetGroupAttribute. */
export const targetGroupAttributesShape: ObjectShape = {
  ...object({
    'deregistration_delay.timeout_seconds': defaulting(text, '300', attribute),
    'stickiness.enabled': defaulting(text, 'false', attribute),
    'stickiness.type': defaulting(text, 'lb_cookie', attribute),
    'stickiness.lb_cookie.duration_seconds': defaulting(text, '86400', attribute),
    'stickiness.app_cookie.duration_seconds': defaulting(text, '86400', attribute),
    'stickiness.app_cookie.cookie_name': defaulting(text, '', attribute),
    'load_balancing.algorithm.type': defaulting(text, 'round_robin', attribute),
    'load_balancing.algorithm.anomaly_mitigation': defaulting(text, 'off', attribute),
    'load_balancing.cross_zone.enabled': defaulting(text, 'use_load_balancer_configuration', attribute),
    'slow_start.duration_seconds': defaulting(text, '0', attribute),
    'lambda.multi_value_headers.enabled': defaulting(text, 'false', attribute),
    'target_group_health.dns_failover.minimum_healthy_targets.count': defaulting(text, '1', attribute),
    'target_group_health.dns_failover.minimum_healthy_targets.percentage': defaulting(text, 'off', attribute),
    'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': defaulting(
      text,
      '1',
      attribute,
    ),
    'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': defaulting(
      text,
      'off',
      attribute,
    ),
  }),
  open: true,
}
