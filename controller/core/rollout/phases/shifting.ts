import { timestamp } from '../../time.ts'
import { readiness } from '../readiness.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { enter, targetSide, wantedTarget } from '../state.ts'
import { missing, wait } from '../step.ts'
import { allRulesAt, onlyTo, takesTraffic } from '../traffic.ts'
import { lostHealth } from './lost-health.ts'
import { completeService, newestTask, waitForChange } from './provisioning.ts'
import { moveRules } from './rules.ts'

/** Moves the weights, rule by rule, each after the same preflight on facts read since the last write. */
export function shifting(input: StepInput): PhaseResult {
  const side = targetSide(input.rollout)
  const { rollout, observation, now } = input
  const rules = missing(input, ['rules'])
  if (rules !== undefined) return rules
  if (allRulesAt(observation, onlyTo(side))) {
    const shifted = {
      ...rollout.status,
      shiftedAt: rollout.status.shiftedAt ?? timestamp(now),
      weights: onlyTo(side),
    }
    return { kind: 'Again', status: enter(shifted, 'Baking', now) }
  }
  const look = missing(input, ['services', side])
  if (look !== undefined) return look
  const seen = readiness(observation.sides[side], wantedTarget(rollout))
  if (!seen.ready) {
    if (takesTraffic(observation, side) && seen.healthy === 0)
      return lostHealth(input, `the ${side} side has no healthy target: ${seen.message}`)
    // Somebody changed the side since it was verified, and while it takes nothing it can be made whole.
    const mended = takesTraffic(observation, side) ? undefined : completeService(input)
    return mended ?? wait(input, { reason: 'Preflight', message: `no weight is moved: ${seen.message}` })
  }
  const unclear = takesTraffic(observation, side) ? undefined : waitForChange(input)
  if (unclear !== undefined) return unclear
  const { shiftedAt } = rollout.status
  const begun = shiftedAt === undefined ? newestTask(observation.sides[side]) : {}
  const status = { ...rollout.status, ...begun, shiftedAt: shiftedAt ?? timestamp(now) }
  return (
    moveRules(input, side, status) ??
    wait(input, { reason: 'ReadBack', message: 'waiting until AWS shows the weights' })
  )
}
