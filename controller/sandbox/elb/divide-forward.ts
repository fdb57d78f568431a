import type { TargetGroupShare } from '../kernel/ports-between.ts'
import { targetGroupsOf, type Action } from './actions.ts'
import type { ElbParts, ElbTables, Listener } from './state.ts'

/** Whether an ARN names a listener rule, a listener's default rule among them. */
export function isRule(tables: ElbTables, ruleArn: string): boolean {
  return tables.rules.get(ruleArn) !== undefined || byDefaultRule(tables, ruleArn) !== undefined
}

/** The rules of a listener, its default one among them, that forward to one of the groups. */
export function rulesForwarding(
  { listeners, rules }: ElbTables,
  listenerArn: string,
  groups: readonly string[],
): string[] {
  const listener = listeners.get(listenerArn)
  if (listener === undefined) return []
  const own = rules.list().filter((rule) => rule.listenerArn === listenerArn)
  const all = [
    ...own.map(({ arn, actions }) => ({ arn, actions })),
    { arn: listener.defaultRuleArn, actions: listener.defaultActions },
  ]
  return all
    .filter(({ actions }) => targetGroupsOf(actions).some((group) => groups.includes(group)))
    .map(({ arn }) => arn)
}

/** Writes the weights of a rule's forward action; stickiness, other actions and conditions stay. A rule that is gone is passed over. */
export function divideForward(elb: ElbParts, ruleArn: string, weights: readonly TargetGroupShare[]): void {
  const { rules, listeners } = elb.tables
  const rule = rules.get(ruleArn)
  const listener = byDefaultRule(elb.tables, ruleArn)
  if (rule !== undefined) rules.put(ruleArn, { ...rule, actions: divided(rule.actions, weights) })
  if (listener !== undefined)
    listeners.put(listener.arn, {
      ...listener,
      defaultActions: divided(listener.defaultActions, weights),
    })
  elb.associationsChanged()
}

function byDefaultRule(tables: ElbTables, ruleArn: string): Listener | undefined {
  return tables.listeners.list().find((listener) => listener.defaultRuleArn === ruleArn)
}

function divided(actions: readonly Action[], weights: readonly TargetGroupShare[]): Action[] {
  const groups = weights.map(({ targetGroupArn, weight }) => ({
    TargetGroupArn: targetGroupArn,
    Weight: weight,
  }))
  return actions.map((action) =>
    action.ForwardConfig === undefined
      ? action
      : { ...action, ForwardConfig: { ...action.ForwardConfig, TargetGroups: groups } },
  )
}
