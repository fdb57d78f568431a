import type { Action } from '../../../../controller/core/action.ts'
import { writes } from '../../../../controller/core/action.ts'
import type { RolloutStatus } from '../../../../controller/resources/types.ts'

/** What a rollout came to. */
export interface Told {
  readonly outcome: string
  /** Every write, in order, in a few letters. */
  readonly writes: string
}

/** A write as a word: `blue x2` for a count, `blue 10` for a weight, `test blue` for the test rule. */
export function word(action: Action): string | undefined {
  if (!writes(action)) return undefined
  switch (action.kind) {
    case 'SetWeights':
      return `blue ${action.weights.blue}`
    case 'PointTest':
      return `test ${action.side}`
    case 'CreateService':
    case 'UpdateService':
      return action.side === 'only'
        ? `:${action.taskDefinition.replace(/.*:/, '')} x${action.desiredCount ?? ''}`
        : `${action.side} x${action.desiredCount ?? ''}`
    case 'ScaleService':
      return `${action.side} x${action.desiredCount}`
    default:
      return action.kind
  }
}

export const outcomeOf = ({ outcome, reason }: RolloutStatus): string =>
  outcome === reason ? String(outcome) : `${outcome} (${reason})`

export const halted = ({ phase }: RolloutStatus, reason: string): string => `${phase} waits (${reason})`
