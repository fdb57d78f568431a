import {
  DescribeListenersCommand,
  DescribeRulesCommand,
  type Listener,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { RuleFacts } from '../../../core/observation.ts'
import { PortError } from '../../../ports/error.ts'
import type { RuleReference, Traffic } from '../../../ports/traffic.ts'
import { createSharedReads } from '../client/shared-reads.ts'
import { objectsIn, optionalText } from '../client/members.ts'
import type { AwsTools } from '../client/tools.ts'
import { unreadable } from '../client/unreadable.ts'
import { defaultRuleFacts, ruleFacts } from './rule-facts.ts'
import { matchRule } from './rule-match.ts'

/** AWS's quota: 50 listeners and (adjustable) 100 rules a load balancer; a page holds 400. */
const maxPages = 20
const pageSize = 400

interface Page<Item> {
  readonly items: readonly Item[] | undefined
  readonly nextMarker: string | undefined
}

/** Listeners by load balancer once per call, and rules only of those listeners whose rules a reference names. */
export function createRuleReads({ clients, send, epoch }: AwsTools): Traffic['rules'] {
  const sharedListeners = createSharedReads<readonly Listener[]>(epoch)
  const sharedRules = createSharedReads<readonly Rule[]>(epoch)

  const listeners = (loadBalancerArn: string): Promise<readonly Listener[]> =>
    sharedListeners.share(loadBalancerArn, () =>
      allPages('listeners', async (Marker) => {
        const command = new DescribeListenersCommand({
          LoadBalancerArn: loadBalancerArn,
          PageSize: pageSize,
          Marker,
        })
        const answer = await send('elasticloadbalancing:DescribeListeners', (options) =>
          clients.elb.send(command, options),
        )
        return { items: answer.Listeners, nextMarker: answer.NextMarker }
      }),
    )

  const rulesOf = (listenerArn: string): Promise<readonly Rule[]> =>
    sharedRules.share(listenerArn, () =>
      allPages('rules', async (Marker) => {
        const command = new DescribeRulesCommand({ ListenerArn: listenerArn, PageSize: pageSize, Marker })
        const answer = await send('elasticloadbalancing:DescribeRules', (options) =>
          clients.elb.send(command, options),
        )
        return { items: answer.Rules, nextMarker: answer.NextMarker }
      }),
    )

  return async (loadBalancerArn, references) => {
    const known = await listenersOrNone(() => listeners(loadBalancerArn))
    const lookUp = async (reference: RuleReference): Promise<RuleFacts | null> => {
      const listener = known.find((candidate) => isNamed(candidate, reference))
      if (listener === undefined) return null
      if (isDefaultAction(reference)) return defaultRuleFacts(listener)
      const rule = findRule(await rulesOf(listener.ListenerArn ?? ''), reference)
      if (rule === undefined) return null
      return rule.IsDefault === true ? defaultRuleFacts(listener) : ruleFacts(listener, rule)
    }
    return Promise.all(references.map(lookUp))
  }
}

async function allPages<Item extends object>(
  what: string,
  read: (marker: string | undefined) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const all: Item[] = []
  let marker: string | undefined
  for (let page = 0; page < maxPages; page += 1) {
    const { items, nextMarker } = await read(marker)
    all.push(...objectsIn(items, `a list of ${what}`))
    marker = optionalText(nextMarker, 'a marker')
    if (marker === undefined || marker === '') return all
  }
  throw unreadable(`an end to the list of ${what}`)
}

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
