import type { Document } from '../defaults/shape.ts'
import { isObject } from '../defaults/shape.ts'
import type { LiveRule, RuleName } from '../diff.ts'
import type { TargetGroupWeight } from '../observation.ts'
import type { LiveState } from './live-state.ts'
import { objectsOf, textOf } from './live-state.ts'

/** The rule, or listener's default action, that a release names: null where the saved lists lack it, undefined where they were not saved. */
export function findRule(state: LiveState, name: RuleName): LiveRule | null | undefined {
  if (name.ruleArn !== undefined) {
    return fromLists(state.rules, (rule) => rule['RuleArn'] === name.ruleArn, 'Actions')
  }
  if (name.host === undefined && name.path === undefined) return findDefaultAction(state, name.port)
  const listener = state.listeners?.find((candidate) => candidate['Port'] === name.port)
  if (state.listeners !== undefined && listener === undefined) return null
  const isOfListener = (rule: Document): boolean => listener === undefined || belongsTo(rule, listener)
  return fromLists(state.rules, (rule) => isOfListener(rule) && hasConditions(rule, name), 'Actions')
}

/** Without the listeners, the default rule of the saved rules says the same, if there is just one. */
function findDefaultAction(state: LiveState, port: number | undefined): LiveRule | null | undefined {
  if (state.listeners !== undefined) {
    return fromLists(state.listeners, (listener) => listener['Port'] === port, 'DefaultActions')
  }
  const defaults = state.rules?.filter((rule) => rule['IsDefault'] === true) ?? []
  return defaults.length === 1 ? fromLists(defaults, () => true, 'Actions') : undefined
}

function fromLists(
  list: readonly Document[] | undefined,
  matches: (candidate: Document) => boolean,
  member: 'Actions' | 'DefaultActions',
): LiveRule | null | undefined {
  if (list === undefined) return undefined
  const found = list.find(matches)
  if (found === undefined) return null
  const arn = textOf(found[member === 'Actions' ? 'RuleArn' : 'ListenerArn'])
  return { arn, ...ruleFacts(objectsOf(found[member])) }
}

/** A rule's ARN holds its listener's: `…:listener-rule/app/<load balancer>/<id>/<listener id>/<rule id>`. */
function belongsTo(rule: Document, listener: Document): boolean {
  const prefix = textOf(listener['ListenerArn']).replace(':listener/', ':listener-rule/')
  return textOf(rule['RuleArn']).startsWith(`${prefix}/`)
}

function hasConditions(rule: Document, name: RuleName): boolean {
  const asked = new Map<string, string>()
  if (name.host !== undefined) asked.set('host-header', name.host.toLowerCase())
  if (name.path !== undefined) asked.set('path-pattern', name.path)
  const conditions = objectsOf(rule['Conditions'])
  return (
    conditions.length === asked.size &&
    conditions.every((condition) => {
      const field = textOf(condition['Field'])
      const [value, ...more] = conditionValues(condition, field)
      const spelled = field === 'host-header' ? value?.toLowerCase() : value
      return more.length === 0 && spelled !== undefined && spelled === asked.get(field)
    })
  )
}

function conditionValues(condition: Document, field: string): readonly string[] {
  const config = condition[field === 'host-header' ? 'HostHeaderConfig' : 'PathPatternConfig']
  const values = (isObject(config) ? config['Values'] : undefined) ?? condition['Values']
  return Array.isArray(values) ? values.map(String) : []
}

function ruleFacts(actions: readonly Document[]): LiveRule {
  const forward = actions.find((action) => action['Type'] === 'forward')
  const config = isObject(forward?.['ForwardConfig']) ? forward['ForwardConfig'] : {}
  const stickiness = isObject(config['TargetGroupStickinessConfig'])
    ? config['TargetGroupStickinessConfig']
    : {}
  const seconds = stickiness['DurationSeconds']
  return {
    weights: weightsOf(forward, config),
    stickiness: {
      enabled: stickiness['Enabled'] === true,
      durationSeconds: typeof seconds === 'number' ? seconds : undefined,
    },
    actions,
  }
}

function weightsOf(forward: Document | undefined, config: Document): readonly TargetGroupWeight[] {
  const groups = objectsOf(config['TargetGroups'])
  if (groups.length > 0) {
    return groups.map((group) => ({
      targetGroupArn: textOf(group['TargetGroupArn']),
      weight: Number(group['Weight'] ?? 1),
    }))
  }
  const only = textOf(forward?.['TargetGroupArn'])
  return only === '' ? [] : [{ targetGroupArn: only, weight: 1 }]
}
