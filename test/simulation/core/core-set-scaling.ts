import { registration } from '../../../controller/adapters/aws/platform/scaling.ts'
import type { Action } from '../../../controller/core/action.ts'
import type { ReleaseSubject } from '../../../controller/engine/observe.ts'
import type { CoreAws } from './core-aws.ts'
import type { Steps } from './steps.ts'

/** Says what autoscaling may do to a side. */
export function* setScaling(
  aws: CoreAws,
  { cluster, serviceNames }: ReleaseSubject,
  { kind: _kind, side, ...given }: Extract<Action, { kind: 'SetScaling' }>,
): Steps<object> {
  yield* aws.write(
    'application-autoscaling:RegisterScalableTarget',
    registration({ service: { cluster, name: serviceNames[side] ?? '' }, ...given }),
  )
  return {}
}
