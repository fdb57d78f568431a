import { seeRelease, sideNames } from './view.ts'
import type { SimulatedAws } from './simulated-aws.ts'
import type { Pair } from './shape.ts'
import { ACCOUNT, REGION, serviceName } from './shape.ts'

/** What Terraform says of each side of a release. */
export const SCALING_BOUNDS = { minimum: 1, maximum: 6 }

/** Scalable targets with a policy for every service, as soon as it is made, and bounds as its tags: as modules/service has them. */
export function trackCounts(aws: SimulatedAws): void {
  aws.listen({
    afterCall({ operation, input, who }, _reply, happened) {
      if (operation !== 'CreateService' || !happened || who === 'people') return
      const dimension = {
        ServiceNamespace: 'ecs',
        ScalableDimension: 'ecs:service:DesiredCount',
        ResourceId: `service/demo/${String(input['serviceName'])}`,
      }
      const { minimum, maximum } = SCALING_BOUNDS
      const tags = { 'steersman.dev/minimum-tasks': minimum, 'steersman.dev/maximum-tasks': maximum }
      aws.byHand('ecs', 'TagResource', {
        resourceArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:service/demo/${String(input['serviceName'])}`,
        tags: Object.entries(tags).map(([key, value]) => ({ key, value: String(value) })),
      })
      aws.byHand('application-autoscaling', 'RegisterScalableTarget', {
        ...dimension,
        MinCapacity: 0,
        MaxCapacity: maximum,
        SuspendedState: { DynamicScalingInSuspended: true },
      })
      aws.byHand('application-autoscaling', 'PutScalingPolicy', {
        ...dimension,
        PolicyName: 'requests',
        PolicyType: 'TargetTrackingScaling',
        TargetTrackingScalingPolicyConfiguration: { TargetValue: 1_000 },
      })
    },
  })
}

/** The load of a release asks for so many tasks: the policies of a side with traffic want them, those of an idle side want as few as they may have. */
export function load(aws: SimulatedAws, pair: Pair, wanted: number): void {
  const { weights } = seeRelease(aws, pair)
  for (const side of sideNames) {
    if (!isScaled(aws, pair, side)) continue
    aws.world.demand(`demo/${serviceName(pair, side)}`, (weights?.[side] ?? 0) > 0 ? wanted : 0)
  }
}

const isScaled = ({ ecs }: SimulatedAws, pair: Pair, side: 'blue' | 'green'): boolean =>
  ecs.tables.services
    .list()
    .some(({ serviceName: name, status }) => name === serviceName(pair, side) && status === 'ACTIVE')
