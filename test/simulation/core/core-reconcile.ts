import type { Outcome } from '../../../controller/core/outcome.ts'
import { planRemoval } from '../../../controller/core/plan/removal.ts'
import type { Decision } from '../../../controller/core/plan/decision.ts'
import { endOfWarmSide } from '../../../controller/core/plan/warm-side.ts'
import { pursuedDigest } from '../../../controller/core/plan/last-good.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import { irreversibleOf } from '../../../controller/engine/conclude.ts'
import { removalOf } from '../../../controller/engine/remove.ts'
import {
  isWithoutHaste,
  refusedHost,
  waitsForOthers,
  waitsFrozen,
} from '../../../controller/engine/reconcile.ts'
import type { Desire } from '../../../controller/engine/engine.ts'
import { followWall, holdTime } from '../../../controller/engine/follow-wall.ts'
import { partnersOf, relationsOf } from '../../../controller/engine/relations.ts'
import { blankLike } from '../../../controller/engine/observe.ts'
import { membersOf, wokenByStep } from '../../../controller/engine/wake.ts'
import { desiredOf, freezeOf, requestsOf, subjectOf } from '../../../controller/engine/turn.ts'
import { PortError } from '../../../controller/ports/error.ts'
import { statusAfterRollout } from '../../support/release-bookkeeping.ts'
import { conclude, noteDrift } from './core-conclude.ts'
import { settlingNow } from '../../../controller/engine/settling.ts'
import type { Core, CoreEnvironment } from './core.ts'
import { stored } from './core.ts'
import { perform } from './core-act.ts'
import { assertMayWriteTo } from './core-permission.ts'
import { tellEnd, tellPhase, tellStart } from './core-telling.ts'
import type { CoreTurn } from './core-turn.ts'
import {
  beginRollout,
  forgetOldest,
  keepRollout,
  keepStatus,
  look,
  openTurn,
  takeBackTimes,
  wake,
} from './core-turn.ts'
import type { Steps } from './steps.ts'

const MAXIMUM_STEPS = 64

/** One reconcile of a release around the core's decisions, in the engine's order; comes to the time after which it wants to be looked at again. */
export function* reconcileRelease(
  core: Core,
  state: CoreEnvironment,
  release: string,
): Steps<number | undefined> {
  if (!core.lead.holds()) return undefined
  const key = { environment: state.environment.metadata.name, release }
  followWall(core, () => core.lead.holds())
  const turn = openTurn(core, state, key)
  if (turn === undefined) return undefined
  const letGo = holdTime(core, key)
  try {
    yield* takeBackTimes(turn)
    return yield* conclude(turn, yield* settle(turn))
  } finally {
    letGo(turn)
  }
}

function* settle(turn: CoreTurn): Steps<Outcome> {
  try {
    for (let step = 0; step < MAXIMUM_STEPS; step += 1) {
      turn.core.lead.assertHeldFor(0, turn.epoch)
      const outcome = turn.active === undefined ? yield* plan(turn) : yield* advance(turn)
      if (outcome !== undefined) return outcome
    }
  } catch (error) {
    return outcomeOf(turn, error)
  }
  throw new Error(`release ${turn.key.release} made ${MAXIMUM_STEPS} steps without waiting`)
}

function outcomeOf(turn: CoreTurn, error: unknown): Outcome {
  if (!(error instanceof PortError) || error.handling === 'retry') throw error
  const message = error.remedy === undefined ? error.message : `${error.message}; ${error.remedy}`
  const lookAgainMs = turn.core.settings.pollMs
  if (error.handling === 'wait') return { kind: 'Progressing', reason: error.code, message, lookAgainMs }
  return { kind: 'Stalled', reason: error.code, message }
}

function* advance(turn: CoreTurn): Steps<Outcome | undefined> {
  const { active, core } = turn
  if (active === undefined) return undefined
  const desired = desiredOf(turn)
  const step = core.decisions.nextStep({
    rollout: active.state,
    observation: turn.observation,
    wantedDigest:
      desired === undefined
        ? undefined
        : pursuedDigest({ ...turn, desired, active: active.state, requests: requestsOf(turn) }),
    partners: partnersOf(turn, active.state),
    writes: turn.status.writes ?? {},
    irreversible: irreversibleOf(turn).changes,
    mayWrite: turn.mayWrite,
    pollMs: core.settings.pollMs,
    ...settlingNow(core, turn.state),
  })
  if (step.kind === 'Finished')
    yield* keepStatus(turn, statusAfterRollout(turn.status, { ...active.state, status: step.status }))
  if (step.status !== active.state.status) {
    yield* keepRollout(turn, step.status)
    tellPhase(turn, active.state.status, step.status)
    wake(turn, wokenByStep(active.state, step.status))
  }
  switch (step.kind) {
    case 'Look':
      yield* look(turn, step.parts)
      return undefined
    case 'Act':
      yield* perform(turn, { action: step.action, before: step.before, drift: false })
      return undefined
    case 'Wait':
      return progressing(step)
    case 'Finished':
      yield* endRollout(turn)
      return undefined
  }
}

