import type { PhaseResult, StepInput } from '../state.ts'
import { enter, gatesAt, isWayBack } from '../state.ts'
import { askGates } from './verifying.ts'

/** What has to be asked before anything is written to ECS; before a rollback that a person asked for also the gates of its kind. */
export function pending(input: StepInput): PhaseResult {
  const { rollout, now } = input
  const ofWayBack = isWayBack(rollout) ? gatesAt(rollout, 'BeforeRollback') : []
  return (
    askGates(input, [...ofWayBack, ...gatesAt(rollout, 'BeforeProvision')], () => undefined) ?? {
      kind: 'Again',
      status: enter(rollout.status, 'Provisioning', now),
    }
  )
}
