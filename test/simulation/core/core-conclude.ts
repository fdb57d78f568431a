import type { Change } from '../../../controller/core/diff.ts'
import { driftOf } from '../../../controller/core/drift.ts'
import type { Side } from '../../../controller/core/observation.ts'
import type { Outcome } from '../../../controller/core/outcome.ts'
import { liveSide } from '../../../controller/core/plan/live.ts'
import { weightsOf } from '../../../controller/core/rollout/traffic.ts'
import { changedConditions, driftedFields, releaseStatus } from '../../../controller/core/status.ts'
import { desiredOf } from '../../../controller/engine/turn.ts'
import type { ReleaseStatus } from '../../../controller/resources/types.ts'
import type { CoreTurn } from './core-turn.ts'
import { keepStatus } from './core-turn.ts'
import type { Steps } from './steps.ts'

/** Writes what the reconcile came to, tells it, and says when to look again. */
export function* conclude(turn: CoreTurn, outcome: Outcome): Steps<number | undefined> {
  if (outcome.kind === 'Gone') return undefined
  const { core } = turn
  const previous = turn.status
  const status = statusNow(turn, outcome)
  yield* keepStatus(turn, status)
  tell(turn, previous, status)
  if (outcome.kind === 'Converged' && previous.verified?.commit !== status.verified?.commit)
    core.enqueueEnvironment('Record')
  switch (outcome.kind) {
    case 'Progressing':
    case 'Converged':
    case 'Waiting':
      return outcome.lookAgainMs
    case 'Stalled':
    case 'Failed':
      return undefined
  }
}

function statusNow(turn: CoreTurn, outcome: Outcome): ReleaseStatus {
  const desired = desiredOf(turn)
  const { seen } = turn.observation
  const hasLook = seen.includes('services') && seen.includes('rules')
  const live = liveOf(turn)
  const drift =
    hasLook && desired !== undefined && live !== undefined && turn.active === undefined
      ? driftNow(turn, live)
      : undefined
  return releaseStatus({
    previous: turn.status,
    generation: turn.release.metadata.generation,
    outcome,
    desired,
    observation: turn.observation,
    live,
    last: turn.active?.state ?? turn.last,
    lastSucceeded: turn.lastSucceeded,
    drift,
    held: turn.state.held,
    now: turn.core.clock.now(),
  })
}

/** Keeps and tells a drift before it is corrected. */
export function* noteDrift(turn: CoreTurn): Steps<void> {
  const live = liveOf(turn)
  if (live === undefined) return
  const previous = turn.status
  const drift = driftedFields(driftNow(turn, live), previous, turn.core.clock.now())
  yield* keepStatus(turn, { ...previous, drift })
  tellDrift(turn, previous, turn.status)
}

function liveOf(turn: CoreTurn): Side | undefined {
  const { observation, active, last } = turn
  if (!observation.seen.includes('rules')) return undefined
  if (active !== undefined) {
    const [rule] = observation.production
    if (rule === undefined || rule === null) return undefined
    const { blue, green } = weightsOf(rule, observation).weights
    return blue >= green ? 'blue' : 'green'
  }
  const desired = desiredOf(turn)
  return desired === undefined ? undefined : liveSide({ last, observation, desired })
}

function driftNow(turn: CoreTurn, live: Side): readonly Change[] {
  const desired = desiredOf(turn)
  if (desired === undefined || (turn.last === undefined && desired.recorded === undefined)) return []
  return driftOf({
    desired,
    live,
    last: turn.last,
    lastSucceeded: turn.lastSucceeded,
    observation: turn.observation,
    policy: turn.state.environment.spec.drift,
    now: turn.core.clock.now(),
  })
}

function tell(turn: CoreTurn, before: ReleaseStatus, after: ReleaseStatus): void {
  const { core, key } = turn
  for (const condition of changedConditions(before.conditions ?? [], after.conditions ?? []))
    core.emit({
      type: 'ConditionChanged',
      ...key,
      condition: condition.type,
      status: condition.status === 'True',
      reason: condition.reason,
      message: condition.message,
    })
  tellDrift(turn, before, after)
}

function tellDrift({ core, key }: CoreTurn, before: ReleaseStatus, after: ReleaseStatus): void {
  for (const field of after.drift ?? []) {
    if (before.drift?.some((known) => known.path === field.path) === true) continue
    core.emit({
      type: 'DriftFound',
      ...key,
      kind: 'Release',
      fieldClass: field.class,
      path: field.path,
      wanted: field.wanted ?? '',
      live: field.live ?? '',
    })
  }
}
