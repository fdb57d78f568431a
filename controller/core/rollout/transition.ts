import type { RolloutPhase } from '../../resources/generated/rollout.ts'
import { fromTimestamp } from '../time.ts'
import { takeAnswer } from './answers.ts'
import { takeDecision } from './decisions.ts'
import { abort, asksBeforeAbort, beforeAbort, openAbort } from './phases/aborting.ts'
import { baking } from './phases/baking.ts'
import { pending } from './phases/pending.ts'
import { provisioning } from './phases/provisioning.ts'
import { rollingBack } from './phases/rolling-back.ts'
import { shifting } from './phases/shifting.ts'
import { awaitingApproval, verifying } from './phases/verifying.ts'
import { assertTransition } from './invariants.ts'
import type { PhaseResult, RolloutState, Step, StepInput } from './state.ts'
import { beforeShift, isFinished, turnBack } from './state.ts'
import { goOn, standStill } from './suspension.ts'

type Phase = (input: StepInput) => PhaseResult

/** Each phase with what decides in it. A finished one decides nothing. */
const phases: Record<RolloutPhase, Phase | undefined> = {
  Pending: pending,
  Provisioning: provisioning,
  Verifying: verifying,
  AwaitingApproval: awaitingApproval,
  Shifting: shifting,
  Baking: baking,
  RollingBack: rollingBack,
  Succeeded: undefined,
  RolledBack: undefined,
  Superseded: undefined,
  Aborted: undefined,
}

/** More changes of phase than a rollout has in all: the bound of one decision. */
const MAXIMUM_CHANGES = 24

/**
 * The next step of a rollout: look at something, make one write, wait for a reason, or be finished. Pure: the same input gives the same step. Phases that
 * need nothing from the world are passed at once.
 */
export function nextStep(input: StepInput): Step {
  const { rollout } = input
  if (!input.mayWrite && !isFinished(rollout.status)) return standStill(input)
  const decided = takeDecision(withStatus(rollout, goOn(input)), input.now)
  const heard = takeAnswer(withStatus(rollout, decided), input.now)
  let status = interrupted(withRollout(input, withStatus(rollout, heard)))
  assertTransition(rollout, withStatus(rollout, status))
  for (let change = 0; change < MAXIMUM_CHANGES; change++) {
    const current = withStatus(rollout, status)
    const phase = phases[status.phase ?? 'Pending']
    if (phase === undefined) return { kind: 'Finished', status }
    const given = withRollout(input, current)
    const result = lateOr(beforeAbort(given, phase(given)), input)
    assertTransition(current, withStatus(rollout, result.status))
    if (result.kind !== 'Again') return result
    status = result.status
  }
  throw new Error(`rollout ${rollout.name} changed its phase ${MAXIMUM_CHANGES} times without a step`)
}

/** What ends a rollout from outside, whatever its phase is: a person, or a newer version. */
function interrupted({ rollout, wantedDigest, now }: StepInput): RolloutState['status'] {
  const { spec, status } = rollout
  if (isFinished(status) || status.phase === 'RollingBack') return status
  const aborting = openAbort(rollout)
  if (aborting !== undefined && !asksBeforeAbort(rollout)) return abort(rollout, aborting, now)
  const mayBeSuperseded =
    spec.strategy.supersede === 'Always' || beforeShift.includes(status.phase ?? 'Pending')
  if (wantedDigest !== undefined && wantedDigest !== spec.digest && mayBeSuperseded) {
    return turnBack(status, {
      outcome: 'Superseded',
      reason: 'NewerVersion',
      message: 'the environment wants another version now',
      now,
    })
  }
  return status
}

/** The deadline ends what would wait, or begin something more; what is done by then has come through, also where the clock leapt over its time. It does not run while a person is asked. */
function lateOr(result: PhaseResult, { rollout: { spec }, now }: StepInput): PhaseResult {
  const { status } = result
  if (status.awaiting !== undefined) return result
  const isOver = status.deadlineAt !== undefined && now >= fromTimestamp(status.deadlineAt)
  const isDone = result.kind === 'Act' && status.phase === 'Baking'
  if (!isOver || isDone || result.kind === 'Look' || result.kind === 'Again') return result
  if (status.phase === 'RollingBack') return result
  const doing = status.message === undefined ? '' : `: ${status.message}`
  const message = `not done within ${spec.strategy.deadline}${doing}`
  const why = { outcome: 'RolledBack', reason: 'DeadlineExceeded', message, now } as const
  return { kind: 'Again', status: turnBack(status, why) }
}

const withStatus = (rollout: RolloutState, status: RolloutState['status']): RolloutState => ({
  ...rollout,
  status,
})

const withRollout = (input: StepInput, rollout: RolloutState): StepInput => ({ ...input, rollout })
