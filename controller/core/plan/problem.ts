import type { PlanInput } from './decision.ts'
import { sides } from '../observation.ts'
import { weightsOf } from '../rollout/traffic.ts'

/** What keeps a release from being served at all, and only a person can mend. */
export function problemOf({
  observation,
  desired,
}: Pick<PlanInput, 'observation' | 'desired'>):
  { readonly reason: string; readonly message: string } | undefined {
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
  if (side === undefined) return undefined
  const name = desired.spec.traffic?.targetGroups[side] ?? side
  return {
    reason: 'TargetGroupMissing',
    message: `target group ${name} of the ${side} side does not exist; create it, or mend spec.traffic.targetGroups.${side}`,
  }
}

function ruleProblem({ observation, desired }: Input): ReturnType<typeof problemOf> {
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
