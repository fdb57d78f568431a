import { formatDuration } from '../../../resources/duration.ts'
import { fromTimestamp } from '../../time.ts'
import { currentStep, towards } from '../current-step.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { gatesAt, originSide, targetSide } from '../state.ts'
import { missing, wait } from '../step.ts'
import { allRulesAt } from '../traffic.ts'
import { failsInShift, partReadiness } from './shifted-side.ts'
import { carryRest } from './shifting-origin.ts'
import { watchGates } from './watching.ts'

/** Holds a step for its time while both sides are watched, then goes on to the next one. */
export function holdStep(input: StepInput): PhaseResult {
  const { rollout, observation, now } = input
  const { status } = rollout
  const look = missing(input, ['services', targetSide(rollout), originSide(rollout)])
  if (look !== undefined) return look
  const failed = failsInShift(input)
  if (failed !== undefined) return failed
  const { weights, number, holdMs } = currentStep(rollout)
  // Somebody moved the weights: the step is taken again, and held anew.
  if (!allRulesAt(observation, weights)) return { kind: 'Again', status: towards(status, number) }
  const until = fromTimestamp(status.stepStartedAt ?? '') + holdMs
  const busy = carryRest(input) ?? watchGates(input, gatesAt(rollout, 'Shift'), { until, reason: 'Holding' })
  if (busy !== undefined) return busy
  return now < until ? hold(input, until) : { kind: 'Again', status: towards(status, number + 1) }
}

function hold(input: StepInput, until: number): PhaseResult {
  const { rollout, now } = input
  const { number, steps, weightPercent } = currentStep(rollout)
  const { ready, message } = partReadiness(input)
  const step = `step ${number} of ${steps}: ${weightPercent} % for ${roundedUp(until - now)} more`
  return wait(input, {
    reason: 'Holding',
    message: ready ? step : `${step}; ${message}`,
    lookAgainMs: Math.min(input.pollMs, until - now),
  })
}

/** To whole minutes while there are several, then to ten seconds: what is told need not change at each look. */
function roundedUp(remainingMs: number): string {
  const unitMs = remainingMs > 120_000 ? 60_000 : remainingMs > 10_000 ? 10_000 : 1_000
  return formatDuration(Math.ceil(remainingMs / unitMs) * unitMs)
}
