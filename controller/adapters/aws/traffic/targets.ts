import {
  DescribeTargetHealthCommand,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { TargetFacts, TargetState } from '../../../core/observation.ts'
import type { Traffic } from '../../../ports/traffic.ts'
import { createSharedReads } from '../client/shared-reads.ts'
import type { AwsTools } from '../client/tools.ts'
import { unreadable } from '../client/unreadable.ts'

const states: Readonly<Record<string, TargetState>> = {
  initial: 'initial',
  healthy: 'healthy',
  unhealthy: 'unhealthy',
  'unhealthy.draining': 'draining',
  unused: 'unused',
  draining: 'draining',
  unavailable: 'unavailable',
}

/** DescribeTargetHealth: one target group to a call, no pages. */
export function createTargetReads({ clients, send, epoch }: AwsTools): Traffic['targets'] {
  const shared = createSharedReads<readonly TargetFacts[]>(epoch)
  return (targetGroupArn) =>
    shared.share(targetGroupArn, async () => {
      const command = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn })
      const answer = await send('elasticloadbalancing:DescribeTargetHealth', (options) =>
        clients.elb.send(command, options),
      )
      return (answer.TargetHealthDescriptions ?? []).map(targetFacts)
    })
}

/** A state that we do not know never counts as healthy. */
export function targetFacts({ Target: target, TargetHealth: health }: TargetHealthDescription): TargetFacts {
  if (target?.Id === undefined) throw unreadable("a target's id")
  return {
    id: target.Id,
    port: target.Port ?? 0,
    state: states[health?.State ?? ''] ?? 'unavailable',
    reason: health?.Reason,
  }
}
