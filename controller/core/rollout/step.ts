import type { RolloutStatus } from '../../resources/generated/rollout.ts'
import type { Action } from '../action.ts'
import { effectOf } from '../action.ts'
import type { Part } from '../observation.ts'
import { unseenParts } from '../observation.ts'
import { mayNotShow } from '../time.ts'
import { isOlderThanWrites } from './freshness.ts'
import type { Step, StepInput } from './state.ts'

/**
 * A look at the parts that were not seen since the last write, or a wait while what was seen may be older than it; undefined when all can be relied on. A look
 * takes in what will most likely be asked for next: reads at once last no longer than one.
 */
export function missing(
  input: StepInput,
  parts: readonly Part[],
  likely: readonly Part[] = [],
): Step | undefined {
  const { observation, rollout } = input
  const unseen = unseenParts(observation, parts)
  if (unseen.length > 0)
    return {
      kind: 'Look',
      status: rollout.status,
      parts: [...unseen, ...unseenParts(observation, likely)],
    }
  return isOlderThanWrites(input, parts) ? readBack(input, input.rollout.status) : undefined
}

const readBack = (input: StepInput, status: RolloutStatus): Step => ({
  kind: 'Wait',
  status,
  reason: 'ReadBack',
  message: 'waiting until AWS shows the last write',
  lookAgainMs: input.pollMs,
})

/**
 * An action, unless the same write was answered a moment ago and the world still shows what stood there before: then the read is stale, and looking
 * again is right.
 */
export function act(
  input: StepInput,
  wanted: { readonly action: Action; readonly before: string; readonly status?: RolloutStatus },
): Step {
  const status = wanted.status ?? input.rollout.status
  if (isStaleRead({ ...input, action: wanted.action, before: wanted.before })) {
    return readBack(input, status)
  }
  return { kind: 'Act', status, action: wanted.action, before: wanted.before }
}

/** Whether what was read may be the state before a write of ours that AWS has answered. */
export function isStaleRead(
  input: Pick<StepInput, 'writes' | 'now' | 'stalenessBoundMs' | 'ledSince'> & {
    readonly action: Action
    readonly before: string
  },
): boolean {
  const { object, value } = effectOf(input.action)
  const write = input.writes[object]
  if (write === undefined || write.ambiguous === true) return false
  return write.after === value && write.before === input.before && mayNotShow(write.at, input)
}

/** Waiting always has a reason. It is kept in the status, but for a rollout on its way back, whose reason is why it went. */
export function wait(
  input: StepInput,
  why: { readonly reason: string; readonly message: string; readonly lookAgainMs?: number },
): Step {
  const { status } = input.rollout
  const { reason, message, lookAgainMs = input.pollMs } = why
  const kept = status.phase === 'RollingBack' ? status : { ...status, reason, message }
  return { kind: 'Wait', status: kept, reason, message, lookAgainMs }
}
