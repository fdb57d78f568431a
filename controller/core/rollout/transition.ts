import { durationMs } from '../../resources/duration.ts'
import type { RolloutPhase } from '../../resources/generated/rollout.ts'
import { changesLeft, describeChanges } from '../irreversible.ts'
import { fromTimestamp, timestamp } from '../time.ts'
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
import { nativeBaking } from './native/baking.ts'
import { nativeProvisioning } from './native/provisioning.ts'
import { nativeRollingBack } from './native/rolling-back.ts'
import { nativeShifting } from './native/shifting.ts'
import { nativeAwaitingApproval, nativeVerifying } from './native/verifying.ts'
import { codeDeployBaking } from './code-deploy/baking.ts'
import { codeDeployProvisioning } from './code-deploy/provisioning.ts'
import { codeDeployRollingBack } from './code-deploy/rolling-back.ts'
import { codeDeployShifting } from './code-deploy/shifting.ts'
import { codeDeployAwaitingApproval, codeDeployVerifying } from './code-deploy/verifying.ts'
import { onlyBaking } from './only/baking.ts'
import { onlyProvisioning } from './only/provisioning.ts'
import { onlyRollingBack } from './only/rolling-back.ts'
import { onlyShifting } from './only/shifting.ts'
import type { PhaseResult, RolloutState, Step, StepInput } from './state.ts'
import { beforeShift, isFinished, targetPlace, turnBack } from './state.ts'
import { goOn, standStill } from './suspension.ts'
import { fateOfGroup, heldToWord, isUnmovedGroup, peopleOfGroupMs, succeedsWithLeader } from './together.ts'

type Phase = (input: StepInput) => PhaseResult

type Phases = Record<RolloutPhase, Phase | undefined>

