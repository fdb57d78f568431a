import type { Action } from '../action.ts'
import { effectOf } from '../action.ts'
import { stoodBeforeUnanswered } from '../rollout/freshness.ts'
import { isStaleRead } from '../rollout/step.ts'
import type { Decision, PlanInput } from './decision.ts'
import { readBack } from './decision.ts'

/** The correction, unless nothing may be written, or the same one does not show yet. */
export function made(
  input: Pick<PlanInput, 'mayWrite' | 'status' | 'now' | 'pollMs' | 'stalenessBoundMs' | 'ledSince'>,
  correction: { readonly action: Action; readonly before: string; readonly drift: boolean },
): Decision {
  if (!input.mayWrite)
    return {
      kind: 'Wait',
      reason: 'Suspended',
      message: 'the environment is suspended or paused: nothing is written',
      lookAgainMs: input.pollMs,
    }
  const writes = input.status.writes ?? {}
  if (isStaleRead({ ...input, writes, ...correction })) return readBack(input)
  // What a write of ours has not done yet, or does not show, nobody else has changed.
  const { object } = effectOf(correction.action)
  const isOurs = stoodBeforeUnanswered({ ...input, writes }, { object, value: correction.before })
  return { kind: 'Act', ...correction, drift: correction.drift && !isOurs }
}
