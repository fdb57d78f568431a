import type { RolloutStatus } from '../../resources/generated/rollout.ts'
import type { SideWeights } from '../action.ts'
import type { ShiftStep } from './shift-steps.ts'
import { EVERYTHING, shiftSteps } from './shift-steps.ts'
import type { RolloutState } from './state.ts'
import { targetSide } from './state.ts'
import { divided } from './traffic.ts'

export interface CurrentStep extends ShiftStep {
  /** From 1. */
  readonly number: number
  readonly steps: number
  readonly isLast: boolean
  readonly weights: SideWeights
}

/** The step that a rollout takes or holds. */
export function currentStep(rollout: RolloutState): CurrentStep {
  const all = shiftSteps(rollout.spec.strategy)
  const number = Math.min(Math.max(1, rollout.status.step ?? 0), all.length)
  const step = all[number - 1] ?? EVERYTHING
  return {
    ...step,
    number,
    steps: all.length,
    isLast: number === all.length,
    weights: divided(targetSide(rollout), step.weightPercent),
  }
}

/** A status that is about to take a step: what was seen while the one before was held is over. */
export function towards(status: RolloutStatus, step: number): RolloutStatus {
  const { stepStartedAt: _held, gates, ...rest } = status
  const others = gates?.filter((gate) => gate.when !== 'Shift')
  return { ...rest, step, ...(others === undefined ? {} : { gates: others }) }
}
