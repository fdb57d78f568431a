import { deepDrift } from '../core/deep-drift.ts'
import type { DesiredRelease } from '../core/desired.ts'
import { withAuthors } from '../core/attribution.ts'
import { driftOf } from '../core/drift.ts'
import type { Change } from '../core/diff.ts'
import type { Part, Place } from '../core/observation.ts'
import { seenAt } from '../core/observation.ts'
import { isOneService } from '../core/places.ts'
import { firstRollouts, irreversibleAfter } from '../core/irreversible.ts'
import type { Outcome } from '../core/outcome.ts'
import { livePlace } from '../core/plan/live.ts'
import { untilCold } from '../core/plan/warm-side.ts'
import type { StatusFacts } from '../core/status.ts'
import { changedConditions, releaseStatus, statusWithDrift } from '../core/status.ts'
import { mayLagBehindWrites } from '../core/rollout/freshness.ts'
import { weightsOf } from '../core/rollout/traffic.ts'
import type { Settling } from '../core/time.ts'
import { fromTimestamp } from '../core/time.ts'
import { settlingNow } from './settling.ts'
import type { ReleaseStatus } from '../resources/types.ts'
import { askWho, authorsOf } from './attribute.ts'
import { isReady } from './objects.ts'
import { noteRest } from './rest.ts'
import type { Turn } from './turn.ts'
import { desiredOf, keepStatus } from './turn.ts'
import { wakeWaiting } from './wake.ts'

/** Writes what the reconcile came to, tells it, and says when to look again. */
export async function conclude(turn: Turn, outcome: Outcome): Promise<number | undefined> {
  if (outcome.kind === 'Gone') return undefined
  const desired = desiredOf(turn)
  const live = liveOf(turn)
  const settling = settlingNow(turn.engine, turn.state)
  const { now } = settling
  const drift = driftSeen(turn, live, settling)
  const previous = turn.status
  const concluded = releaseStatus({
    previous,
    generation: turn.release.metadata.generation,
    outcome,
    desired,
    observation: turn.observation,
    live,
    last: turn.active?.state ?? turn.last,
    lastSucceeded: turn.lastSucceeded,
    drift,
    deep: desired && deepDriftSeen(turn, desired, now),
    held: turn.held,
    irreversible: irreversibleOf(turn),
    now,
  })
  const status = withAuthors(concluded, previous, authorsOf(turn))
  await keepStatus(turn, status)
  noteRest(turn, { outcome, drift, status })
  tell(turn, previous, status, live)
  wakeWaiting(turn, previous, status)
  if (bringsRecord(outcome, previous, status)) turn.engine.enqueueRecord(turn.key.environment)
  return lookAgain(outcome, { last: turn.last, now })
}

/** What going back does not undo, as far as the turn has seen it. */
export function irreversibleOf({
  status,
  active,
  last,
  first: known,
  destroyed,
}: Pick<Turn, 'status' | 'last' | 'first' | 'destroyed'> & {
  readonly active: Pick<NonNullable<Turn['active']>, 'state'> | undefined
}): NonNullable<StatusFacts['irreversible']> {
  const rollouts = [last, active?.state].flatMap((rollout) => rollout ?? [])
  const first = firstRollouts(
    rollouts.map(({ spec }) => spec),
    known,
  )
  const changes = irreversibleAfter(status.irreversible ?? [], { rollouts, applies: destroyed, first })
  const isMovingOn = active !== undefined && active.state.status.phase !== 'RollingBack'
  return { changes, first, isMovingOn }
}

/** Whether the environment may have something to record now: the release serves another commit, or what it served before serves again. */
export const bringsRecord = (outcome: Outcome, before: ReleaseStatus, after: ReleaseStatus): boolean =>
  outcome.kind === 'Converged' && (!isReady(before) || before.verified?.commit !== after.verified?.commit)

/** Keeps and tells a drift before it is corrected, so that what is mended at once is still seen. */
export async function noteDrift(turn: Turn): Promise<void> {
  const live = liveOf(turn)
  if (live === undefined) return
  const previous = turn.status
  const now = turn.engine.ports.clock.now()
  const changes = driftNow(turn, live, now)
  const desired = desiredOf(turn)
  const deep = desired && deepDriftSeen(turn, desired, now)
  await keepStatus(turn, statusWithDrift(previous, { ...turn, changes, deep, live, now }))
  tellConditions(turn, previous, turn.status)
  tellDrift(turn, previous, turn.status, { live, now })
}

/** What of a turn says how the release stands. */
export type Standing = Pick<Turn, 'desire' | 'status' | 'last' | 'lastSucceeded' | 'observation'> & {
  readonly active: Pick<NonNullable<Turn['active']>, 'state'> | undefined
  readonly state: Pick<Turn['state'], 'environment'>
}

/** The side that has the traffic, as far as was seen. */
export function liveOf(turn: Standing): Place | undefined {
  const desired = desiredOf(turn)
  if (turn.active === undefined ? isOnly(desired) : turn.active.state.spec.to.side === undefined)
    return 'only'
  if (!turn.observation.seen.includes('rules')) return undefined
  if (turn.active !== undefined) {
    const [rule] = turn.observation.production
    if (rule === undefined || rule === null) return undefined
    const { blue, green } = weightsOf(rule, turn.observation).weights
    return blue >= green ? 'blue' : 'green'
  }
  return desired === undefined
    ? undefined
    : livePlace({ last: turn.last, observation: turn.observation, desired })
}

