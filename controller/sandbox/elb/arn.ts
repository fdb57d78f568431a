import { validationError } from '../kernel/error.ts'
import type { CallContext } from '../kernel/operation.ts'
import { hexId, type Random } from '../kernel/random.ts'

/** ARNs of ELBv2: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html */

const KINDS = {
  loadBalancer: { prefix: 'loadbalancer/', words: 'load balancer' },
  targetGroup: { prefix: 'targetgroup/', words: 'target group' },
  listener: { prefix: 'listener/', words: 'listener' },
  rule: { prefix: 'listener-rule/', words: 'listener rule' },
} as const

export type ResourceKind = keyof typeof KINDS

const TYPE_SEGMENTS = { application: 'app', network: 'net', gateway: 'gwy' } as const

/** A new load balancer's ARN. */
export function loadBalancerArn(
  context: CallContext,
  random: Random,
  loadBalancer: { name: string; type: keyof typeof TYPE_SEGMENTS },
): string {
  const segment = TYPE_SEGMENTS[loadBalancer.type]
  return `${prefix(context)}loadbalancer/${segment}/${loadBalancer.name}/${hexId(random, 16)}`
}

/** A new target group's ARN. */
export function targetGroupArn(context: CallContext, random: Random, name: string): string {
  return `${prefix(context)}targetgroup/${name}/${hexId(random, 16)}`
}

/** A new listener's ARN: the load balancer's, one id longer. */
export function listenerArn(ofLoadBalancer: string, random: Random): string {
  return `${ofLoadBalancer.replace(':loadbalancer/', ':listener/')}/${hexId(random, 16)}`
}

/** A new rule's ARN: the listener's, one id longer. */
export function ruleArn(ofListener: string, random: Random): string {
  return `${ofListener.replace(':listener/', ':listener-rule/')}/${hexId(random, 16)}`
}

/** What kind of resource an ARN names; undefined when it is none of ELBv2's. */
export function kindOf(arn: string): ResourceKind | undefined {
  const [, path] = /^arn:[^:]*:elasticloadbalancing:[^:]*:[^:]*:([^/]*\/)/.exec(arn) ?? []
  return kinds.find((kind) => KINDS[kind].prefix === path)
}

const kinds: readonly ResourceKind[] = ['loadBalancer', 'targetGroup', 'listener', 'rule']

/** The ARN itself, or AWS's ValidationError when it does not name that kind. */
export function checkedArn(arn: string, kind: ResourceKind): string {
  if (kindOf(arn) !== kind) throw validationError(`'${arn}' is not a valid ${KINDS[kind].words} ARN`)
  return arn
}

/** The region in an ARN: lists show only those of the caller's region. */
export function regionOf(arn: string): string {
  return arn.split(':')[3] ?? ''
}

function prefix(context: CallContext): string {
  return `arn:aws:elasticloadbalancing:${context.region}:${context.accountId}:`
}
