import type { DefaultedGate } from '../../../resources/generated/rollout.ts'
import { askGates } from '../phases/verifying.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { enter, gatesAt } from '../state.ts'
import { endedBadly, letGoByOthers, missingShift } from './deployment.ts'

/** Asks the gates while ECS's deployment waits before the traffic: a result counts only if it still does. */
export function nativeVerifying(input: StepInput): PhaseResult {
  const next = gatesAt(input.rollout, 'BeforeShift').length === 0 ? 'Shifting' : 'AwaitingApproval'
  return ask(input, gatesAt(input.rollout, 'Verify')) ?? goOn(input, next)
}

/** The last questions before the traffic moves. */
export const nativeAwaitingApproval = (input: StepInput): PhaseResult =>
  ask(input, gatesAt(input.rollout, 'BeforeShift')) ?? goOn(input, 'Shifting')

function ask(input: StepInput, gates: readonly DefaultedGate[]): PhaseResult | undefined {
  const asked = askGates(input, gates, stillHeld)
  // While it is only waited for, the deployment is looked at: somebody may let it go on, or stop it.
  return asked === undefined || asked.kind === 'Wait' ? (stillHeld(input) ?? asked) : asked
}

const stillHeld = (input: StepInput): PhaseResult | undefined =>
  missingShift(input) ?? endedBadly(input) ?? letGoByOthers(input)

const goOn = ({ rollout, now }: StepInput, phase: 'Shifting' | 'AwaitingApproval'): PhaseResult => ({
  kind: 'Again',
  status: enter(rollout.status, phase, now),
})
