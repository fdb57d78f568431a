import { AwsError } from '../kernel/error.ts'
import type { TableView } from '../kernel/table.ts'
import { targetGroupsOf, type Action } from './actions.ts'
import { found } from './describe.ts'
import type { ElbTables, Listener, Rule } from './state.ts'

/** Not adjustable: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const TARGET_GROUPS_PER_LOAD_BALANCER = 100

/** Which load balancers forward to a target group, by its ARN. A weight of 0 counts as forwarding. */
export function associations(view: {
  listeners: TableView<Listener>
  rules: TableView<Rule>
}): Map<string, Set<string>> {
  const byGroup = new Map<string, Set<string>>()
  const note = (actions: readonly Action[], loadBalancerArn: string) => {
    for (const arn of targetGroupsOf(actions)) {
      byGroup.set(arn, (byGroup.get(arn) ?? new Set()).add(loadBalancerArn))
    }
  }
  for (const listener of view.listeners.list()) note(listener.defaultActions, listener.loadBalancerArn)
  for (const rule of view.rules.list()) {
    const listener = view.listeners.get(rule.listenerArn)
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
  const others = associations({
    listeners: without(tables.listeners, place),
    rules: without(tables.rules, place),
  })
  const shared = wanted.filter((arn) =>
    [...(others.get(arn) ?? [])].some((owner) => owner !== place.loadBalancerArn),
  )
  if (shared.length > 0) {
    throw new AwsError(
      'TargetGroupAssociationLimit',
      `The following target groups cannot be associated with more than one load balancer: ${shared.join(', ')}`,
    )
  }
  const here = [...others].filter(([, owners]) => owners.has(place.loadBalancerArn)).map(([arn]) => arn)
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

/** The rows with the replaced one's actions left out; a listener stays known, because its rules are found through it. */
function without<T extends Listener | Rule>(rows: TableView<T>, place: { replacing?: string }): TableView<T> {
  const blank = (row: T): T =>
    row.arn !== place.replacing
      ? row
      : 'defaultActions' in row
        ? { ...row, defaultActions: [] }
        : { ...row, actions: [] }
  return {
    get: (id) => rows.get(id),
    list: () => rows.list().map(blank),
  }
}
