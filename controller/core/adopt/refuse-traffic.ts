import type { AdoptedListener, AdoptedRule, AdoptedTargetGroup, AdoptionFacts } from './facts.ts'
import type { Refusal } from './refusal.ts'
import { when } from './refusal.ts'

/** What of the way from the load balancer to the tasks can't be moved. */
export function refuseTraffic(facts: AdoptionFacts, testPort: number | undefined): readonly Refusal[] {
  const { service, targetGroup, loadBalancer, foreignTargets } = facts
  if (service === null || service.loadBalancers.length !== 1) return []
  if (targetGroup === null)
    return when(
      true,
      'TargetGroupMissing',
      `the target group of service ${service.name} does not exist any more`,
      'make the service anew with a target group that exists',
    )
  if (loadBalancer === null)
    return when(
      true,
      'NotForwarded',
      `target group ${targetGroup.name} belongs to no load balancer: nothing is forwarded to it`,
      'make a rule that forwards to it, and ask again',
    )
  if (loadBalancer.type !== 'application')
    return when(
      true,
      'LoadBalancerNotSupported',
      `load balancer ${loadBalancer.name} is a ${loadBalancer.type} one, which has no weighted rules`,
      'put the service behind an application load balancer first',
    )
  return [
    ...refuseRules(facts, targetGroup, testPort),
    ...when(
      foreignTargets.length > 0,
      'ForeignTargets',
      `target group ${targetGroup.name} has targets that are no tasks of service ${service.name}: ${foreignTargets.slice(0, 5).join(', ')}`,
      'deregister them, or give their service a target group of its own',
    ),
  ]
}

/** Rules and default actions that forward to the group with any weight, but for those of the listener for tests. */
export const productionRules = (
  listeners: readonly AdoptedListener[],
  targetGroupArn: string,
  testPort: number | undefined,
): readonly AdoptedRule[] =>
  listeners
    .filter(({ port }) => port !== testPort)
    .flatMap(({ rules }) => rules)
    .filter(({ rule }) => rule.weights.some((entry) => entry.targetGroupArn === targetGroupArn))

function refuseRules(
  { listeners, second }: AdoptionFacts,
  targetGroup: AdoptedTargetGroup,
  testPort: number | undefined,
): readonly Refusal[] {
  const rules = productionRules(listeners, targetGroup.arn, testPort)
  const pair = new Set([targetGroup.arn, second.targetGroup?.arn])
  const shared = rules.filter(({ rule }) =>
    rule.weights.some(({ targetGroupArn, weight }) => weight > 0 && !pair.has(targetGroupArn)),
  )
  const elsewhere = rules.filter(({ rule }) => weightOf(rule, second.targetGroup?.arn) > 0)
  const withoutWeight = rules.filter(({ rule }) => weightOf(rule, targetGroup.arn) === 0)
  return [
    ...when(
      rules.length === 0,
      'NotForwarded',
      `no rule forwards to target group ${targetGroup.name}`,
      'make a rule that forwards to it, and ask again',
    ),
    ...shared.flatMap(({ rule }) =>
      when(
        true,
        'RuleShared',
        `rule ${rule.arn} forwards to other target groups too`,
        'take the others out of the rule, or give the service a rule of its own',
      ),
    ),
    ...[...elsewhere, ...withoutWeight].flatMap(({ rule }) =>
      when(
        true,
        'WeightElsewhere',
        `rule ${rule.arn} does not give all of its requests to target group ${targetGroup.name}`,
        'give that group all of the weight, and ask again',
      ),
    ),
  ]
}

const weightOf = ({ weights }: AdoptedRule['rule'], targetGroupArn: string | undefined): number =>
  weights.find((entry) => entry.targetGroupArn === targetGroupArn)?.weight ?? 0
