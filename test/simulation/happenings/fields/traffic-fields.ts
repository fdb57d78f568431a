import type { Members } from '../../../../controller/sandbox/kernel/operation.ts'
import { targetGroupAttributesShape } from '../../../../controller/core/defaults.ts'
import { forwardTo } from '../../aws/listeners.ts'
import type { FieldByHand, FieldLeftOut, Place } from './field.ts'
import { shown } from './field.ts'

const elb = 'elasticloadbalancing'

/** Fields of the release's first production rule, or of the listener whose default action it is. */
const ruleFields: readonly FieldByHand[] = [
  {
    name: 'rule/weights',
    change: (place) => act(place, () => [forwardTo(place.pair.targetGroups, { blue: 50, green: 50 })]),
  },
  {
    name: 'rule/stickiness',
    change: (place) => act(place, (actions) => actions.map((action) => sticky(action))),
  },
  {
    name: 'rule/foreign target group',
    change: (place) =>
      act(place, (actions) => actions.map((action) => withForeign(action, foreignGroup(place)))),
  },
  {
    name: 'rule/forward',
    change: (place) =>
      act(place, () => [
        { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '503', ContentType: 'text/plain' } },
      ]),
  },
  { name: 'rule/conditions', change: changeConditions },
  { name: 'rule/Tags', change: (place) => tagByHand(place.aws, describeRule(place).arn) },
]

/** Attributes of the side's target group that differ from what AWS fills in. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  'deregistration_delay.timeout_seconds': '25',
  'stickiness.enabled': 'true',
  'stickiness.type': 'app_cookie',
  'stickiness.lb_cookie.duration_seconds': '60',
  'stickiness.app_cookie.duration_seconds': '60',
  'stickiness.app_cookie.cookie_name': 'by-hand',
  'load_balancing.algorithm.type': 'least_outstanding_requests',
  'load_balancing.cross_zone.enabled': 'true',
  'slow_start.duration_seconds': '30',
  'target_group_health.dns_failover.minimum_healthy_targets.count': '2',
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': '50',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '2',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': '50',
}

/** Settings of the side's target group that can be changed. */
const SETTINGS: Readonly<Record<string, unknown>> = {
  HealthCheckPort: '8080',
  HealthCheckPath: '/elsewhere',
  HealthCheckIntervalSeconds: 10,
  HealthCheckTimeoutSeconds: 3,
  HealthyThresholdCount: 3,
  UnhealthyThresholdCount: 4,
  Matcher: { HttpCode: '200-399' },
}

export const trafficFields: readonly FieldByHand[] = [
  ...ruleFields,
  ...Object.entries(ATTRIBUTES).map(([key, value]) => ({
    name: `targetGroupAttributes/${key}`,
    change: (place: Place) => setAttribute(place, key, value),
  })),
  ...Object.entries(SETTINGS).map(([name, value]) => ({
    name: `targetGroup/${name}`,
    change: (place: Place) => modifyGroup(place, name, value),
  })),
  {
    name: 'targetGroup/Tags',
    change: ({ aws, pair, side }) => tagByHand(aws, pair.targetGroups[side]),
  },
]

const created = 'it is what a target group was created with'

export const trafficFieldsLeftOut: readonly FieldLeftOut[] = [
  ...['TargetGroupName', 'Protocol', 'ProtocolVersion', 'Port', 'VpcId', 'TargetType', 'IpAddressType'].map(
    (name) => ({ name: `targetGroup/${name}`, without: created }),
  ),
  { name: 'targetGroup/HealthCheckEnabled', without: 'a group of addresses always checks' },
  { name: 'targetGroup/HealthCheckProtocol', without: 'the tasks speak HTTP' },
  {
    name: 'targetGroupAttributes/load_balancing.algorithm.anomaly_mitigation',
    without: 'it needs weighted_random, and that no other of these attributes',
  },
  {
    name: 'targetGroupAttributes/lambda.multi_value_headers.enabled',
    without: 'the groups have no functions',
  },
  {
    name: 'container/running image',
    without:
      'a tag that is pushed again changes nothing that AWS shows of the release; a scenario of its own plays it',
  },
  { name: 'rule/actions', without: 'an action beside forward needs a listener of HTTPS' },
]

const isRule = ({ aws }: Place, arn: string): boolean => aws.world.elb.tables.rules.get(arn) !== undefined

function describeRule(place: Place): {
  readonly arn: string
  readonly actions: Members[]
  readonly shown: Members
} {
  const [arn = ''] = place.pair.production
  const rule = isRule(place, arn)
    ? shown(place.aws, [elb, 'DescribeRules'], { RuleArns: [arn] }, 'Rules')
    : shown(place.aws, [elb, 'DescribeListeners'], { ListenerArns: [arn] }, 'Listeners')
  return { arn, actions: (rule['Actions'] ?? rule['DefaultActions']) as Members[], shown: rule }
}

