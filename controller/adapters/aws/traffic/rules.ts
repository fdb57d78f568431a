import type { Listener, Rule } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { RuleFacts } from '../../../core/observation.ts'
import { PortError } from '../../../ports/error.ts'
import type { RuleReference, Traffic } from '../../../ports/traffic.ts'
import type { AwsTools } from '../client/tools.ts'
import { defaultRuleFacts, ruleFacts } from './rule-facts.ts'
import { createRuleLists } from './rule-lists.ts'
import { matchRule } from './rule-match.ts'

/** Listeners by load balancer once per call, and rules only of those listeners whose rules a reference names. */
export function createRuleReads(tools: AwsTools): Traffic['rules'] {
  const { listeners, rulesOf } = createRuleLists(tools)

  return async (loadBalancerArn, references, asked = {}) => {
    const known = await listenersOrNone(() => listeners(loadBalancerArn, asked))
    const lookUp = async (reference: RuleReference): Promise<RuleFacts | null> => {
      const listener = known.find((candidate) => isNamed(candidate, reference))
      if (listener === undefined) return null
      if (isDefaultAction(reference)) return found(listener, listener, reference)
      return found(listener, await rulesOf(listener.ListenerArn ?? '', asked), reference)
    }
    return Promise.all(references.map(lookUp))
  }
}

/** What was found in a list, or in a listener itself: the same of the same list of a listener that has not changed. */
const finds = new WeakMap<
  object,
  { readonly listener: Listener; readonly facts: Map<string, RuleFacts | null> }
>()

function found(
  listener: Listener,
  within: Listener | readonly Rule[],
  reference: RuleReference,
): RuleFacts | null {
  const before = finds.get(within)
  const { facts } = before?.listener === listener ? before : { facts: new Map<string, RuleFacts | null>() }
  const name = JSON.stringify(reference)
  const known = facts.get(name)
  if (known !== undefined) return known
  const fresh = factsOf(listener, within, reference)
  facts.set(name, fresh)
  finds.set(within, { listener, facts })
  return fresh
}

function factsOf(
  listener: Listener,
  within: Listener | readonly Rule[],
  reference: RuleReference,
): RuleFacts | null {
  if (!isList(within)) return defaultRuleFacts(listener)
  const rule = findRule(within, reference)
  if (rule === undefined) return null
  return rule.IsDefault === true ? defaultRuleFacts(listener) : ruleFacts(listener, rule)
}

const isList = (within: Listener | readonly Rule[]): within is readonly Rule[] => Array.isArray(within)

async function listenersOrNone(read: () => Promise<readonly Listener[]>): Promise<readonly Listener[]> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof PortError && error.code === 'ListenerMissing') return []
    throw error
  }
}

/** Whether the reference names the listener or one of its rules. */
export function isNamed(listener: Listener, reference: RuleReference): boolean {
  if ('port' in reference) return listener.Port === reference.port
  return listener.ListenerArn === listenerArnOf(reference.ruleArn)
}

/** `…:listener-rule/app/name/id/listener/rule` belongs to `…:listener/app/name/id/listener`. */
function listenerArnOf(ruleArn: string): string {
  if (!ruleArn.includes(':listener-rule/')) return ruleArn
  return ruleArn.replace(':listener-rule/', ':listener/').replace(/\/[^/]*$/, '')
}

/** Whether the reference names a listener's default action. */
export function isDefaultAction(reference: RuleReference): boolean {
  if ('port' in reference) return reference.host === undefined && reference.path === undefined
  return !reference.ruleArn.includes(':listener-rule/')
}

/** The rule that the reference names among a listener's. */
export function findRule(rules: readonly Rule[], reference: RuleReference): Rule | undefined {
  return 'port' in reference
    ? matchRule(rules, reference)
    : rules.find(({ RuleArn }) => RuleArn === reference.ruleArn)
}
