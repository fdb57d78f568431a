import type { Engine } from '../../resources/types.ts'
import { isObject } from '../defaults/shape.ts'
import type { RuleFacts } from '../observation.ts'
import type { AdoptedRule, AdoptedService, AdoptionFacts } from './facts.ts'

/** What moves the traffic of a service now, and will go on to: a release's engine can't be another one than its service was made for. */
export function engineOf({ settings, loadBalancers }: AdoptedService): Engine {
  if (textAt(settings['deploymentController'], 'type') === 'CODE_DEPLOY') return 'CodeDeploy'
  const isMovedByEcs = strategyOf(settings) !== 'ROLLING' && loadBalancers[0]?.moved !== undefined
  return isMovedByEcs ? 'Native' : 'TargetGroupSwap'
}

/** The deployment strategy of ECS's own. */
export const strategyOf = (settings: AdoptedService['settings']): string =>
  textAt(settings['deploymentConfiguration'], 'strategy') ?? 'ROLLING'

const textAt = (value: unknown, key: string): string | undefined => {
  const member = isObject(value) ? value[key] : undefined
  return typeof member === 'string' ? member : undefined
}

/** By which rules the traffic of a service reaches it that AWS itself moves between two groups, and by which its tests do. */
export function movedRules(facts: AdoptionFacts): {
  readonly production: readonly AdoptedRule[]
  readonly test: RuleFacts | undefined
} {
  const { service, listeners, deploymentGroup } = facts
  const moved = service?.loadBalancers[0]?.moved
  const all = listeners.flatMap(({ rules }) => rules)
  if (service !== null && engineOf(service) === 'Native')
    return {
      production: all.filter(({ rule }) => rule.arn === moved?.productionRule),
      test: all.find(({ rule }) => rule.arn === moved?.testRule)?.rule,
    }
  const group = deploymentGroup?.group
  const at = (arns: readonly string[] = []): readonly AdoptedRule[] =>
    all.filter(({ rule }) => arns.includes(rule.listenerArn) && forwardsToEither(rule, facts))
  return { production: at(group?.productionListeners), test: at(group?.testListeners)[0]?.rule }
}

const forwardsToEither = (
  { weights }: RuleFacts,
  { targetGroup, second }: Pick<AdoptionFacts, 'targetGroup' | 'second'>,
): boolean =>
  weights.some(({ targetGroupArn }) => [targetGroup?.arn, second.targetGroup?.arn].includes(targetGroupArn))
