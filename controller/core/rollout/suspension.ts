import type { GateStatus, RolloutStatus } from '../../resources/generated/rollout.ts'
import { fromTimestamp, timestamp } from '../time.ts'
import type { Step, StepInput } from './state.ts'
import { wait } from './step.ts'
import { withLaterDeadline } from './waiting.ts'

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

/**
 * Goes on after a suspension: the deadline leaves that time out, and gates that had not ended are asked anew, but for one that a person is asked about or
 * whose task runs: it gets that time on top.
 */
export function goOn({ rollout, now }: Pick<StepInput, 'rollout' | 'now'>): RolloutStatus {
  const { suspendedSince, ...status } = rollout.status
  if (suspendedSince === undefined) return rollout.status
  const stoodStillMs = Math.max(0, now - fromTimestamp(suspendedSince))
  const { awaiting, gates } = status
  return {
    ...withLaterDeadline(status, stoodStillMs),
    waitSeconds: (status.waitSeconds ?? 0) + stoodStillMs / 1000,
    ...(awaiting === undefined ? {} : { awaiting: laterWait(awaiting, stoodStillMs) }),
    ...(gates === undefined ? {} : { gates: gates.flatMap((gate) => goneOn(gate, status, stoodStillMs)) }),
  }
}

/** That time is counted already. */
const laterWait = (
  awaiting: NonNullable<RolloutStatus['awaiting']>,
  byMs: number,
): NonNullable<RolloutStatus['awaiting']> => ({
  ...awaiting,
  since: timestamp(fromTimestamp(awaiting.since) + byMs),
})

function goneOn(gate: GateStatus, { awaiting }: RolloutStatus, stoodStillMs: number): readonly GateStatus[] {
  if (gate.result !== undefined) return [gate]
  if (awaiting?.gate !== gate.name && gate.task === undefined) return []
  // The next look counts the time since the last one.
  if (gate.task !== undefined && gate.task.arn === undefined) return [gate]
  return [{ ...gate, unaskedSeconds: (gate.unaskedSeconds ?? 0) + stoodStillMs / 1000 }]
}
