import { DescribeScalingPoliciesCommand } from '@aws-sdk/client-application-auto-scaling'
import type { DeepLooks } from '../../../ports/deep-looks.ts'
import { objectsIn } from '../client/members.ts'
import { plainDocument } from '../client/plain.ts'
import type { AwsTools } from '../client/tools.ts'
import { resourceId } from '../platform/scaling.ts'

/** DescribeScalingPolicies: one service to a call, or all of an account. AWS allows 50 policies for a service, which is a page. */
export function createPolicyReads({ clients, send }: AwsTools): DeepLooks['policies'] {
  return async (service) => {
    const command = new DescribeScalingPoliciesCommand({
      ServiceNamespace: 'ecs',
      ScalableDimension: 'ecs:service:DesiredCount',
      ResourceId: resourceId(service),
    })
    const answer = await send('application-autoscaling:DescribeScalingPolicies', (options) =>
      clients.scaling.send(command, options),
    )
    return objectsIn(answer.ScalingPolicies, 'a list of scaling policies').map(plainDocument)
  }
}