const isOnly = (desired: ReturnType<typeof desiredOf>): boolean =>
  desired !== undefined && isOneService(desired.spec)

/** The drift that a look shows; undefined where it does not show enough, or may be older than a write of ours, which is no drift. */
export function driftSeen(
  turn: Standing,
  live: Place | undefined,
  settling: Settling,
): readonly Change[] | undefined {
  const { observation, status, active } = turn
  const parts: readonly Part[] = live === 'only' ? ['services'] : ['services', 'rules']
  const hasLook = parts.every((part) => observation.seen.includes(part))
  if (!hasLook || live === undefined || active !== undefined || desiredOf(turn) === undefined)
    return undefined
  const writes = status.writes ?? {}
  const isOld = mayLagBehindWrites({ observation, writes, ...settling }, parts)
  return isOld ? undefined : driftNow(turn, live, settling.now)
}

/** What the last deep look shows; undefined before the first one. */
function deepDriftSeen(turn: Turn, desired: DesiredRelease, now: number): StatusFacts['deep'] {
  const { state, key, status } = turn
  const facts = state.deep.get(key.release)?.facts
  const { drift: policy } = state.environment.spec
  const live = liveOf(turn)
  const revision = live && seenAt(turn.observation, live).service?.serviceRevision
  return deepDrift(desired, { facts, policy, now, known: status.trafficTags, revision })
}

/** What differs from how the last rollout left the release. */
export function driftNow(turn: Standing, live: Place, now: number): readonly Change[] {
  const desired = desiredOf(turn)
  if (desired === undefined || (turn.last === undefined && desired.recorded === undefined)) return []
  return driftOf({
    desired,
    live,
    last: turn.last,
    lastSucceeded: turn.lastSucceeded,
    observation: turn.observation,
    status: turn.status,
    policy: turn.state.environment.spec.drift,
    now,
  })
}

/** When to look at the release again; the end of the warm side has to be seen whatever else it waits for. */
export function lookAgain(
  outcome: Outcome,
  turn: Pick<Standing, 'last'> & { readonly now: number },
): number | undefined {
  switch (outcome.kind) {
    case 'Progressing':
    case 'Converged':
      return outcome.lookAgainMs
    case 'Waiting':
      return outcome.lookAgainMs ?? untilCold(turn)
    case 'Stalled':
    case 'Failed':
      return untilCold(turn)
    case 'Gone':
      return undefined
  }
}

function tell(turn: Turn, before: ReleaseStatus, after: ReleaseStatus, live: Place | undefined): void {
  const { telemetry, clock } = turn.engine.ports
  const conditions = after.conditions ?? []
  tellConditions(turn, before, after)
  if (after.traffic !== undefined)
    telemetry.emit({ type: 'TrafficSeen', ...turn.key, weights: after.traffic })
  telemetry.emit({
    type: 'ReleaseStatus',
    ...turn.key,
    revision: after.revision ?? '',
    side: after.live?.side ?? (after.live?.taskDefinition === undefined ? 'none' : 'only'),
    image: after.live?.digest ?? '',
    conditions: Object.fromEntries(
      conditions.map((condition) => [condition.type, condition.status === 'True']),
    ),
    phase: turn.active?.state.status.phase ?? turn.last?.status.phase,
  })
  tellDrift(turn, before, after, { live, now: clock.now() })
}

function tellConditions(turn: Turn, before: ReleaseStatus, after: ReleaseStatus): void {
  for (const condition of changedConditions(before.conditions ?? [], after.conditions ?? [])) {
    const { type, status, reason, message } = condition
    turn.engine.ports.telemetry.emit({
      type: 'ConditionChanged',
      environment: turn.key.environment,
      release: turn.key.release,
      condition: type,
      status: status === 'True',
      reason,
      message,
    })
  }
}

function tellDrift(
  turn: Turn,
  before: ReleaseStatus,
  after: ReleaseStatus,
  { live, now }: { readonly live: Place | undefined; readonly now: number },
): void {
  const { telemetry } = turn.engine.ports
  const fields = after.drift ?? []
  for (const field of fields) {
    const known = before.drift?.find(({ path }) => path === field.path)
    if (live !== undefined && known?.live !== field.live) askWho(turn, field, live)
    if (known !== undefined) continue
    telemetry.emit({
      type: 'DriftFound',
      ...turn.key,
      kind: 'Release',
      fieldClass: field.class,
      path: field.path,
      wanted: field.wanted ?? '',
      live: field.live ?? '',
    })
  }
  const classes = [...new Set(fields.map((field) => field.class))]
  const counts = classes.map((fieldClass) => {
    const ofClass = fields.filter((field) => field.class === fieldClass)
    const oldest = Math.min(...ofClass.map((field) => fromTimestamp(field.since ?? '')))
    return {
      kind: 'Release',
      fieldClass,
      count: ofClass.length,
      ageSeconds: Math.max(0, (now - oldest) / 1000),
    }
  })
  telemetry.emit({ type: 'DriftSeen', ...turn.key, counts })
}
