import type {
  LoadBalancerFacts,
  RuleFacts,
  TargetFacts,
  TargetGroupFacts,
  TargetGroupWeight,
} from '../core/observation.ts'
import type { Asked } from './asked.ts'
import type { Receipt } from './platform.ts'

/** A listener's rule as a release names it: by ARN, by port with host and path, or by port alone (the listener's default action). */
export type RuleReference =
  { readonly ruleArn: string } | { readonly port: number; readonly host?: string; readonly path?: string }

export type { LoadBalancerFacts }

/** Elastic Load Balancing in one account and region. */
export interface Traffic {
  /** By name; undefined when there is none. Cached: a load balancer's ARN and type never change. */
  loadBalancer(name: string, asked?: Asked): Promise<LoadBalancerFacts | undefined>
  /** By name, in the order asked; null for one that does not exist. Cached for a minute unless `fresh`. */
  targetGroups(
    names: readonly string[],
    options?: { readonly fresh?: boolean } & Asked,
  ): Promise<readonly (TargetGroupFacts | null)[]>
  /** Fresh facts of the rules in the order asked; null for one that does not exist. Listeners and rules are listed once per call, not once per rule. */
  rules(
    loadBalancerArn: string,
    references: readonly RuleReference[],
    asked?: Asked,
  ): Promise<readonly (RuleFacts | null)[]>
  /** Fresh health of every target of the group, draining ones included. */
  targets(targetGroupArn: string, asked?: Asked): Promise<readonly TargetFacts[]>
  /**
   * Writes the weights of one rule's forward action and nothing else: every other action of the rule, its order and its stickiness are
   * rebuilt from `rule`. One ModifyListener or ModifyRule.
   */
  setWeights(
    request: {
      readonly rule: RuleFacts
      readonly weights: readonly TargetGroupWeight[]
    },
    asked?: Asked,
  ): Promise<Receipt>
  /** Gives a target group, a rule or a listener tags; others that it has stay. One AddTags. */
  tag(request: { readonly arn: string; readonly tags: Readonly<Record<string, string>> }): Promise<Receipt>
}
