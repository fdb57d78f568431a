import type { Members } from '../../../../controller/sandbox/kernel/operation.ts'
import type { FieldByHand, Place } from './field.ts'

const scaling = 'application-autoscaling'

/** What Terraform says of a side's scalable target. Only the bounds and what is suspended are ever Steersman's. */
export const scalingFields: readonly FieldByHand[] = [
  { name: 'scalableTarget/minimum', change: (place) => register(place, { MinCapacity: 2 }) },
  { name: 'scalableTarget/maximum', change: (place) => register(place, { MaxCapacity: 4 }) },
  {
    name: 'scalableTarget/suspended',
    change: (place) =>
      register(place, {
        SuspendedState: { DynamicScalingInSuspended: false, DynamicScalingOutSuspended: true },
      }),
  },
  { name: 'scalingPolicy', change: changePolicy },
]

const dimensionOf = ({ service }: Place): Members => ({
  ServiceNamespace: 'ecs',
  ScalableDimension: 'ecs:service:DesiredCount',
  ResourceId: `service/demo/${service}`,
})

function register(place: Place, members: Members): () => void {
  const { aws, service } = place
  const found = aws.byHand(scaling, 'DescribeScalableTargets', {
    ServiceNamespace: 'ecs',
    ResourceIds: [`service/demo/${service}`],
  })['ScalableTargets'] as readonly Members[]
  const [before] = found
  aws.byHand(scaling, 'RegisterScalableTarget', { ...dimensionOf(place), ...members })
  const back = Object.fromEntries(Object.keys(members).map((name) => [name, before?.[name]]))
  return () => void aws.byHand(scaling, 'RegisterScalableTarget', { ...dimensionOf(place), ...back })
}

function changePolicy(place: Place): () => void {
  const put = (TargetValue: number): void =>
    void place.aws.byHand(scaling, 'PutScalingPolicy', {
      ...dimensionOf(place),
      PolicyName: 'requests',
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingScalingPolicyConfiguration: { TargetValue },
    })
  put(500)
  return () => put(1_000)
}
