import type { PlanInput } from './decision.ts'
import { sides } from '../observation.ts'
import { isRolling } from '../places.ts'
import { lastSegment } from '../diff/compare.ts'
import { weightsOf } from '../rollout/traffic.ts'

/** What keeps a release from being served at all, and only a person can mend. */
export function problemOf({
  observation,
  desired,
}: Pick<PlanInput, 'observation' | 'desired'>):
  { readonly reason: string; readonly message: string } | undefined {
  if (isRolling(desired.spec)) return undefined
  const traffic = desired.spec.traffic
  if (traffic === undefined)
    return { reason: 'TrafficMissing', message: 'the release names no load balancer; add spec.traffic' }
  if (observation.loadBalancer === null) {
    return {
      reason: 'LoadBalancerMissing',
      message: `load balancer ${traffic.loadBalancer} does not exist; create it, or mend spec.traffic.loadBalancer`,
    }
  }
  if (observation.loadBalancer.type !== 'application') {
    return {
      reason: 'LoadBalancerNotSupported',
      message: `load balancer ${traffic.loadBalancer} is a ${observation.loadBalancer.type} one, which has no weighted rules; use an application load balancer`,
    }
  }
  return targetGroupProblem({ observation, desired }) ?? ruleProblem({ observation, desired })
}

type Input = Parameters<typeof problemOf>[0]

function targetGroupProblem({ observation, desired }: Input): ReturnType<typeof problemOf> {
  const side = sides.find((candidate) => observation.sides[candidate].targetGroup === null)
  if (side === undefined) return bindingProblem({ observation, desired })
  const name = desired.spec.traffic?.targetGroups[side] ?? side
  return {
    reason: 'TargetGroupMissing',
    message: `target group ${name} of the ${side} side does not exist; create it, or mend spec.traffic.targetGroups.${side}`,
  }
}

/** A service keeps the target group that it was created with: weights for another one would send requests to the wrong side, or to nobody. */
function bindingProblem({ observation }: Input): ReturnType<typeof problemOf> {
  for (const side of sides) {
    const { service, targetGroup } = observation.sides[side]
    if (service?.status !== 'ACTIVE' || targetGroup === null) continue
    if (service.targetGroupArns.includes(targetGroup.arn)) continue
    const own = service.targetGroupArns.map((arn) => groupName(observation, arn)).join(' and ') || 'none'
    return {
      reason: 'TargetGroupMismatch',
      message: `service ${service.name} of the ${side} side registers its tasks in target group ${own}, and spec.traffic.targetGroups.${side} names ${targetGroup.name}; name the group that the service has, or, where the side is idle, delete the service, and Steersman creates it anew`,
    }
  }
  return undefined
}

const groupName = ({ sides: seen }: Input['observation'], arn: string): string =>
  sides.map((side) => seen[side].targetGroup).find((group) => group?.arn === arn)?.name ?? lastSegment(arn)

function ruleProblem({ observation, desired }: Input): ReturnType<typeof problemOf> {
  const unmovable = [...observation.production, observation.test].find(
    (rule) => rule?.kind === 'ListenerDefault',
  )
  if (desired.spec.engine === 'Native' && unmovable)
    return {
      reason: 'RuleNotMovable',
      message: `rule ${unmovable.arn} is a listener's default action, which Steersman gives to no engine of ECS; name a rule with conditions`,
    }
  if (observation.production.includes(null)) {
    return {
      reason: 'RuleMissing',
      message:
        'a production rule of the release does not exist on the load balancer; create it, or mend spec.traffic.rule',
    }
  }
  if (desired.spec.traffic?.test !== undefined && observation.test === null) {
    return {
      reason: 'TestRuleMissing',
      message:
        'the test listener or rule does not exist on the load balancer; create it, or mend spec.traffic.test',
    }
  }
  const foreign = observation.production.find(
    (rule) => rule !== null && weightsOf(rule, observation).foreign > 0,
  )
  if (foreign === undefined || foreign === null) return undefined
  return {
    reason: 'ForeignTargetGroup',
    message: `rule ${foreign.arn} forwards to target groups that are not of this release's pair; take them out of the rule, or name another rule`,
  }
}
