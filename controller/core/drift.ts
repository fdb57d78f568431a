import type { DefaultedDriftPolicy, ReleaseStatus } from '../resources/types.ts'
import { serviceNames } from '../resources/names.ts'
import type { DesiredRelease } from './desired.ts'
import type { Change, WantedRelease } from './diff.ts'
import { diffRelease } from './diff.ts'
import type { ReleaseObservation, Side, TargetGroupWeight } from './observation.ts'
import { otherSide } from './observation.ts'
import { isWarm } from './plan/corrections.ts'
import type { RolloutState } from './rollout/state.ts'
import { onlyTo, targetGroupWeights } from './rollout/traffic.ts'

export interface DriftInput {
  readonly desired: DesiredRelease
  readonly live: Side
  readonly last: RolloutState | undefined
  readonly lastSucceeded: RolloutState | undefined
  readonly observation: ReleaseObservation
  /** Until when the old side is, or was, to be kept; gone once its way to zero was seen to its end. */
  readonly status: Pick<ReleaseStatus, 'keepPreviousUntil'>
  readonly policy: DefaultedDriftPolicy
  readonly now: number
}

/**
 * What differs from how the last rollout left the release: what somebody changed by hand. A newer version that is only wanted yet is no drift, and
 * classes that the environment ignores are left out.
 */
export function driftOf(input: DriftInput): readonly Change[] {
  const { observation, live, policy } = input
  const idle = otherSide(live)
  const changes = diffRelease(wantedState(input), {
    service: observation.sides[live].service,
    idleService: observation.sides[idle].service,
    rules: [
      ...observation.production,
      ...(input.desired.spec.traffic?.test === undefined ? [] : [observation.test]),
    ],
  })
  return changes.filter((change) => policy[change.class] !== 'Ignore')
}

/** How the pair and its rules should stand while no rollout runs. */
function wantedState(input: DriftInput): WantedRelease {
  const { desired, live, lastSucceeded, observation } = input
  const idle = otherSide(live)
  const names = serviceNames({ release: desired.name, names: desired.spec.service.names })
  const served = lastSucceeded?.spec.taskDefinition ?? desired.recorded?.taskDefinition
  const { rule, rules, test } = desired.spec.traffic ?? {}
  const production = rules ?? (rule === undefined ? [] : [rule])
  return {
    service: {
      name: names[live],
      desiredCount: desired.spec.service.desiredCount,
      taskDefinition: served,
      settings: lastSucceeded?.spec.service.settings as Readonly<Record<string, unknown>> | undefined,
    },
    ...(observation.sides[idle].service === null
      ? {}
      : {
          idleService: {
            name: names[idle],
            desiredCount: idleCount(input),
          },
        }),
    rules: [
      ...production.map((name) => ({ rule: name, weights: targetGroupWeights(observation, onlyTo(live)) })),
      ...(test === undefined ? [] : [{ rule: test, weights: oneGroup(observation, idle) }]),
    ],
  }
}

/** The old side's count; when its time is over, whatever it has is on its way to zero, which nobody but Steersman began. */
function idleCount({ live, last, observation, status, now }: DriftInput): number | undefined {
  if (isWarm({ last, now })) return observation.sides[live].service?.desiredCount
  return status.keepPreviousUntil === undefined ? 0 : observation.sides[otherSide(live)].service?.desiredCount
}

function oneGroup(observation: ReleaseObservation, side: Side): readonly TargetGroupWeight[] {
  const targetGroup = observation.sides[side].targetGroup
  return targetGroup === null ? [] : [{ targetGroupArn: targetGroup.arn, weight: 100 }]
}