function act(place: Place, change: (actions: Members[]) => Members[]): () => void {
  const { arn, actions } = describeRule(place)
  const write = (written: Members[]): void =>
    void (isRule(place, arn)
      ? place.aws.byHand(elb, 'ModifyRule', { RuleArn: arn, Actions: written })
      : place.aws.byHand(elb, 'ModifyListener', { ListenerArn: arn, DefaultActions: written }))
  write(change(actions))
  return () => write(actions.map(writable))
}

/** Describe repeats a single group beside the configuration that says the same. */
const writable = ({ TargetGroupArn: _repeated, ...action }: Members): Members => action

const configOf = (action: Members): Members => (action['ForwardConfig'] ?? {}) as Members

const sticky = (action: Members): Members => ({
  Type: 'forward',
  ForwardConfig: { ...configOf(action), TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 30 } },
})

const withForeign = (action: Members, group: unknown): Members => ({
  Type: 'forward',
  ForwardConfig: {
    ...configOf(action),
    TargetGroups: [
      ...((configOf(action)['TargetGroups'] ?? []) as Members[]),
      { TargetGroupArn: group, Weight: 0 },
    ],
  },
})

/** One that no Release names. */
function foreignGroup({ aws }: Place): unknown {
  const { targetGroups } = aws.world.elb.tables
  const known = targetGroups.list().find(({ name }) => name === 'by-hand')
  if (known !== undefined) return known.arn
  const made = aws.byHand(elb, 'CreateTargetGroup', {
    Name: 'by-hand',
    Port: 8080,
    Protocol: 'HTTP',
    TargetType: 'ip',
    VpcId: 'vpc-1',
  })
  return (made['TargetGroups'] as readonly Members[])[0]?.['TargetGroupArn']
}

/** Only rules have conditions: where a listener is meant, somebody moves it to another port. */
function changeConditions(place: Place): () => void {
  const { arn, shown: rule } = describeRule(place)
  const { aws } = place
  if (!isRule(place, arn)) {
    aws.byHand(elb, 'ModifyListener', { ListenerArn: arn, Port: 9999 })
    return () => void aws.byHand(elb, 'ModifyListener', { ListenerArn: arn, Port: rule['Port'] })
  }
  const Conditions = [{ Field: 'host-header', HostHeaderConfig: { Values: ['by-hand.example.com'] } }]
  aws.byHand(elb, 'ModifyRule', { RuleArn: arn, Conditions })
  const before = (rule['Conditions'] as readonly Members[]).map(
    ({ Values: _repeated, ...condition }) => condition,
  )
  return () => void aws.byHand(elb, 'ModifyRule', { RuleArn: arn, Conditions: before })
}

/** Another value for a tag that a release names, as it has one or none. */
function tagByHand(aws: Place['aws'], arn: string): () => void {
  const ResourceArns = [arn]
  const [described] = aws.byHand(elb, 'DescribeTags', { ResourceArns })[
    'TagDescriptions'
  ] as readonly Members[]
  const before = ((described?.['Tags'] ?? []) as readonly Members[]).find(({ Key }) => Key === 'team')
  aws.byHand(elb, 'AddTags', { ResourceArns, Tags: [{ Key: 'team', Value: 'by hand' }] })
  return () =>
    before === undefined
      ? void aws.byHand(elb, 'RemoveTags', { ResourceArns, TagKeys: ['team'] })
      : void aws.byHand(elb, 'AddTags', { ResourceArns, Tags: [before] })
}

function setAttribute({ aws, pair, side }: Place, key: string, value: string): () => void {
  const TargetGroupArn = pair.targetGroups[side]
  const attributes = aws.byHand(elb, 'DescribeTargetGroupAttributes', { TargetGroupArn })[
    'Attributes'
  ] as Members[]
  const shape = targetGroupAttributesShape.members[key]
  const before = attributes.find(({ Key }) => Key === key)?.['Value'] ?? shape?.defaults?.[0]?.value
  const write = (Value: unknown): void =>
    void aws.byHand(elb, 'ModifyTargetGroupAttributes', { TargetGroupArn, Attributes: [{ Key: key, Value }] })
  write(value)
  return () => write(before)
}

function modifyGroup({ aws, pair, side }: Place, name: string, value: unknown): () => void {
  const TargetGroupArn = pair.targetGroups[side]
  const input = { TargetGroupArns: [TargetGroupArn] }
  const before = shown(aws, [elb, 'DescribeTargetGroups'], input, 'TargetGroups')[name]
  const write = (written: unknown): void =>
    void aws.byHand(elb, 'ModifyTargetGroup', { TargetGroupArn, [name]: written })
  write(value)
  return () => write(before)
}
