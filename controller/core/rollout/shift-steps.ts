import { durationMs } from '../../resources/duration.ts'
import type { DefaultedStrategy } from '../../resources/generated/release.ts'
import type { Strategy } from '../../resources/generated/rollout.ts'

/** One step of a shift. */
export interface ShiftStep {
  /** The new version's part of the traffic. */
  readonly weightPercent: number
  /** How long it stays so before the next step; after the last one comes the bake. */
  readonly holdMs: number
}

type Pace = Pick<Strategy, 'type' | 'steps' | 'by' | 'every'>

/** The last step of every shift. */
export const EVERYTHING: ShiftStep = { weightPercent: 100, holdMs: 0 }

/** How a strategy moves the traffic. The last step always gives all of it to the new version. */
export function shiftSteps(strategy: Pace): readonly ShiftStep[] {
  const { type = 'BlueGreen' } = strategy
  switch (type) {
    case 'Canary':
      return [
        ...(strategy.steps ?? []).map((step) => ({
          weightPercent: step.weight,
          holdMs: durationMs(step.for),
        })),
        EVERYTHING,
      ]
    case 'Linear':
      return linearSteps(strategy.by ?? 100, durationMs(strategy.every ?? '0s'))
    case 'BlueGreen':
    case 'Rolling':
      return [EVERYTHING]
  }
}

function linearSteps(byPercent: number, holdMs: number): readonly ShiftStep[] {
  const count = Math.ceil(100 / byPercent)
  return Array.from({ length: count }, (_, index) =>
    index === count - 1 ? EVERYTHING : { weightPercent: byPercent * (index + 1), holdMs },
  )
}

/** The shortest time from the first weight to the last one, in milliseconds. */
export const shiftMs = (strategy: Pace): number =>
  shiftSteps(strategy).reduce((sum, { holdMs }) => sum + holdMs, 0)

/** The same strategy without its steps: for what is known to be good, or has nothing beside it to carry the rest. */
export function atOnce(strategy: DefaultedStrategy): DefaultedStrategy {
  const { steps: _steps, by: _by, every: _every, ...rest } = strategy
  return { ...rest, type: 'BlueGreen' }
}
