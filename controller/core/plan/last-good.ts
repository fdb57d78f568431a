import type { RolloutSpec } from '../../resources/generated/rollout.ts'
import type { Place, Side } from '../observation.ts'
import { otherSide, seenAt } from '../observation.ts'
import type { RolloutState } from '../rollout/state.ts'
import { atOnce } from '../rollout/shift-steps.ts'
import { isFailure, targetPlace } from '../rollout/state.ts'
import type { PlanInput } from './decision.ts'
import { failureOf, noLongerRuns, openRetry } from './need.ts'
import { onlyOrigin } from './only-spec.ts'
import { keptSide, rolloutOrigin } from './rollout-spec.ts'
import { settingsChange } from './settings.ts'

/** The content that is worked for: the wanted one, or the last good one while the wanted one is refused. A running rollout of the wanted one is another try. */
export function pursuedDigest(
  input: Pick<PlanInput, 'desired' | 'status' | 'last' | 'lastSucceeded' | 'requests'> & {
    readonly active: RolloutState | undefined
  },
): string {
  const { desired, active, lastSucceeded } = input
  if (active?.spec.digest === desired.digest) return desired.digest
  const isRefused = failureOf(input) !== undefined && openRetry(input) === undefined
  return (isRefused ? lastSucceeded?.spec.digest : undefined) ?? desired.digest
}

/** A rollout of the last good version, where the wanted one is refused and the live side no longer runs what was left there, with all that its tasks were given, or nothing at all; undefined when it does. */
export function restoreLastGood(input: PlanInput, live: Place): RolloutSpec | undefined {
  const { desired, lastSucceeded, last, drift, observation } = input
  if (lastSucceeded === undefined || drift.service !== 'Correct') return undefined
  const { requestedAt: _answered, group: _together, ...spec } = lastSucceeded.spec
  const isRefused = last?.spec.digest === spec.digest && isFailure(last.status)
  const { service } = seenAt(observation, live)
  const serves =
    service?.status === 'ACTIVE' &&
    service.taskDefinition === spec.taskDefinition &&
    settingsChange(service, spec.service.settings, desired.spec.ignore).replacing.length === 0
  // Another version that keeps the traffic there is left alone; one whose service is gone serves nobody.
  const isElsewhere = targetPlace(lastSucceeded) !== live && service?.status === 'ACTIVE'
  if (serves || isRefused || isElsewhere) return undefined
  return {
    ...spec,
    number: input.nextNumber,
    why: 'Drift',
    who: 'steersman',
    reason: noLongerRuns(live),
    ...(live === 'only' ? fromOnly(input, spec) : fromSideToSide(input, spec, live)),
  }
}

/** ECS moves the traffic of what is no new version at once. */
const fromOnly = (
  input: PlanInput,
  { engine, strategy }: RolloutState['spec'],
): Pick<RolloutSpec, 'strategy' | 'from'> => ({
  strategy: engine === undefined ? strategy : atOnce(strategy),
  from: onlyOrigin(input),
})

function fromSideToSide(
  input: PlanInput,
  { strategy }: RolloutState['spec'],
  live: Side,
): Pick<RolloutSpec, 'strategy' | 'from' | 'to'> {
  const kept = keptSide(input, live)
  return {
    strategy: atOnce(strategy),
    from: rolloutOrigin(input, kept),
    to: { side: otherSide(kept) },
  }
}
