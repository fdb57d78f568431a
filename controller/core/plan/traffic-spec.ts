import type { RolloutTraffic } from '../../resources/generated/rollout.ts'
import type { DesiredRelease } from '../desired.ts'

/** Where a rollout's traffic comes through, as it is written down. Throws for a release that has none. */
export function trafficSpec({
  name,
  spec,
  container,
  containerPort,
}: Pick<DesiredRelease, 'name' | 'spec' | 'container' | 'containerPort'>): RolloutTraffic {
  const { traffic } = spec
  if (traffic === undefined) throw new Error(`release ${name} has no traffic`)
  return {
    loadBalancer: traffic.loadBalancer,
    rules: traffic.rules ?? (traffic.rule === undefined ? [] : [traffic.rule]),
    ...(traffic.test === undefined ? {} : { test: traffic.test }),
    targetGroups: traffic.targetGroups,
    ...(container === undefined ? {} : { container }),
    ...(containerPort === undefined ? {} : { containerPort }),
  }
}
