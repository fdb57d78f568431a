import {
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
  type ScalableTarget,
  type SuspendedState,
} from '@aws-sdk/client-application-auto-scaling'
import type { ScalingFacts } from '../../../core/observation.ts'
import type { Platform, ServiceReference } from '../../../ports/platform.ts'
import { createBatcher } from '../client/batcher.ts'
import { countOrZero, objectsIn } from '../client/members.ts'
import type { AwsTools } from '../client/tools.ts'

/** https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalableTargets.html */
const TARGETS_PER_CALL = 50

const DIMENSION = { ServiceNamespace: 'ecs', ScalableDimension: 'ecs:service:DesiredCount' } as const

/** How AWS names a service that is scaled. */
export const resourceId = ({ cluster, name }: ServiceReference): string => `service/${cluster}/${name}`

/** Application Auto Scaling of ECS services: what it may do to their counts. */
export function createScaling({ clients, send, clock }: AwsTools): Pick<Platform, 'scaling' | 'setScaling'> {
  const batcher = createBatcher<ServiceReference, ScalingFacts | null>({
    clock,
    maxSize: TARGETS_PER_CALL,
    groupOf: () => 'scalable targets',
    identityOf: resourceId,
    async read(references, hurry) {
      const command = new DescribeScalableTargetsCommand({
        ...DIMENSION,
        ResourceIds: references.map(resourceId),
        MaxResults: TARGETS_PER_CALL,
      })
      const answer = await send(
        'application-autoscaling:DescribeScalableTargets',
        (options) => clients.scaling.send(command, options),
        { hurry },
      )
      const targets = objectsIn(answer.ScalableTargets, 'a list of scalable targets')
      return references.map((reference) => {
        const found = targets.find(({ ResourceId }) => ResourceId === resourceId(reference))
        return found === undefined ? null : scalingFacts(found)
      })
    },
  })
  return {
    scaling: (references, asked) =>
      Promise.all(references.map((reference) => batcher.load(reference, asked?.hurry))),
    async setScaling(request) {
      const command = new RegisterScalableTargetCommand(registration(request))
      const answer = await send('application-autoscaling:RegisterScalableTarget', (options) =>
        clients.scaling.send(command, options),
      )
      return { requestId: answer.$metadata.requestId }
    },
  }
}

/** What is sent for a change: everything, since AWS keeps what is left out. */
export const registration = ({
  service,
  minimum,
  maximum,
  suspended,
}: Parameters<Platform['setScaling']>[0]) => ({
  ...DIMENSION,
  ResourceId: resourceId(service),
  MinCapacity: minimum,
  MaxCapacity: maximum,
  SuspendedState: {
    DynamicScalingInSuspended: suspended !== 'None',
    DynamicScalingOutSuspended: suspended === 'All',
    ScheduledScalingSuspended: suspended === 'All',
  },
})

/** A scalable target as core knows it. */
export const scalingFacts = ({ MinCapacity, MaxCapacity, SuspendedState }: ScalableTarget): ScalingFacts => ({
  minimum: countOrZero(MinCapacity, "a scalable target's minimum"),
  maximum: countOrZero(MaxCapacity, "a scalable target's maximum"),
  suspended: suspensionOf(SuspendedState),
})

/** https://docs.aws.amazon.com/autoscaling/application/APIReference/API_SuspendedState.html */
function suspensionOf(state: SuspendedState | undefined): ScalingFacts['suspended'] {
  const scaleIn = state?.DynamicScalingInSuspended === true
  const scaleOut = state?.DynamicScalingOutSuspended === true
  const scheduled = state?.ScheduledScalingSuspended === true
  if (scaleOut !== scheduled) return 'Other'
  if (scaleOut) return scaleIn ? 'All' : 'Other'
  return scaleIn ? 'ScaleIn' : 'None'
}
