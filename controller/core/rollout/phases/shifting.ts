import { timestamp } from '../../time.ts'
import { readiness } from '../readiness.ts'
import { currentStep } from '../current-step.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { enter, originSide, targetSide, wantedTarget } from '../state.ts'
import { missing, wait } from '../step.ts'
import { apartTooLong, stepTogether } from '../together.ts'
import { allRulesAt, takesTraffic } from '../traffic.ts'
import { followOrigin, holdOrigin, letTargetGrow } from './autoscaling.ts'
import { holdStep } from './holding.ts'
import { lostHealth } from './lost-health.ts'
import { completeService, newestTask, waitForChange } from './provisioning.ts'
import { setRules } from './rules.ts'
import { failsInShift, makeWhole } from './shifted-side.ts'
import { canCarry, carryRest, originCount, unclearOrigin } from './shifting-origin.ts'

/** Moves the weights in the strategy's steps: each is taken, read back, and held for its time before the next one. */
export function shifting(input: StepInput): PhaseResult {
  const rules = missing(input, ['rules'])
  if (rules !== undefined) return rules
  return input.rollout.status.stepStartedAt === undefined ? takeStep(input) : holdStep(input)
}

/** Writes the step's weights, rule by rule, each after the same preflight on facts read since the last write. */
function takeStep(input: StepInput): PhaseResult {
  const side = targetSide(input.rollout)
  const { rollout, observation, now } = input
  const { weights, number, steps, isLast } = currentStep(rollout)
  if (allRulesAt(observation, weights)) return taken(input)
  const look = missing(input, ['services', side])
  if (look !== undefined) return look
  const unfit = holdOrigin(input) ?? (isStepped(input) ? unfitInShift(input) : unfitTarget(input))
  if (unfit?.kind === 'Wait') return apartTooLong(input, unfit.message) ?? unfit
  if (unfit !== undefined) return unfit
  const rest = isLast
    ? undefined
    : (missing(input, [originSide(rollout)]) ?? carryRest(input) ?? unclearOrigin(input))
  if (rest !== undefined) return rest
  const together = waitForMembers(input, number)
  if (together !== undefined) return together
  const { shiftedAt } = rollout.status
  const begun =
    shiftedAt === undefined
      ? {
          ...newestTask(observation.sides[side]),
          ...originCount(input),
          readyCount: wantedTarget(rollout).count,
        }
      : {}
  const status = { ...rollout.status, ...begun, step: number, steps, shiftedAt: shiftedAt ?? timestamp(now) }
  return (
    setRules(input, weights, status) ??
    wait(input, { reason: 'ReadBack', message: 'waiting until AWS shows the weights' })
  )
}

/** The members of a group take each step together. Where the old side can't carry the rest any more, this one can't wait for them. */
function waitForMembers(input: StepInput, step: number): PhaseResult | undefined {
  const waits = stepTogether(input, step)
  if (waits?.kind !== 'Wait' || !isStepped(input)) return waits
  return missing(input, ['services', originSide(input.rollout)]) ?? (canCarry(input) ? waits : undefined)
}

/** The rules show the step's weights: they are held from now on; at the last one the bake begins. */
function taken(input: StepInput): PhaseResult {
  const growing = letTargetGrow(input)
  if (growing !== undefined) return growing
  const { rollout, now } = input
  const { weights, number, steps, isLast } = currentStep(rollout)
  const shifted = {
    ...rollout.status,
    shiftedAt: rollout.status.shiftedAt ?? timestamp(now),
    step: number,
    steps,
    weights,
  }
  if (isLast) return { kind: 'Again', status: enter(shifted, 'Baking', now) }
  return { kind: 'Again', status: { ...shifted, stepStartedAt: timestamp(now) } }
}

/** Whether the new version was given a part of the traffic by an earlier step, whatever a reading shows. */
const isStepped = ({ rollout: { status } }: StepInput): boolean =>
  (status.steps ?? 1) > 1 && status.shiftedAt !== undefined

/** What keeps the new side from being given its first traffic, or the rest of several rules. */
function unfitTarget(input: StepInput): PhaseResult | undefined {
  const side = targetSide(input.rollout)
  const { rollout, observation } = input
  const isTaking = takesTraffic(observation, side)
  const followed = isTaking ? undefined : followOrigin(input)
  if (followed !== undefined) return followed
  const seen = readiness(observation.sides[side], wantedTarget(rollout))
  if (seen.ready) return isTaking ? undefined : waitForChange(input)
  if (isTaking && seen.healthy === 0)
    return lostHealth(input, {
      reason: 'NoHealthyTargets',
      message: `the ${side} side has no healthy target: ${seen.message}`,
    })
  // Somebody changed the side since it was verified, and while it takes nothing it can be made whole.
  const mended = isTaking ? undefined : completeService(input)
  return mended ?? wait(input, { reason: 'Preflight', message: `no weight is moved: ${seen.message}` })
}

/** What keeps the new side, which has a part of the traffic, from being given another one. */
const unfitInShift = (input: StepInput): PhaseResult | undefined =>
  failsInShift(input) ?? followOrigin(input) ?? makeWhole(input)
