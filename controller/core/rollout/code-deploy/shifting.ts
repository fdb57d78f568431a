import { timestamp } from '../../time.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { enter } from '../state.ts'
import { act, wait } from '../step.ts'
import { lookedAt, lostDeployment, ownDeployment, progressOf, serves } from './own.ts'

/** Gives CodeDeploy the word, and watches it move the traffic until all of it is at the new tasks. */
export function codeDeployShifting(input: StepInput): PhaseResult {
  const ended = lookedAt(input) ?? lostDeployment(input)
  if (ended !== undefined) return ended
  const { rollout, now } = input
  const own = ownDeployment(input, 'Forward')
  if (own === undefined) throw new Error(`rollout ${rollout.name} lost its deployment`)
  if (own.status === 'Ready')
    return act(input, {
      action: { kind: 'ContinueCodeDeploy', deployment: own.id, wait: 'READY_WAIT' },
      before: 'Ready',
      status: { ...rollout.status, shiftedAt: rollout.status.shiftedAt ?? timestamp(now) },
    })
  if (serves(input, own)) return { kind: 'Again', status: enter(rollout.status, 'Baking', now) }
  return wait(input, { reason: 'Shifting', message: progressOf(input, own) })
}
