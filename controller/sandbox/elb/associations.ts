import { AwsError } from '../kernel/error.ts'
import type { TableView } from '../kernel/table.ts'
import { Table } from '../kernel/table.ts'
import { targetGroupsOf, type Action } from './actions.ts'
import { found } from './describe.ts'
import type { ElbTables, Listener, Rule } from './state.ts'

/** Not adjustable: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const TARGET_GROUPS_PER_LOAD_BALANCER = 100

type Associations = ReadonlyMap<string, ReadonlySet<string>>

/** Of tables as they are now, by that of the rules: many ask between two changes. */
const newest = new WeakMap<object, { readonly version: string; readonly byGroup: Associations }>()

/** Which load balancers forward to a target group, by its ARN. A weight of 0 counts as forwarding. */
export function associations({ listeners, rules }: View): Associations {
  if (!(listeners instanceof Table && rules instanceof Table)) return readAssociations({ listeners, rules })
  const version = `${listeners.version} ${rules.version}`
  const known = newest.get(rules)
  if (known?.version === version) return known.byGroup
  const byGroup = readAssociations({ listeners, rules })
  newest.set(rules, { version, byGroup })
  return byGroup
}

interface View {
  readonly listeners: TableView<Listener>
  readonly rules: TableView<Rule>
}

function readAssociations({ listeners, rules }: View): Associations {
  const byGroup = new Map<string, Set<string>>()
  const note = (actions: readonly Action[], loadBalancerArn: string) => {
    for (const arn of targetGroupsOf(actions)) {
      const owners = byGroup.get(arn)
      if (owners === undefined) byGroup.set(arn, new Set([loadBalancerArn]))
      else owners.add(loadBalancerArn)
    }
  }
  for (const listener of listeners.list()) note(listener.defaultActions, listener.loadBalancerArn)
  for (const rule of rules.list()) {
    const listener = listeners.get(rule.listenerArn)
    if (listener !== undefined) note(rule.actions, listener.loadBalancerArn)
  }
  return byGroup
}

/**
 * Refuses actions whose target groups don't exist, don't fit the listener's protocol, belong to another load balancer, or
 * would be more than 100 on this one. `replacing` is the ARN of the listener or rule whose actions they replace.
 */
export function checkForwards(
  tables: ElbTables,
  actions: readonly Action[],
  place: { loadBalancerArn: string; replacing?: string },
): void {
  const wanted = targetGroupsOf(actions)
  for (const arn of wanted) {
    const group = found(tables.targetGroups, arn, 'targetGroup')
    if (
      tables.loadBalancers.get(place.loadBalancerArn)?.type === 'application' &&
      !fitsApplication(group.protocol)
    ) {
      throw new AwsError(
        'IncompatibleProtocols',
        `The protocol of target group '${arn}' is not compatible with the listener's`,
      )
    }
  }
  const { here, shared } = forwardsBeside(tables, { ...place, wanted: new Set(wanted) })
  if (shared.length > 0) {
    throw new AwsError(
      'TargetGroupAssociationLimit',
      `The following target groups cannot be associated with more than one load balancer: ${shared.join(', ')}`,
    )
  }
  if (new Set([...here, ...wanted]).size > TARGET_GROUPS_PER_LOAD_BALANCER) {
    throw new AwsError(
      'TooManyUniqueTargetGroupsPerLoadBalancer',
      `You have reached the maximum number of unique target groups that you can associate with load balancer '${place.loadBalancerArn}': [${TARGET_GROUPS_PER_LOAD_BALANCER}]`,
    )
  }
}

function fitsApplication(protocol: string | undefined): boolean {
  return protocol === undefined || protocol === 'HTTP' || protocol === 'HTTPS'
}

/** What all other listeners and rules forward to: here, the groups of this load balancer; and of the wanted groups, those that another one has. */
function forwardsBeside(
  { listeners, rules }: ElbTables,
  place: { loadBalancerArn: string; replacing?: string; wanted: ReadonlySet<string> },
): { readonly here: readonly string[]; readonly shared: readonly string[] } {
  const here: string[] = []
  const shared = new Set<string>()
  const note = (arn: string, actions: readonly Action[], loadBalancerArn: string | undefined): void => {
    if (arn === place.replacing || loadBalancerArn === undefined) return
    const groups = targetGroupsOf(actions)
    if (loadBalancerArn === place.loadBalancerArn) here.push(...groups)
    else for (const group of groups) if (place.wanted.has(group)) shared.add(group)
  }
  for (const [arn, listener] of listeners.entries())
    note(arn, listener.defaultActions, listener.loadBalancerArn)
  for (const [arn, rule] of rules.entries())
    note(arn, rule.actions, listeners.get(rule.listenerArn)?.loadBalancerArn)
  return { here, shared: [...place.wanted].filter((arn) => shared.has(arn)) }
}