function* endRollout(turn: CoreTurn): Steps<void> {
  const ended: RolloutState | undefined = turn.active?.state
  if (ended === undefined) return
  const subject = JSON.stringify(subjectOf(turn))
  turn.active = undefined
  turn.last = ended
  if (ended.status.outcome === 'Succeeded') turn.lastSucceeded = ended
  if (JSON.stringify(subjectOf(turn)) !== subject) turn.observation = blankLike(turn.observation)
  tellEnd(turn, ended)
  yield* forgetOldest(turn)
}

function* plan(turn: CoreTurn): Steps<Outcome | undefined> {
  const { desire, core } = turn
  if (desire?.kind !== 'Ready' && desire?.kind !== 'Removed') {
    const left = endOfWarmSide({ ...turn, ...core.settings, ...settlingNow(core, turn.state) })
    if (left !== undefined) return yield* carryOut(turn, left)
  }
  if (desire?.kind === 'Stalled') return { kind: 'Stalled', reason: desire.reason, message: desire.message }
  if (desire?.kind === 'Removed') return yield* remove(turn, desire)
  if (desire?.kind === 'Waiting') return { ...desire, lookAgainMs: undefined }
  const desired = desiredOf(turn)
  if (desired === undefined)
    return {
      kind: 'Waiting',
      reason: 'NoDesiredState',
      message: 'the wanted commit was not read yet',
      until: undefined,
      lookAgainMs: undefined,
    }
  const refused = refusedHost(turn, desired)
  if (refused !== undefined) return { kind: 'Stalled', reason: 'HostNotAllowed', message: refused }
  const decision = core.decisions.planRelease({
    desired,
    status: turn.status,
    last: turn.last,
    lastSucceeded: turn.lastSucceeded,
    nextNumber: turn.nextNumber,
    requests: requestsOf(turn),
    drift: turn.state.environment.spec.drift,
    freeze: freezeOf(turn, core.clock.wall()),
    relations: relationsOf(turn, turn.key.release),
    served: turn.served,
    observation: turn.observation,
    mayWrite: turn.mayWrite,
    pollMs: core.settings.pollMs,
    ...settlingNow(core, turn.state),
  })
  if (turn.isSwept && !isWithoutHaste(decision)) {
    turn.isSwept = false
    turn.observation = blankLike(turn.observation)
    return undefined
  }
  return yield* carryOut(turn, decision)
}

function* carryOut(turn: CoreTurn, decision: Decision): Steps<Outcome | undefined> {
  switch (decision.kind) {
    case 'Look':
      yield* look(turn, decision.parts)
      return undefined
    case 'Act':
      if (decision.drift) yield* noteDrift(turn)
      yield* perform(turn, decision)
      return undefined
    case 'Start':
      if (decision.spec.why === 'Drift') yield* noteDrift(turn)
      assertMayWriteTo(turn.core, turn.key.environment)
      yield* beginRollout(turn, decision.spec)
      tellStart(turn, decision.spec)
      wake(turn, membersOf(decision.spec))
      return undefined
    case 'Wait':
      return progressing(decision)
    case 'Frozen':
      return waitsFrozen(decision, turn.core.clock.wall())
    case 'Blocked':
      return waitsForOthers(decision)
    case 'Stall':
      return { kind: 'Stalled', reason: decision.reason, message: decision.message }
    case 'Refused':
      return { kind: 'Failed', reason: decision.reason, message: decision.message }
    case 'Converged':
      return decision
  }
}

function* remove(turn: CoreTurn, desire: Extract<Desire, { kind: 'Removed' }>): Steps<Outcome | undefined> {
  if (!desire.prune)
    return { kind: 'Stalled', reason: 'Removed', message: 'the release is no longer in the branch' }
  const decision = planRemoval(turn.observation, removalOf(turn, desire))
  switch (decision.kind) {
    case 'Look':
      yield* look(turn, decision.parts)
      return undefined
    case 'Act':
      yield* perform(turn, { ...decision, drift: false })
      return undefined
    case 'Wait': {
      const { reason, message } = decision
      return { kind: 'Waiting', reason, message, until: undefined, lookAgainMs: undefined }
    }
    case 'Gone': {
      const { core, release } = turn
      yield* stored(core, 'delete Release', () => core.store.delete('Release', release.metadata.name))
      return { kind: 'Gone' }
    }
  }
}

const progressing = ({
  reason,
  message,
  lookAgainMs,
}: {
  readonly reason: string
  readonly message: string
  readonly lookAgainMs: number
}): Outcome => ({ kind: 'Progressing', reason, message, lookAgainMs })
