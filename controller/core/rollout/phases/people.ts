import { gateStage } from '../../../resources/gates.ts'
import type { AwaitedDecision, DefaultedGate, GateStatus } from '../../../resources/generated/rollout.ts'
import { timestamp } from '../../time.ts'
import type { EndedGate } from '../gates.ts'
import { beginGate, endGate, endOfWait } from '../gates.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { targetPlace, targetSide } from '../state.ts'
import { missing, wait } from '../step.ts'
import { takesTraffic } from '../traffic.ts'
import { afterWait, awaitDecision } from '../waiting.ts'
import { restoreOrigin } from './rules.ts'

/** While nothing of the new version serves, only people and the time are waited for; what people decide is taken over at once. */
const IDLE_POLL_MS = 30_000

/** Asks people, until one decides or the gate's time is over. */
export function askPeople(
  input: StepInput,
  gate: DefaultedGate,
  status: GateStatus | undefined,
): PhaseResult {
  const { rollout, now } = input
  if (status === undefined) return { kind: 'Again', status: beginGate(rollout.status, gate, now) }
  const until = endOfWait(gate, status)
  if (now < until)
    return waitForPeople(input, { gate: gate.name, until: timestamp(until) }, toApprove(input, gate, until))
  const waited = afterWait(rollout.status, now)
  const message = `nobody decided within ${gate.timeout}`
  return { kind: 'Again', status: endGate(waited, { gate, result: 'TimedOut', now, message }) }
}

/** Halts where the rollout is, until a person decides what a bad result means. */
export function hold(input: StepInput, gate: DefaultedGate, ended: EndedGate): PhaseResult {
  return waitForPeople(input, { gate: gate.name, result: ended.result }, toResolve(input, gate, ended))
}

/** The idle side gets no traffic before the rollout comes to it: what somebody gave it goes back. */
export function originServes(input: StepInput): PhaseResult | undefined {
  const look = missing(input, ['rules'])
  if (look !== undefined) return look
  const side = targetSide(input.rollout)
  return takesTraffic(input.observation, side) ? restoreOrigin(input, side) : undefined
}

function waitForPeople(
  input: StepInput,
  asked: Omit<AwaitedDecision, 'since'>,
  { reason, message }: { readonly reason: string; readonly message: string },
): PhaseResult {
  const { rollout, now, pollMs } = input
  const isIdle = rollout.status.shiftedAt === undefined
  const restored = isIdle && targetPlace(rollout) !== 'only' ? originServes(input) : undefined
  if (restored !== undefined) return restored
  const status = awaitDecision(rollout.status, { ...asked, now })
  const untilMs = asked.until === undefined ? Infinity : Date.parse(asked.until) - now
  const lookAgainMs = Math.min(isIdle ? Math.max(pollMs, IDLE_POLL_MS) : pollMs, untilMs)
  return wait({ ...input, rollout: { ...rollout, status } }, { reason, message, lookAgainMs })
}

function toApprove(
  input: StepInput,
  gate: DefaultedGate,
  until: number,
): { readonly reason: string; readonly message: string } {
  const { approve, reject } = commands(input, gate)
  return {
    reason: 'AwaitingApproval',
    message: `gate ${gate.name} waits for a person until ${timestamp(until)}: ${approve} or ${reject}`,
  }
}

function toResolve(
  input: StepInput,
  gate: DefaultedGate,
  { result, message = 'no message' }: EndedGate,
): { readonly reason: string; readonly message: string } {
  const { approve, reject, retry } = commands(input, gate)
  const [go, stay] =
    gateStage(gate) === 'BeforeRollback'
      ? ['goes back', 'does not']
      : ['goes on as if it had passed', 'goes back']
  return {
    reason: 'GateHold',
    message: `gate ${gate.name} ended as ${result} (${message}), and the rollout halts until somebody decides: ${approve} ${go}, ${reject} ${stay}${gate.task === undefined ? `, ${retry} asks again` : ''}`,
  }
}

/** With the rollout's number, so that what was meant for this one never counts for the next. */
function commands(
  { rollout: { spec } }: StepInput,
  { name }: DefaultedGate,
): Readonly<Record<'approve' | 'reject' | 'retry', string>> {
  const command = (verb: string): string =>
    `\`steersman ${verb} ${spec.environment}/${spec.release} --gate ${name} --rollout ${spec.number}\``
  return { approve: command('approve'), reject: command('reject'), retry: command('retry') }
}
