import type { PhaseResult, StepInput } from '../state.ts'
import { targetSide, turnBack } from '../state.ts'
import { mayBeFromBefore } from '../freshness.ts'
import { wait } from '../step.ts'

/** Goes back from a side that takes traffic and lost its health; a version is not judged by a reading that may be older than its health. */
export function lostHealth(
  input: StepInput,
  { reason, message }: { readonly reason: string; readonly message: string },
): PhaseResult {
  const { rollout, observation, now } = input
  if (mayBeFromBefore(input, observation.sides[targetSide(rollout)], rollout.status))
    return wait(input, { reason: 'ReadBack', message: `${message}; this may be an old reading` })
  return {
    kind: 'Again',
    status: turnBack(rollout.status, { outcome: 'RolledBack', reason, message, now }),
  }
}
