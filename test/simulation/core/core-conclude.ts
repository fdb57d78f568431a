import type { Outcome } from '../../../controller/core/outcome.ts'
import { changedConditions, releaseStatus, statusWithDrift } from '../../../controller/core/status.ts'
import {
  bringsRecord,
  driftNow,
  driftSeen,
  irreversibleOf,
  liveOf,
  lookAgain,
} from '../../../controller/engine/conclude.ts'
import { desiredOf } from '../../../controller/engine/turn.ts'
import { wokenByEnd } from '../../../controller/engine/wake.ts'
import type { ReleaseStatus } from '../../../controller/resources/types.ts'
import { settlingNow } from '../../../controller/engine/settling.ts'
import type { CoreTurn } from './core-turn.ts'
import { keepStatus, wake } from './core-turn.ts'
import type { Steps } from './steps.ts'

/** Writes what the reconcile came to, tells it, and says when to look again. */
export function* conclude(turn: CoreTurn, outcome: Outcome): Steps<number | undefined> {
  if (outcome.kind === 'Gone') return undefined
  const { core } = turn
  const previous = turn.status
  const status = statusNow(turn, outcome)
  yield* keepStatus(turn, status)
  tell(turn, previous, status)
  wake(turn, wokenByEnd(turn.state, turn.key.release, { before: previous, after: status }))
  if (bringsRecord(outcome, previous, status)) core.enqueueEnvironment('Record')
  return lookAgain(outcome, { last: turn.last, now: core.clock.now() })
}

function statusNow(turn: CoreTurn, outcome: Outcome): ReleaseStatus {
  const desired = desiredOf(turn)
  const live = liveOf(turn)
  const settling = settlingNow(turn.core, turn.state)
  const { now } = settling
  const drift = driftSeen(turn, live, settling)
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
    held: turn.held,
    irreversible: irreversibleOf(turn),
    now,
  })
}

/** Keeps and tells a drift before it is corrected. */
export function* noteDrift(turn: CoreTurn): Steps<void> {
  const live = liveOf(turn)
  if (live === undefined) return
  const previous = turn.status
  const now = turn.core.clock.now()
  const changes = driftNow(turn, live, now)
  yield* keepStatus(turn, statusWithDrift(previous, { ...turn, changes, live, now }))
  tell(turn, previous, turn.status)
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
