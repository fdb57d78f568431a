import type { ObjectShape } from './shape.ts'
import { boolean, defaulting, enumeration, number, object } from './shape.ts'

const page =
  'https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingScalingPolicyConfiguration.html'

/** How Application Auto Scaling reads a policy that tracks a target, for a service of ECS; what is not named is not compared. */
export const trackedTargetShape: ObjectShape = {
  ...object({
    TargetValue: number,
    PredefinedMetricSpecification: { ...object({ PredefinedMetricType: enumeration }), open: true },
    ScaleInCooldown: defaulting(number, 300, page),
    ScaleOutCooldown: defaulting(number, 300, page),
    DisableScaleIn: defaulting(boolean, false, page),
  }),
  open: true,
}