/** Each phase with what decides in it. A finished one decides nothing. */
const phasesOfPair: Phases = {
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

/** One service is never tried aside: it has no phase in which its new version runs and takes nothing. */
const phasesOfOnly: Phases = {
  ...phasesOfPair,
  Provisioning: onlyProvisioning,
  Verifying: undefined,
  AwaitingApproval: undefined,
  Shifting: onlyShifting,
  Baking: onlyBaking,
  RollingBack: onlyRollingBack,
}

/** ECS tries the version aside and moves the traffic; what is decided here is when it may go on. */
const phasesOfNative: Phases = {
  ...phasesOfPair,
  Provisioning: nativeProvisioning,
  Verifying: nativeVerifying,
  AwaitingApproval: nativeAwaitingApproval,
  Shifting: nativeShifting,
  Baking: nativeBaking,
  RollingBack: nativeRollingBack,
}

/** CodeDeploy starts the new tasks and moves the traffic; Steersman begins that, gives the word, and has it go back. */
const phasesOfCodeDeploy: Phases = {
  ...phasesOfPair,
  Provisioning: codeDeployProvisioning,
  Verifying: codeDeployVerifying,
  AwaitingApproval: codeDeployAwaitingApproval,
  Shifting: codeDeployShifting,
  Baking: codeDeployBaking,
  RollingBack: codeDeployRollingBack,
}

/** What decides in each phase: by the engine that moves the traffic, if it is one of AWS's own. */
function phasesOf(rollout: RolloutState): Phases {
  const { engine } = rollout.spec
  if (engine === 'Native') return phasesOfNative
  if (engine === 'CodeDeploy') return phasesOfCodeDeploy
  return targetPlace(rollout) === 'only' ? phasesOfOnly : phasesOfPair
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
  const begun = withRollout(input, withStatus(rollout, heard))
  let status = statusWithLeft(begun, interrupted(begun))
  assertTransition(rollout, withStatus(rollout, status))
  const phases = phasesOf(rollout)
  for (let change = 0; change < MAXIMUM_CHANGES; change++) {
    const current = withStatus(rollout, status)
    const phase = phases[status.phase ?? 'Pending']
    if (phase === undefined) return { kind: 'Finished', status }
    const given = withRollout(input, current)
    const reached = phase(given)
    const result = succeedsWithLeader(given)
      ? reached
      : sayLeft(given, heldToWord(given, lateOr(beforeAbort(given, reached), input)))
    assertTransition(current, withStatus(rollout, result.status))
    if (result.kind !== 'Again') return result
    status = result.status
  }
  throw new Error(`rollout ${rollout.name} changed its phase ${MAXIMUM_CHANGES} times without a step`)
}

const sayLeft = (input: StepInput, result: PhaseResult): PhaseResult => ({
  ...result,
  status: statusWithLeft(input, result.status),
})

/** A rollout that turns back gets as much time as the whole of it had, and says what stays as it is: the version before may not work with it. */
function statusWithLeft(
  { rollout, irreversible = [], now }: StepInput,
  turned: RolloutState['status'],
): RolloutState['status'] {
  if (turned.phase !== 'RollingBack' || rollout.status.phase === 'RollingBack') return turned
  const status = { ...turned, deadlineAt: timestamp(now + durationMs(rollout.spec.strategy.deadline)) }
  const left = changesLeft(rollout, irreversible)
  if (left.length === 0) return status
  return { ...status, message: `${status.message ?? 'failed'}; not undone by that: ${describeChanges(left)}` }
}

/** What ends a rollout from outside, whatever its phase is: the other members of its group, a person, or a newer version. */
function interrupted(input: StepInput): RolloutState['status'] {
  const { status } = input.rollout
  if (isFinished(status) || status.phase === 'RollingBack') return status
  const fate = fateOfGroup(input)
  if (fate !== status) return fate
  return succeedsWithLeader(input)
    ? status
    : heldToWord(input, { kind: 'Again', status: refused(input) }).status
}

/** What a person or a newer version makes of it. */
function refused(input: StepInput): RolloutState['status'] {
  const { rollout, wantedDigest, now } = input
  const { spec, status } = rollout
  const aborting = openAbort(rollout)
  if (aborting !== undefined && !asksBeforeAbort(rollout)) return abort(rollout, aborting, now)
  if (wantedDigest !== undefined && wantedDigest !== spec.digest && mayBeSuperseded(input)) {
    return turnBack(status, {
      outcome: 'Superseded',
      reason: 'NewerVersion',
      message: 'the environment wants another version now',
      now,
    })
  }
  return status
}

/** A newer version takes over before the first weight, that of any member of the group; later only where the strategy says so. */
function mayBeSuperseded(input: StepInput): boolean {
  const { spec, status } = input.rollout
  if (spec.strategy.supersede === 'Always') return true
  const { phase = 'Pending' } = status
  return beforeShift.includes(phase) || (phase === 'Shifting' && isUnmovedGroup(input))
}

/** The deadline ends what would wait, or begin something more; what is done by then has come through, also where the clock leapt over its time. It does not run while a person is asked. */
function lateOr(result: PhaseResult, input: StepInput): PhaseResult {
  const { status } = result
  const { rollout, now } = input
  const { spec } = rollout
  if (status.awaiting !== undefined) return result
  const isOver =
    status.deadlineAt !== undefined && now >= fromTimestamp(status.deadlineAt) + peopleOfGroupMs(input)
  const isDone = result.kind === 'Act' && status.phase === 'Baking'
  if (!isOver || isDone || wasJustTakenOver(input) || result.kind === 'Look' || result.kind === 'Again')
    return result
  if (status.phase === 'RollingBack') return result
  const doing = status.message === undefined ? '' : `: ${status.message}`
  const message = `not done within ${spec.strategy.deadline}${doing}`
  const why = { outcome: 'RolledBack', reason: 'DeadlineExceeded', message, now } as const
  return { kind: 'Again', status: turnBack(status, why) }
}

/** Who takes over neither knows whether the deadline was stored by the same clock, nor for how long a read does not show what has come through meanwhile. */
const wasJustTakenOver = ({ ledSince = -Infinity, stalenessBoundMs, now }: StepInput): boolean =>
  now < ledSince + stalenessBoundMs

const withStatus = (rollout: RolloutState, status: RolloutState['status']): RolloutState => ({
  ...rollout,
  status,
})

const withRollout = (input: StepInput, rollout: RolloutState): StepInput => ({ ...input, rollout })
