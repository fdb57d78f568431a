import { AwsError, validationError } from '../kernel/error.ts'
import type { CallContext, Members, Operation } from '../kernel/operation.ts'
import { readActions, showAction } from './actions.ts'
import { checkedArn, ruleArn } from './arn.ts'
import { checkForwards } from './associations.ts'
import { readConditions, showCondition } from './conditions.ts'
import { describing, found, modifying, page } from './describe.ts'
import { flag, given, integer, requiredText, structures, text, texts } from './input.ts'
import type { ElbParts, Listener, Rule } from './state.ts'
import { tagsOf } from './tags.ts'

/** Rules of all listeners of one load balancer, default rules not counted (AWS adjusts it on demand). */
const PER_LOAD_BALANCER = 100
const PRIORITY = { min: 1, max: 50_000 }

/** The operations on listener rules. */
export function ruleOperations(elb: ElbParts): Record<string, Operation> {
  return {
    CreateRule: modifying((input) => ({ Rules: [show(create(elb, input))] })),
    DescribeRules: describing((input, context) => describe(elb, input, context)),
    ModifyRule: modifying((input) => ({ Rules: [show(modify(elb, input))] })),
    DeleteRule: modifying((input) => {
      const rule = existingRule(elb, requiredText(input, 'RuleArn'))
      elb.tables.rules.delete(rule.arn)
      elb.tables.tags.delete(rule.arn)
      elb.associationsChanged()
      return {}
    }),
    SetRulePriorities: modifying((input) => ({ Rules: setPriorities(elb, input).map(show) })),
  }
}

function create(elb: ElbParts, input: Members): Rule {
  const { tables } = elb
  const listener = found(tables.listeners, requiredText(input, 'ListenerArn'), 'listener')
  const priority = integer(input, 'Priority', PRIORITY)
  if (priority === undefined) throw validationError('A rule must have a priority')
  const tags = tagsOf(input)
  const conditions = readConditions(input)
  if (conditions.length === 0) throw validationError('A rule must have at least one condition')
  const actions = readActions(input, 'Actions', { protocol: listener.protocol })
  const siblings = tables.rules.list().filter((rule) => rule.listenerArn === listener.arn)
  if (siblings.some((rule) => rule.priority === priority)) throw priorityInUse(priority)
  const onBalancer = tables.rules
    .list()
    .filter((rule) => tables.listeners.get(rule.listenerArn)?.loadBalancerArn === listener.loadBalancerArn)
  if (onBalancer.length >= PER_LOAD_BALANCER) {
    throw new AwsError('TooManyRules', 'The maximum number of rules for the load balancer has been reached')
  }
  checkForwards(tables, actions, { loadBalancerArn: listener.loadBalancerArn })
  const arn = ruleArn(listener.arn, elb.random)
  const rule = {
    arn,
    listenerArn: listener.arn,
    priority,
    conditions,
    actions,
    transforms: readTransforms(input),
  }
  tables.rules.put(arn, rule)
  tables.tags.put(arn, tags)
  elb.associationsChanged()
  return rule
}

/** What the request leaves out stays: actions, conditions and transforms are replaced each as a whole. */
function modify(elb: ElbParts, input: Members): Rule {
  const { tables } = elb
  const existing = existingRule(elb, requiredText(input, 'RuleArn'))
  const listener = found(tables.listeners, existing.listenerArn, 'listener')
  const conditions = given(input, 'Conditions') ? readConditions(input) : existing.conditions
  const actions = given(input, 'Actions')
    ? readActions(input, 'Actions', { existing: existing.actions, protocol: listener.protocol })
    : existing.actions
  checkForwards(tables, actions, { loadBalancerArn: listener.loadBalancerArn, replacing: existing.arn })
  const reset = flag(input, 'ResetTransforms') ?? false
  const transforms = given(input, 'Transforms') ? readTransforms(input) : reset ? [] : existing.transforms
  const changed: Rule = { ...existing, conditions, actions, transforms }
  tables.rules.put(existing.arn, changed)
  elb.associationsChanged()
  return changed
}

function setPriorities(elb: ElbParts, input: Members): Rule[] {
  const wanted = structures(input, 'RulePriorities').map((item) => {
    const priority = integer(item, 'Priority', PRIORITY)
    if (priority === undefined) throw validationError('A rule priority must be specified')
    return { rule: existingRule(elb, requiredText(item, 'RuleArn')), priority }
  })
  const moved = new Set(wanted.map(({ rule }) => rule.arn))
  const kept = elb.tables.rules.list().filter((rule) => !moved.has(rule.arn))
  const places = wanted.map(({ rule, priority }) => `${rule.listenerArn} ${priority}`)
  for (const [index, { rule, priority }] of wanted.entries()) {
    const twice = places.indexOf(places[index] ?? '') !== index
    if (
      twice ||
      kept.some((other) => other.listenerArn === rule.listenerArn && other.priority === priority)
    ) {
      throw priorityInUse(priority)
    }
  }
  const changed = wanted.map(({ rule, priority }) => ({ ...rule, priority }))
  for (const rule of changed) elb.tables.rules.put(rule.arn, rule)
  return changed
}

function describe(elb: ElbParts, input: Members, context: CallContext): Members {
  const rules = context.read(elb.tables.rules)
  const listeners = context.read(elb.tables.listeners)
  const arns = texts(input, 'RuleArns')
  const ofListener = text(input, 'ListenerArn')
  if (arns.length > 0 === (ofListener !== undefined)) {
    throw validationError('You must specify either rule ARNs or a listener ARN')
  }
  if (ofListener !== undefined) {
    const listener = found(listeners, ofListener, 'listener')
    const own = rules.list().filter((rule) => rule.listenerArn === listener.arn)
    const shown = own.toSorted((left, right) => left.priority - right.priority).map(show)
    return page([...shown, showDefault(listener)], input, (rule) => rule, 'Rules')
  }
  const shown = arns.map((arn) => {
    const owner = listeners.list().find((listener) => listener.defaultRuleArn === arn)
    return owner === undefined ? show(found(rules, arn, 'rule')) : showDefault(owner)
  })
  return page(shown, input, (rule) => rule, 'Rules')
}

function show(rule: Rule): Members {
  return {
    RuleArn: rule.arn,
    Priority: String(rule.priority),
    Conditions: rule.conditions.map(showCondition),
    Actions: rule.actions.map(showAction),
    IsDefault: false,
    Transforms: rule.transforms,
  }
}

function showDefault(listener: Listener): Members {
  return {
    RuleArn: listener.defaultRuleArn,
    Priority: 'default',
    Conditions: [],
    Actions: listener.defaultActions.map(showAction),
    IsDefault: true,
    Transforms: [],
  }
}

function existingRule(elb: ElbParts, arn: string): Rule {
  const isDefault = elb.tables.listeners
    .list()
    .some((listener) => listener.defaultRuleArn === checkedArn(arn, 'rule'))
  if (isDefault)
    throw new AwsError('OperationNotPermitted', `Default rule '${arn}' cannot be modified or deleted`)
  return found(elb.tables.rules, arn, 'rule')
}

function priorityInUse(priority: number): AwsError {
  return new AwsError('PriorityInUse', `Priority '${priority}' is currently in use`)
}

/** Transforms are kept and returned as they came; the data plane does not apply them. */
function readTransforms(input: Members): Members[] {
  const transforms = structures(input, 'Transforms')
  for (const transform of transforms) requiredText(transform, 'Type')
  return transforms
}
