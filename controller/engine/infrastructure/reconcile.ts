import { nextRun } from '../../core/infrastructure/next-run.ts'
import type { NextRun } from '../../core/infrastructure/next-run.ts'
import { timestamp } from '../../core/time.ts'
import { annotations } from '../../resources/annotations.ts'
import { durationMs } from '../../resources/duration.ts'
import type { InfrastructureStatus } from '../../resources/types.ts'
import { PortError } from '../../ports/error.ts'
import type { StoredObject } from '../../ports/store.ts'
import { refusalOf } from '../environment/ground.ts'
import type { Engine, EnvironmentState } from '../engine.ts'
import { environmentStatus, openRequest } from '../objects.ts'
import { mayWriteTo, overriddenAt } from '../permission.ts'
import { saveInfrastructure } from '../report.ts'
import { runTerraform } from './run.ts'
import type { InfrastructureRequests, InfrastructureTurn } from './turn.ts'
import { freezeOf, keep, nowText, said } from './turn.ts'
import { settingsOf } from './want.ts'

/**
 * Brings an environment's infrastructure to what the wanted commit says: plan, judge the plan, apply it. Starts no process while the inputs are the ones that
 * were applied and no look for drift is due. Resolves to the time after which it wants to be looked at again.
 */
export async function reconcileInfrastructure(
  engine: Engine,
  environment: string,
): Promise<number | undefined> {
  const state = engine.environments.get(environment)
  if (state === undefined || !engine.leads.of(environment).holds()) return undefined
  const object = await engine.ports.store.get('Environment', environment)
  if (object === undefined) return undefined
  const turn = await openTurn(engine, state, object)
  if (turn === undefined) return undefined
  const next = decide(turn)
  await keep(turn, (current) => current)
  if (next.kind === 'Rest') return next.forMs
  if (!(await mayWriteTo(engine, environment))) return undefined
  const before = JSON.stringify(turn.status)
  try {
    await runTerraform(turn)
  } catch (error) {
    await noteFailure(turn, error)
  }
  tellLock(turn)
  if (JSON.stringify(turn.status) !== before) engine.enqueueEnvironment(environment)
  const again = decide({ ...turn, requests: NOTHING_ASKED })
  return again.kind === 'Rest' ? again.forMs : 0
}

const NOTHING_ASKED: InfrastructureRequests = { approval: undefined, unlock: undefined, again: false }

/** Undefined where Terraform has nothing to do here, or must not start; the conditions say why. */
async function openTurn(
  engine: Engine,
  state: EnvironmentState,
  object: StoredObject,
): Promise<InfrastructureTurn | undefined> {
  const environment = state.environment.metadata.name
  const settings = settingsOf(state.environment)
  const { infrastructure: want, connections } = state
  const { infrastructure } = connections
  if (settings === undefined || infrastructure === undefined || want === undefined) return undefined
  const status = environmentStatus(object).infrastructure ?? {}
  if (want.kind !== 'Inputs') {
    await say(engine, environment, refusalOf(want))
    return undefined
  }
  const again = state.infrastructureAsked
  state.infrastructureAsked = false
  const turn: InfrastructureTurn = {
    engine,
    state,
    freezeOverriddenAt: overriddenAt(object),
    environment,
    settings,
    infrastructure,
    want,
    status,
    requests: { ...requestsOf(object, status), again },
    epoch: engine.leads.of(environment).epoch,
    signal: AbortSignal.any([engine.stopping, infrastructure.closing]),
    done: [],
  }
  return freezeOf(turn) === undefined ? turn : withoutApproval(turn)
}

/** An approval that is given while the environment is frozen stays open until the freeze has ended. */
const withoutApproval = (turn: InfrastructureTurn): InfrastructureTurn => ({
  ...turn,
  requests: { ...turn.requests, approval: undefined },
})

function decide(turn: InfrastructureTurn): NextRun {
  const { want, status, settings, state, requests, engine } = turn
  const { clock } = engine.ports
  const freeze = freezeOf(turn)
  return nextRun({
    inputDigest: want.inputDigest,
    status,
    driftIntervalMs: durationMs(settings.driftInterval),
    looksForDrift: state.environment.spec.drift.infrastructure !== 'Ignore',
    requests,
    now: clock.now(),
    // As the engine's time has it when the freeze ends.
    freeze: freeze && { until: freeze.until === undefined ? undefined : freeze.until - clock.leaptMs() },
  })
}

function requestsOf(
  object: StoredObject,
  status: InfrastructureStatus,
): Pick<InfrastructureRequests, 'approval' | 'unlock'> {
  const { planApproved, planApprovedBy, approvedPlan, unlock, unlockBy, unlockId } = annotations
  const marks = object.metadata.annotations ?? {}
  const approval = openRequest(object, {
    at: planApproved,
    by: planApprovedBy,
    handled: status.lastHandledApproval,
  })
  const unlocking = openRequest(object, { at: unlock, by: unlockBy, handled: status.lastHandledUnlock })
  return {
    approval:
      approval === undefined
        ? undefined
        : { at: approval.id, by: approval.by, plan: marks[approvedPlan] ?? '' },
    unlock:
      unlocking === undefined ? undefined : { at: unlocking.id, by: unlocking.by, id: marks[unlockId] ?? '' },
  }
}

async function say(
  engine: Engine,
  environment: string,
  refusal: { readonly reason: string; readonly message: string } | undefined,
): Promise<void> {
  const { store, clock } = engine.ports
  await saveInfrastructure(store, environment, {
    infrastructure: (current) => current,
    said: (status) => said(environment, status, undefined, refusal),
    at: timestamp(clock.now()),
  })
}

/** Trouble is remembered for these inputs, and tried again later and later; a bug is thrown, for the queue's backoff. */
async function noteFailure(turn: InfrastructureTurn, error: unknown): Promise<void> {
  if (!(error instanceof PortError)) throw error
  // Nothing can be stored without the lease, and nothing has failed while the environment is held back.
  if (error.code === 'LeaseLost') throw error
  if (error.code === 'Suspended') return
  const { inputDigest } = turn.want
  const isCutOff = error.code === 'TerraformAborted'
  await keep(turn, (current) => ({
    ...current,
    // An apply that was told to end may still be ending, and one that was killed holds its lock still: whoever comes next follows it, and frees what is ours.
    applying: isCutOff || current.applying?.lockId !== undefined ? current.applying : undefined,
    failure: isCutOff
      ? current.failure
      : {
          inputDigest,
          reason: error.code,
          message: error.remedy === undefined ? error.message : `${error.message}; ${error.remedy}`,
          at: nowText(turn),
          attempts: failedBefore(current, inputDigest) + 1,
        },
  }))
}

/** How often these inputs have failed; a lock that was waited for is no failure of theirs. */
function failedBefore({ failure }: InfrastructureStatus, inputDigest: string): number {
  return failure?.inputDigest === inputDigest && failure.reason !== 'StateLocked' ? failure.attempts : 0
}

function tellLock({ engine, environment, status }: InfrastructureTurn): void {
  engine.ports.telemetry.emit({ type: 'StateLockSeen', environment, held: status.lock !== undefined })
}
