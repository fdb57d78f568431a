/** How traffic depends on a type of resource. */
export interface ServingType {
  readonly rule: string
  /** The thing, for a sentence. */
  readonly part: string
  /** By which attributes an object is told to serve. */
  readonly identity: 'arn' | 'target_group_arn' | 'cluster' | 'service' | 'scalable'
  /** Attributes that Steersman moves; each says which new value (undefined where it is not known yet) is a reset. */
  readonly attributes: ReadonlyMap<string, (after: unknown) => boolean>
  /** Whether traffic ends or moves when it is deleted or replaced. */
  readonly isNeeded: boolean
}

const anyValue = (): boolean => true
/** Shrinking to nothing, or to a number that is not known. */
const noneOrUnknown = (after: unknown): boolean => after === 0 || typeof after !== 'number'

const attributes = (...names: readonly string[]): ServingType['attributes'] =>
  new Map(names.map((name) => [name, anyValue]))

const rule: ServingType = {
  rule: 'ListenerAction',
  part: 'a rule',
  identity: 'arn',
  attributes: attributes('action'),
  isNeeded: true,
}
const listener: ServingType = {
  ...rule,
  part: 'a listener',
  attributes: attributes('default_action'),
}
const targetGroup: ServingType = {
  rule: 'TargetGroup',
  part: 'a target group',
  identity: 'arn',
  attributes: new Map(),
  isNeeded: true,
}
const loadBalancer: ServingType = { ...targetGroup, rule: 'LoadBalancer', part: 'a load balancer' }
const attachment: ServingType = { ...targetGroup, part: 'a target', identity: 'target_group_arn' }

/**
 * Resource types of the AWS provider that carry traffic (its older names for load balancers too). What is not on the list is
 * the environment's shape, which is Terraform's to change.
 */
export const SERVING_TYPES: ReadonlyMap<string, ServingType> = new Map([
  ['aws_lb_listener_rule', rule],
  ['aws_alb_listener_rule', rule],
  ['aws_lb_listener', listener],
  ['aws_alb_listener', listener],
  ['aws_lb_target_group', targetGroup],
  ['aws_alb_target_group', targetGroup],
  ['aws_lb_target_group_attachment', attachment],
  ['aws_alb_target_group_attachment', attachment],
  ['aws_lb', loadBalancer],
  ['aws_alb', loadBalancer],
  [
    'aws_ecs_service',
    {
      rule: 'LiveService',
      part: 'a service',
      identity: 'service',
      attributes: attributes(
        'desired_count',
        'task_definition',
        'load_balancer',
        'force_new_deployment',
        'triggers',
      ),
      isNeeded: true,
    },
  ],
  [
    'aws_ecs_cluster',
    { rule: 'LiveCluster', part: 'a cluster', identity: 'cluster', attributes: new Map(), isNeeded: true },
  ],
  [
    'aws_appautoscaling_target',
    {
      rule: 'LiveCount',
      part: 'the scaling of a service',
      identity: 'scalable',
      attributes: new Map([
        ['max_capacity', noneOrUnknown],
        ['suspended_state', anyValue],
      ]),
      // Without it the service keeps the count that it has.
      isNeeded: false,
    },
  ],
])
