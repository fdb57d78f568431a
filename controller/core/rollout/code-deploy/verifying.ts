import type { DefaultedGate } from '../../../resources/generated/rollout.ts'
import { gateStatus, restartGate } from '../gates.ts'
import { askGates } from '../phases/verifying.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { enter, gatesAt, phaseStart } from '../state.ts'
import { wait } from '../step.ts'
import { failed, lookedAt, lostDeployment, ownDeployment, setOf } from './own.ts'

/** Asks the gates about the new tasks, which CodeDeploy has put behind the test listener, while it waits. */
export function codeDeployVerifying(input: StepInput): PhaseResult {
  const { rollout, now } = input
  const next = gatesAt(rollout, 'BeforeShift').length === 0 ? 'Shifting' : 'AwaitingApproval'
  return (
    stillWaits(input) ??
    askGates(input, gatesAt(rollout, 'Verify'), testIsThere) ?? {
      kind: 'Again',
      status: enter(rollout.status, next, now),
    }
  )
}

/** The last questions before CodeDeploy is told to move the traffic. */
export function codeDeployAwaitingApproval(input: StepInput): PhaseResult {
  const { rollout, now } = input
  return (
    stillWaits(input) ??
    askGates(input, gatesAt(rollout, 'BeforeShift'), testIsThere) ?? {
      kind: 'Again',
      status: enter(rollout.status, 'Shifting', now),
    }
  )
}

/** The deployment has to be where it was left: waiting, with no production traffic at its tasks. */
function stillWaits(input: StepInput): PhaseResult | undefined {
  const ended = lookedAt(input) ?? lostDeployment(input)
  if (ended !== undefined) return ended
  const own = ownDeployment(input, 'Forward')
  if (own?.status === 'Ready') return undefined
  // It was seen waiting when the phase began; a reading may be from before that.
  if (input.now - phaseStart(input.rollout.status) < input.stalenessBoundMs)
    return wait(input, {
      reason: 'ReadBack',
      message: 'waiting until CodeDeploy shows the deployment as it is',
    })
  return failed(input, {
    reason: 'TrafficMoved',
    message: `deployment ${own?.id ?? ''} went on before its gates had ended: somebody else gave the word`,
  })
}

/** A result counts only if the test rule pointed at the new tasks alone, before and after. */
function testIsThere(input: StepInput, gate: DefaultedGate): PhaseResult | undefined {
  const { rollout, observation } = input
  if (rollout.spec.traffic?.test === undefined) return undefined
  const own = ownDeployment(input, 'Forward')
  const set = own === undefined ? undefined : setOf(input, own)
  const used = (observation.test?.weights ?? []).filter(({ weight }) => weight > 0)
  const isAlone =
    used.length > 0 && used.every(({ targetGroupArn }) => targetGroupArn === set?.targetGroupArn)
  if (isAlone) return undefined
  if (gateStatus(rollout.status, gate.name) !== undefined)
    return { kind: 'Again', status: restartGate(rollout.status, gate) }
  return wait(input, {
    reason: 'TestTraffic',
    message: 'the test rule does not point at the new tasks alone; CodeDeploy puts them there',
  })
}
