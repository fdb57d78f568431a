import type { Traffic } from '../../../ports/traffic.ts'
import type { AwsTools } from '../client/tools.ts'
import { createLoadBalancerReads } from './load-balancers.ts'
import { createRuleReads } from './rules.ts'
import { createTagWrites } from './tag-writes.ts'
import { createTargetGroupReads } from './target-groups.ts'
import { createTargetReads } from './targets.ts'
import { createWeightWrites } from './weights.ts'

/** Elastic Load Balancing behind the traffic port. */
export function createTraffic(tools: AwsTools): Traffic {
  return {
    loadBalancer: createLoadBalancerReads(tools),
    targetGroups: createTargetGroupReads(tools),
    rules: createRuleReads(tools),
    targets: createTargetReads(tools),
    setWeights: createWeightWrites(tools),
    tag: createTagWrites(tools),
  }
}
