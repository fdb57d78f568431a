import type { ServiceSettings } from '../../resources/types.ts'
import type { DesiredRelease } from '../desired.ts'
import type { RolloutState } from '../rollout/state.ts'
import { targetPlace } from '../rollout/state.ts'

/** The settings that go along with a write to a service: the running rollout's, else the wanted ones. One service goes back to those that it had before. */
export function settingsWith(
  rollout: RolloutState | undefined,
  desired: Pick<DesiredRelease, 'spec'> | undefined,
): ServiceSettings | undefined {
  if (rollout === undefined) return desired?.spec.service.settings
  const { spec, status } = rollout
  const isReturning = status.phase === 'RollingBack' && targetPlace(rollout) === 'only'
  return isReturning ? spec.from.settings : (spec.service.settings ?? desired?.spec.service.settings)
}
