import type { TrafficRule } from '../../resources/types.ts'
import type { RuleFacts } from '../observation.ts'
import type { AdoptedListener, AdoptedRule, AdoptionFacts, AdoptionWishes } from './facts.ts'
import { nameByConditions, ruleNamed } from './rule-name.ts'
import { productionRules } from './refuse-traffic.ts'
import type { Refusal } from './refusal.ts'
import { when } from './refusal.ts'

/** The rule by which gates reach the idle side, and what there is of it. */
export type TestRule =
  | { readonly kind: 'NewListener'; readonly name: TrafficRule; readonly like: AdoptedListener }
  | {
      readonly kind: 'NewRule'
      readonly name: TrafficRule
      readonly listener: AdoptedListener
      readonly priority: number
    }
  | { readonly kind: 'Exists'; readonly name: TrafficRule; readonly rule: RuleFacts }

/** Lets the first production rule have its like on the listener for tests; undefined where none is asked for, or nothing can be said yet. */
export function testRuleOf(facts: AdoptionFacts, { testPort }: AdoptionWishes): TestRule | undefined {
  const production = firstRule(facts, testPort)
  if (testPort === undefined || production === undefined) return undefined
  const listener = facts.listeners.find(({ port }) => port === testPort)
  if (listener === undefined) {
    const like = facts.listeners.find(({ arn }) => arn === production.rule.listenerArn)
    return like && { kind: 'NewListener', name: { port: testPort }, like }
  }
  const name = nameOn(listener, production, facts)
  const rule = ruleNamed(listener, name)
  return rule === undefined
    ? { kind: 'NewRule', name, listener, priority: freePriority(listener) }
    : { kind: 'Exists', name, rule }
}

const firstRule = (
  { listeners, targetGroup }: AdoptionFacts,
  testPort: number | undefined,
): AdoptedRule | undefined =>
  targetGroup === null ? undefined : productionRules(listeners, targetGroup.arn, testPort)[0]

/** The conditions of the production rule. All requests of a listener that forwards to the pair alone need none, those of another one every path. */
function nameOn(listener: AdoptedListener, { rule }: AdoptedRule, facts: AdoptionFacts): TrafficRule {
  const { port: _port, ...conditions } = nameByConditions(rule) ?? {}
  if (Object.keys(conditions).length > 0) return { port: listener.port, ...conditions }
  const byDefault = listener.rules.find(({ rule: { kind } }) => kind === 'ListenerDefault')
  const isOurs = byDefault !== undefined && forwardsToPairAlone(byDefault.rule, facts)
  return isOurs ? { port: listener.port } : { port: listener.port, path: '/*' }
}

function forwardsToPairAlone(
  { weights }: RuleFacts,
  { targetGroup, second }: Pick<AdoptionFacts, 'targetGroup' | 'second'>,
): boolean {
  const pair = new Set([targetGroup?.arn, second.targetGroup?.arn])
  return weights.length > 0 && weights.every(({ targetGroupArn }) => pair.has(targetGroupArn))
}

/** After all others: what they take stays theirs. */
const freePriority = ({ rules }: AdoptedListener): number =>
  Math.max(0, ...rules.map(({ priority }) => priority ?? 0)) + 1

const HIGHEST_PRIORITY = 50_000

/** Why there can be no test rule as it is asked for. */
export function refuseTest(facts: AdoptionFacts, wishes: AdoptionWishes): readonly Refusal[] {
  const test = testRuleOf(facts, wishes)
  if (test?.kind === 'NewRule')
    return when(
      test.priority > HIGHEST_PRIORITY,
      'NoPriorityLeft',
      `the listener on port ${test.listener.port} has a rule with the last priority`,
      'give that rule a lower priority, or name a listener of its own with --test-port',
    )
  if (test?.kind !== 'Exists') return []
  return when(
    !forwardsToPairAlone(test.rule, facts),
    'TestRuleTaken',
    `rule ${test.rule.arn}, which tests would come by, forwards to something else`,
    'name another listener with --test-port, or one that does not exist yet',
  )
}
