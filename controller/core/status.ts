import { findCondition, setCondition } from '../resources/conditions.ts'
import type { CorrectedDrift } from '../resources/generated/release.ts'
import type {
  Condition,
  DriftedField,
  IrreversibleChange,
  LiveSide,
  ReleaseStatus,
} from '../resources/types.ts'
import type { Change } from './diff.ts'
import type { DeepDrift } from './drifted-fields.ts'
import { driftAfter, driftedFields, MAXIMUM_DRIFT, ofTier } from './drifted-fields.ts'
import type { DesiredRelease } from './desired.ts'
import type { FirstRollouts } from './irreversible.ts'
import { changesBeyond, describeChanges } from './irreversible.ts'
import type { Place, ReleaseObservation } from './observation.ts'
import { otherSide, seenAt } from './observation.ts'
import type { Outcome } from './outcome.ts'
import { resting, restingMessage, withCorrections, withinHour } from './plan/flapping.ts'
import { hasTaken } from './plan/live.ts'
import { renamedSides } from './plan/renamed.ts'
import { seenSchedules } from './plan/schedules.ts'
import { tagKeysOf } from './plan/tags.ts'
import type { RolloutState } from './rollout/state.ts'
import { isFinished } from './rollout/state.ts'
import { allRulesAt, onlyTo, weightsOf } from './rollout/traffic.ts'
import { fromTimestamp, STALENESS_BOUND_MS, timestamp } from './time.ts'

/** All that a release's status is made of at the end of a reconcile. */
export interface StatusFacts {
  readonly previous: ReleaseStatus
  readonly generation: number
  readonly outcome: Outcome
  readonly desired: DesiredRelease | undefined
  readonly observation: ReleaseObservation
  readonly live: Place | undefined
  readonly last: RolloutState | undefined
  readonly lastSucceeded: RolloutState | undefined
  /** Undefined when the look did not show enough to tell. */
  readonly drift: readonly Change[] | undefined
  /** What the last deep look showed; undefined before the first one. */
  readonly deep?: DeepDrift | undefined
  readonly held: ReleaseStatus['held'] | undefined
  /** What going back does not undo. */
  readonly irreversible?: IrreversibleFacts
  readonly now: number
}

interface IrreversibleFacts {
  readonly changes: readonly IrreversibleChange[]
  readonly first: FirstRollouts
  /** Whether a rollout is on its way to another version: what was done for it is not told against the one that serves. */
  readonly isMovingOn: boolean
}

/** A release's status after a reconcile, with conditions in kstatus' polarity. */
export function releaseStatus(facts: StatusFacts): ReleaseStatus {
  const { previous, desired, last } = facts
  const pin = desired?.spec.pin ?? undefined
  const drift = driftAfter(facts)
  const live = liveOf(facts)
  const traffic = trafficOf(facts)
  const {
    waiting: _waiting,
    pinned: _pinned,
    held: _held,
    drift: _drift,
    keepPreviousUntil,
    tagKeys: _tagKeys,
    schedules: _schedules,
    trafficTags: _trafficTags,
    corrections,
    ...kept
  } = previous
  return {
    ...kept,
    ...(keepPreviousUntil === undefined || isCold(facts, keepPreviousUntil) ? {} : { keepPreviousUntil }),
    ...tagKeysAfter(facts),
    ...trafficTagsAfter(facts),
    ...seenSchedules(facts),
    ...correctionsOf(withinHour(corrections ?? [], facts.now)),
    observedGeneration: facts.generation,
    conditions: conditionsOf(facts, { drift, beyond: beyondOf(facts, live) }),
    ...irreversibleOf(facts),
    ...(live === undefined ? {} : { live }),
    ...(traffic === undefined ? {} : { traffic }),
    ...(last === undefined ? {} : { rollout: last.name }),
    ...(drift.length === 0 ? {} : { drift: [...drift] }),
    ...(facts.outcome.kind === 'Waiting' ? { waiting: waitingOf(facts.outcome) } : {}),
    ...(pin === undefined ? {} : { pinned: pin }),
    ...(facts.held === undefined ? {} : { held: facts.held }),
    ...(facts.outcome.kind === 'Converged' && desired !== undefined ? convergedFields(facts, desired) : {}),
  }
}

function irreversibleOf({ irreversible }: StatusFacts): Pick<ReleaseStatus, 'irreversible'> {
  const changes = irreversible?.changes ?? []
  return changes.length === 0 ? {} : { irreversible: [...changes] }
}

