import {
  DescribeTargetHealthCommand,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { TargetFacts, TargetState } from '../../../core/observation.ts'
import type { Traffic } from '../../../ports/traffic.ts'
import { createSharedReads } from '../client/shared-reads.ts'
import type { AwsTools } from '../client/tools.ts'
import { objectsIn, optionalText, portOrZero, requiredText } from '../client/members.ts'

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
  const read = async (targetGroupArn: string, hurry: AbortSignal): Promise<readonly TargetFacts[]> => {
    const command = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn })
    const answer = await send(
      'elasticloadbalancing:DescribeTargetHealth',
      (options) => clients.elb.send(command, options),
      { hurry },
    )
    return objectsIn(answer.TargetHealthDescriptions, 'a list of targets').map(targetFacts)
  }
  return (targetGroupArn, asked) =>
    shared.share(targetGroupArn, (hurry) => read(targetGroupArn, hurry), asked?.hurry)
}

/** A state that we do not know never counts as healthy. */
export function targetFacts({ Target: target, TargetHealth: health }: TargetHealthDescription): TargetFacts {
  const state = optionalText(health?.State, "a target's state") ?? ''
  return {
    id: requiredText(target?.Id, "a target's id"),
    port: portOrZero(target?.Port, "a target's port"),
    state: (Object.hasOwn(states, state) ? states[state] : undefined) ?? 'unavailable',
    reason: optionalText(health?.Reason, "a target's reason"),
  }
}
