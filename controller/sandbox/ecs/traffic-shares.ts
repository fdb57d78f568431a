import type { Members } from '../kernel/operation.ts'
import { optionalRecord, optionalRecords, optionalText } from '../members.ts'
import type { EcsWorld } from './parts.ts'
import type { ServiceRevisionState, ServiceState } from './state.ts'

/** The groups that the tasks of a new revision register in: for each load balancer the one that the serving revision does not use. */
export function groupsOfNext(members: Members, serving: ServiceRevisionState | undefined): readonly string[] {
  return (optionalRecords(members, 'loadBalancers') ?? []).map((balancer, position) => {
    const primary = optionalText(balancer, 'targetGroupArn') ?? ''
    const advanced = optionalRecord(balancer, 'advancedConfiguration') ?? {}
    const alternate = optionalText(advanced, 'alternateTargetGroupArn')
    return serving?.targetGroups[position] === primary && alternate !== undefined ? alternate : primary
  })
}

/** The load balancers of a revision with the groups that its tasks really register in. */
export const resolvedBalancers = (revision: ServiceRevisionState): Members[] =>
  (optionalRecords(revision.members, 'loadBalancers') ?? []).map((balancer, position) => ({
    ...balancer,
    targetGroupArn: revision.targetGroups[position] ?? balancer['targetGroupArn'],
  }))

/**
 * Divides the production rules, or the test rules, of a service: so much of the traffic, in percent, to the groups of the given revision and the rest to
 * the others. Weights are whole numbers: parts of a percent are rounded.
 */
export function divideRules(
  world: EcsWorld,
  service: ServiceState,
  to: { readonly rule: 'production' | 'test'; readonly revisionArn: string; readonly percent: number },
): void {
  const revision = world.tables.serviceRevisions.get(to.revisionArn)
  const name = to.rule === 'production' ? 'productionListenerRule' : 'testListenerRule'
  for (const [position, balancer] of (optionalRecords(service.members, 'loadBalancers') ?? []).entries()) {
    const advanced = optionalRecord(balancer, 'advancedConfiguration') ?? {}
    const rule = optionalText(advanced, name)
    const primary = optionalText(balancer, 'targetGroupArn') ?? ''
    const alternate = optionalText(advanced, 'alternateTargetGroupArn') ?? ''
    if (rule === undefined) continue
    const own = revision?.targetGroups[position] ?? primary
    const weight = Math.round(to.percent)
    const weightOf = (group: string): number => (group === own ? weight : 100 - weight)
    world.targets.divide(
      rule,
      [primary, alternate].map((group) => ({ targetGroupArn: group, weight: weightOf(group) })),
    )
  }
}