/** Keys of the services' tags that are Steersman's: what was given up is gone once all is as wanted. */
function tagKeysAfter({ previous, outcome, desired }: StatusFacts): Pick<ReleaseStatus, 'tagKeys'> {
  const wanted = tagKeysOf(desired?.spec.service.settings)
  const keys = outcome.kind === 'Converged' && desired !== undefined ? wanted : (previous.tagKeys ?? [])
  return keys.length === 0 ? {} : { tagKeys: [...keys] }
}

function trafficTagsAfter({ previous, deep }: StatusFacts): Pick<ReleaseStatus, 'trafficTags'> {
  const tags = deep?.tags ?? previous.trafficTags ?? {}
  return Object.keys(tags).length === 0 ? {} : { trafficTags: tags }
}

/** Whether the old side is known to be at zero after its time; a read may be as old as the staleness bound. */
const isCold = (facts: StatusFacts, keepPreviousUntil: string): boolean =>
  (facts.outcome.kind === 'Converged' || showsCold(facts)) &&
  fromTimestamp(keepPreviousUntil) + STALENESS_BOUND_MS <= facts.now

/** The same seen where nobody can say what is wanted: nothing else is put right there. */
function showsCold({ outcome, desired, last, observation }: StatusFacts): boolean {
  if (desired !== undefined || outcome.kind === 'Progressing' || last?.status.phase !== 'Succeeded')
    return false
  const { side } = last.spec.to
  if (side === undefined) return true
  const { service } = observation.sides[otherSide(side)]
  return observation.seen.includes('services') && (service === null || service.desiredCount === 0)
}

function convergedFields(
  { previous, lastSucceeded, now }: StatusFacts,
  desired: DesiredRelease,
): Pick<ReleaseStatus, 'revision' | 'verified'> {
  const same = previous.verified?.commit === desired.commit && previous.verified.digest === desired.digest
  const at = same ? previous.verified?.at : undefined
  return {
    revision: desired.revision,
    verified: {
      commit: desired.commit,
      digest: desired.digest,
      at: at ?? timestamp(now),
      ...(lastSucceeded === undefined ? {} : { rollout: lastSucceeded.name }),
    },
  }
}

function liveOf(facts: StatusFacts): LiveSide | undefined {
  const { observation, live, previous, lastSucceeded, desired, now } = facts
  if (live === undefined || !observation.seen.includes('services')) return previous.live
  // What serves under its old name was not looked at.
  if (desired !== undefined && renamedSides({ ...facts, desired }).length > 0) return previous.live
  const { service } = seenAt(observation, live)
  if (service === null || service.desiredCount === 0) return { side: 'none' }
  const { taskDefinition } = service
  const side = live === 'only' ? {} : { side: live }
  const same = isSameVersion(previous.live, { ...side, taskDefinition })
  const origin = lastSucceeded?.spec.taskDefinition === taskDefinition ? lastSucceeded : undefined
  const image = origin?.spec.image?.digest
  return {
    ...side,
    taskDefinition,
    since: (same ? previous.live?.since : undefined) ?? timestamp(now),
    ...(image === undefined ? {} : { digest: image }),
    ...(origin === undefined ? {} : { contentDigest: origin.spec.digest }),
  }
}

const isSameVersion = (before: LiveSide | undefined, now: LiveSide): boolean =>
  before?.side === now.side && before?.taskDefinition === now.taskDefinition

function trafficOf({ observation, previous }: StatusFacts): ReleaseStatus['traffic'] {
  const [rule] = observation.production
  if (!observation.seen.includes('rules') || rule === undefined || rule === null) return previous.traffic
  const { blue, green } = weightsOf(rule, observation).weights
  return { blue, green }
}

/** A status with drift that is about to be corrected. While the traffic goes elsewhere the release is not Ready, whatever was known before. */
export function statusWithDrift(
  previous: ReleaseStatus,
  {
    changes,
    deep,
    lastSucceeded,
    observation,
    live,
    now,
  }: {
    readonly changes: readonly Change[]
    readonly deep?: DeepDrift | undefined
    readonly lastSucceeded: RolloutState | undefined
    readonly observation: ReleaseObservation
    readonly live: Place
    readonly now: number
  },
): ReleaseStatus {
  const look = { tier: 'Fast', at: now, lastSucceeded } as const
  const drift = driftedFields(changes, previous.drift, look)
  const slow =
    deep === undefined
      ? ofTier(previous.drift, 'Deep')
      : driftedFields(deep.changes, previous.drift, { tier: 'Deep', at: deep.at, lastSucceeded })
  // Of what deep looks show, tags are put back; the rest is only told.
  const mended = slow.filter(({ owner }) => owner === 'Steersman')
  const corrections = withCorrections(previous.corrections, [...drift, ...mended], now)
  const noted = {
    ...previous,
    drift: [...drift, ...slow].slice(0, MAXIMUM_DRIFT),
    ...correctionsOf(corrections),
  }
  if (live === 'only' || allRulesAt(observation, onlyTo(live))) return noted
  const notReady = {
    type: 'Ready',
    status: 'False',
    reason: 'Differs',
    message: driftMessage(drift),
  } as const
  return { ...noted, conditions: setCondition(previous.conditions ?? [], notReady, timestamp(now)) }
}

