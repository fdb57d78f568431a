import type { DefaultedDriftPolicy, ReleaseStatus } from '../resources/types.ts'
import type { DesiredRelease } from './desired.ts'
import { canonicalJson } from './canonical-json.ts'
import type { Change, WantedRelease } from './diff.ts'
import { diffRelease } from './diff.ts'
import type { WantedRule } from './diff/wanted.ts'
import type { Place, ReleaseObservation, Side } from './observation.ts'
import { otherSide, seenAt } from './observation.ts'
import { isLeftByWayBack, isWarm, warmCount } from './plan/corrections.ts'
import { hasTaken } from './plan/live.ts'
import { namesOf } from './places.ts'
import { renamedSides } from './plan/renamed.ts'
import { scheduleChanges } from './plan/schedules.ts'
import { isInPlace } from './plan/settings.ts'
import type { RolloutState } from './rollout/state.ts'
import { onlyTo, targetGroupWeights } from './rollout/traffic.ts'

export interface DriftInput {
  readonly desired: DesiredRelease
  readonly live: Place
  readonly last: RolloutState | undefined
  readonly lastSucceeded: RolloutState | undefined
  readonly observation: ReleaseObservation
  /** Until when the old side is, or was, to be kept; gone once its way to zero was seen to its end. And the commit that was brought about last. */
  readonly status: Pick<ReleaseStatus, 'keepPreviousUntil' | 'verified' | 'schedules'>
  readonly policy: DefaultedDriftPolicy
  readonly now: number
}

/**
 * What differs from how the last rollout left the release: what somebody changed by hand. A newer version that is only wanted yet is no drift, and
 * what is left to others, or is of a class that the environment ignores, is left out.
 */
export function driftOf(input: DriftInput): readonly Change[] {
  const { observation, live, policy } = input
  if (hasNeverServed(input) || renamedSides(input).length > 0) return []
  const changes = diffRelease(wantedState(input), {
    service: seenAt(observation, live).service,
    ...(live === 'only' ? {} : { idleService: observation.sides[otherSide(live)].service }),
    rules: [
      ...observation.production,
      ...(input.desired.spec.traffic?.test === undefined ? [] : [observation.test]),
    ],
  })
  return [...changes, ...scheduleChanges(input)].filter((change) => policy[change.class] !== 'Ignore')
}

/** Whether the first versions were tried and none took the traffic: there is nothing yet that could have been changed. */
const hasNeverServed = ({ desired, last, lastSucceeded }: DriftInput): boolean =>
  lastSucceeded === undefined &&
  desired.recorded === undefined &&
  last !== undefined &&
  last.spec.from.taskDefinition === undefined &&
  !hasTaken(last)

/** How the pair and its rules should stand while no rollout runs. */
function wantedState(input: DriftInput): WantedRelease {
  const { desired, live, lastSucceeded } = input
  const names = namesOf(desired)
  const { service } = seenAt(input.observation, live)
  const isLeft = service !== null && isLeftByWayBack(input, service.desiredCount)
  const served = lastSucceeded?.spec.taskDefinition ?? desired.recorded?.taskDefinition
  return {
    service: {
      name: names[live] ?? '',
      desiredCount: isAhead(input) || isLeft ? undefined : desired.spec.service.desiredCount,
      taskDefinition: served,
      settings: settingsOf(input),
    },
    ...(live === 'only' ? {} : pairState({ ...input, live })),
    ignore: desired.spec.ignore,
  }
}

type PairInput = DriftInput & { readonly live: Side }

function pairState(input: PairInput): Pick<WantedRelease, 'idleService' | 'rules'> {
  const { desired, live, observation } = input
  const idle = otherSide(live)
  const name = namesOf(desired)[idle] ?? ''
  return {
    ...(observation.sides[idle].service === null
      ? {}
      : { idleService: { name, desiredCount: idleCount(input) } }),
    rules: rulesOf(input),
  }
}

/** Whether a newer commit is wanted than the one that was brought about, if any was: what it changes is not there yet. */
const isAhead = ({ status, desired, lastSucceeded }: DriftInput): boolean =>
  (status.verified?.commit ?? lastSucceeded?.spec.commit) !== desired.commit

type Settings = Readonly<Record<string, unknown>>

/** Settings of tasks came with the last rollout, the others with the commit that was brought about last. */
function settingsOf(input: DriftInput): Settings {
  const rolledOut: Settings = { ...input.lastSucceeded?.spec.service.settings }
  const wanted: Settings = isAhead(input) ? {} : { ...input.desired.spec.service.settings }
  return {
    ...membersOf(rolledOut, (name) => !isInPlace(name)),
    ...membersOf(wanted, isInPlace),
  }
}

const membersOf = (settings: Settings, isWanted: (name: string) => boolean): Settings =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => isWanted(name)))

/** Rules that only a newer commit names are nobody's change. */
function rulesOf(input: PairInput): readonly WantedRule[] | undefined {
  const { desired, live, lastSucceeded, observation } = input
  const { loadBalancer, targetGroups, rule, rules, test } = desired.spec.traffic ?? {}
  const production = rules ?? (rule === undefined ? [] : [rule])
  const named = { loadBalancer, rules: production, test, targetGroups }
  if (isAhead(input) && lastSucceeded !== undefined && !isSameTraffic(named, lastSucceeded)) return undefined
  return [
    ...production.map((name) => ({
      rule: name,
      weights: targetGroupWeights(observation, onlyTo(live)),
      ...(isAhead(input) || desired.actions === undefined ? {} : { actions: desired.actions }),
    })),
    ...(test === undefined
      ? []
      : [{ rule: test, weights: targetGroupWeights(observation, onlyTo(otherSide(live))) }]),
  ]
}

function isSameTraffic(named: object, { spec }: RolloutState): boolean {
  const { loadBalancer, rules, test, targetGroups } = spec.traffic ?? {}
  return canonicalJson(named) === canonicalJson({ loadBalancer, rules, test, targetGroups })
}

/** The old side's count; when its time is over, whatever it has is on its way to zero, which nobody but Steersman began. */
function idleCount(input: PairInput): number | undefined {
  const { live, last, observation, status, now, desired } = input
  if (isWarm({ last, now })) {
    // It follows the live side a step later, or after a suspension: where that may just have got another count, nobody has changed this one.
    const wanted = desired.spec.service.desiredCount
    if (isAhead(input) || wanted === undefined) return undefined
    const idle = otherSide(live)
    return observation.sides[idle].service?.desiredCount === wanted ? wanted : warmCount(observation, idle)
  }
  return status.keepPreviousUntil === undefined ? 0 : observation.sides[otherSide(live)].service?.desiredCount
}
