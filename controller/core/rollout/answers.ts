import type { GateAnswer, RolloutStatus } from '../../resources/generated/rollout.ts'
import { CALLBACK_PAUSE_MS } from '../gate/callback.ts'
import type { HookJudgement } from '../gate/judge-hook.ts'
import { gateStatus, recordAttempt } from './gates.ts'
import type { RolloutState } from './state.ts'
import { isFinished } from './state.ts'

/**
 * Takes over what a receiver has called back with, once. It may be quicker than the store, so an answer to a question that is not stored yet is kept for the next
 * look; one that comes too late changes nothing.
 */
export function takeAnswer({ spec, status }: RolloutState, now: number): RolloutStatus {
  const { answerReceived: answer, ...rest } = status
  if (answer === undefined) return status
  const gate = spec.gates?.find(({ name, webhook }) => name === answer.gate && webhook?.callback === true)
  const heard = { ...rest, handledAnswerAt: answer.at }
  if (gate === undefined) return heard
  const seen = gateStatus(status, gate.name)
  if (seen === undefined) return rest
  return seen.result === undefined
    ? recordAttempt(heard, { gate, ...judged(answer), startedAt: now, now })
    : heard
}

function judged({ answer }: GateAnswer): HookJudgement {
  switch (answer) {
    case 'SUCCEEDED':
      return { result: 'Success', message: 'it called back with SUCCEEDED' }
    case 'FAILED':
      return { result: 'Failure', message: 'it called back with FAILED' }
    case 'IN_PROGRESS':
      return {
        result: 'Inconclusive',
        message: 'it called back with IN_PROGRESS: it has not decided yet',
        pauseMs: CALLBACK_PAUSE_MS,
      }
  }
}

/** Why an answer is not taken, as a sentence; undefined where it is. The question itself may not be stored yet. */
export function answerProblem(
  { spec, status }: Pick<RolloutState, 'status'> & { readonly spec: Pick<RolloutState['spec'], 'gates'> },
  gate: string,
): string | undefined {
  if (isFinished(status)) return 'the rollout has ended'
  if (spec.gates?.some(({ name, webhook }) => name === gate && webhook?.callback === true) !== true)
    return `the rollout has no gate ${gate} that is called back`
  return gateStatus(status, gate)?.result === undefined ? undefined : `gate ${gate} has ended`
}