const correctionsOf = (corrections: readonly CorrectedDrift[]): Pick<ReleaseStatus, 'corrections'> =>
  corrections.length === 0 ? {} : { corrections: [...corrections] }

const waitingOf = (
  outcome: Extract<Outcome, { kind: 'Waiting' }>,
): NonNullable<ReleaseStatus['waiting']> => ({
  reason: outcome.reason,
  message: outcome.message,
  ...(outcome.until === undefined ? {} : { until: timestamp(outcome.until) }),
  ...(outcome.asks === undefined ? {} : { asks: outcome.asks }),
})

/** What was done for newer versions than the one that serves. */
function beyondOf(facts: StatusFacts, live: LiveSide | undefined): readonly IrreversibleChange[] {
  const { irreversible } = facts
  if (irreversible === undefined || irreversible.isMovingOn) return []
  const { changes, first } = irreversible
  return changesBeyond(changes, { live: servingOf(facts) ?? live?.taskDefinition, first })
}

/** What the last rollouts left with the traffic: it was not always looked at since. */
const servingOf = ({ last, lastSucceeded }: StatusFacts): string | undefined =>
  last !== undefined && isFinished(last.status) && hasTaken(last)
    ? last.spec.taskDefinition
    : lastSucceeded?.spec.taskDefinition

function conditionsOf(
  facts: StatusFacts,
  {
    drift,
    beyond,
  }: { readonly drift: readonly DriftedField[]; readonly beyond: readonly IrreversibleChange[] },
): Condition[] {
  const { outcome, desired, held } = facts
  const pin = desired?.spec.pin ?? undefined
  const message = 'message' in outcome ? outcome.message : 'the wanted version serves'
  const reason = 'reason' in outcome ? outcome.reason : 'Serving'
  const working = outcome.kind === 'Progressing' || outcome.kind === 'Waiting'
  const inputs = [
    { type: 'Ready', is: outcome.kind === 'Converged', reason, message },
    { type: 'Reconciling', is: working, reason, message },
    { type: 'Stalled', is: outcome.kind === 'Stalled' || outcome.kind === 'Failed', reason, message },
    driftedInput(facts, drift),
    {
      type: 'Pinned',
      is: pin !== undefined,
      reason: 'Pin',
      message: pin?.reason ?? '',
    },
    {
      type: 'Held',
      is: held !== undefined,
      reason: 'Hold',
      message: heldMessage(held),
    },
    {
      type: 'UnsafeVersion',
      is: beyond.length > 0,
      reason: 'IrreversibleChange',
      message: `what serves is older than what can't be undone: ${describeChanges(beyond)}`,
    },
  ]
  const at = timestamp(facts.now)
  return inputs.reduce<Condition[]>(
    (conditions, { type, is, ...rest }) =>
      setCondition(
        conditions,
        { type, status: is ? 'True' : 'False', observedGeneration: facts.generation, ...rest },
        at,
      ),
    [...(facts.previous.conditions ?? [])],
  )
}

/** What has drifted, and what of it is not put back for a while since it flips. */
function driftedInput({ previous, now }: StatusFacts, drift: readonly DriftedField[]) {
  const type = 'Drifted'
  const rest = drift.length === 0 ? undefined : resting(previous, now)
  if (rest === undefined)
    return { type, is: drift.length > 0, reason: 'Differs', message: driftMessage(drift) }
  return { type, is: true, reason: 'Flapping', message: `${driftMessage(drift)}; ${restingMessage(rest)}` }
}

const heldMessage = (held: ReleaseStatus['held']): string =>
  held === undefined ? '' : `held by ${held.by}${held.reason === undefined ? '' : `; ${held.reason}`}`

const driftMessage = (drift: readonly DriftedField[]): string => {
  const [first] = drift
  return first === undefined
    ? ''
    : `${drift.length} fields differ, first ${first.path}: wanted ${first.wanted}, live ${first.live}`
}

/** Conditions whose status is not what it was: what is worth telling. */
export function changedConditions(
  before: readonly Condition[],
  after: readonly Condition[],
): readonly Condition[] {
  const changed = after.filter(
    (condition) => findCondition(before, condition.type)?.status !== condition.status,
  )
  const gone = before.filter(
    (condition) => condition.status === 'True' && findCondition(after, condition.type) === undefined,
  )
  return [...changed, ...gone.map((condition): Condition => ({ ...condition, status: 'False' }))]
}
