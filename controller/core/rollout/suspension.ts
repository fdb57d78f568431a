import type { RolloutStatus } from '../../resources/generated/rollout.ts'
import { fromTimestamp, timestamp } from '../time.ts'
import type { Step, StepInput } from './state.ts'
import { wait } from './step.ts'

/** While an environment is suspended or paused a rollout stands still, and remembers since when. */
export function standStill(input: StepInput): Step {
  const { status } = input.rollout
  const suspendedSince = status.suspendedSince ?? timestamp(input.now)
  const rollout = { ...input.rollout, status: { ...status, suspendedSince } }
  return wait(
    { ...input, rollout },
    { reason: 'Suspended', message: 'the environment is suspended or paused: nothing is written' },
  )
}

/** Goes on after a suspension: the deadline leaves that time out, and gates that had not ended are asked anew. */
export function goOn({ rollout, now }: Pick<StepInput, 'rollout' | 'now'>): RolloutStatus {
  const { suspendedSince, ...status } = rollout.status
  if (suspendedSince === undefined) return rollout.status
  const stoodStillMs = Math.max(0, now - fromTimestamp(suspendedSince))
  const { deadlineAt, gates } = status
  return {
    ...status,
    waitSeconds: (status.waitSeconds ?? 0) + stoodStillMs / 1000,
    ...(deadlineAt === undefined ? {} : { deadlineAt: timestamp(fromTimestamp(deadlineAt) + stoodStillMs) }),
    ...(gates === undefined ? {} : { gates: gates.filter((gate) => gate.result !== undefined) }),
  }
}
