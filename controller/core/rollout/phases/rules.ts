import type { Side } from '../../observation.ts'
import { otherSide } from '../../observation.ts'
import { weightsValue } from '../../action.ts'
import { hasHealthyTarget, readiness } from '../readiness.ts'
import type { Step, StepInput } from '../state.ts'
import { act, missing, wait } from '../step.ts'
import { onlyTo, ruleIsAt, testPointsOnlyAt, weightsOf } from '../traffic.ts'

/** Points the test rule at the side, so that gates reach it and its target group is associated; undefined when it does, or there is none. */
export function pointTest(input: StepInput, side: Side): Step | undefined {
  const { rollout, observation } = input
  if (rollout.spec.traffic.test === undefined) return undefined
  if (observation.test === null)
    return wait(input, { reason: 'TestRuleMissing', message: 'the test listener or rule does not exist' })
  if (testPointsOnlyAt(observation, side)) return undefined
  const before = weightsValue(weightsOf(observation.test, observation).weights)
  return act(input, { action: { kind: 'PointTest', side }, before })
}

/** Writes the first production rule that does not send everything to the side; undefined when all do. */
export function moveRules(input: StepInput, side: Side, status = input.rollout.status): Step | undefined {
  const { observation } = input
  if (observation.production.includes(null))
    return wait(input, { reason: 'RuleMissing', message: 'a production rule of the release does not exist' })
  const wanted = onlyTo(side)
  for (const rule of observation.production) {
    if (rule === null) continue
    const seen = weightsOf(rule, observation)
    if (ruleIsAt(seen, wanted)) continue
    return act(input, {
      action: { kind: 'SetWeights', rule: rule.arn, weights: wanted },
      before: weightsValue(seen.weights),
      status,
    })
  }
  return undefined
}

/** Somebody gave the side traffic although it was not verified: gives it back to the other side, if that one can take it, or neither can. */
export function restoreOrigin(input: StepInput, side: Side): Step {
  const origin = otherSide(side)
  const look = missing(input, [origin, side])
  if (look !== undefined) return look
  const { sides } = input.observation
  const { taskDefinition } = input.rollout.spec.from
  const foreign =
    taskDefinition === undefined
      ? 0
      : readiness(sides[origin], { taskDefinition, count: 1, staleTasks: [] }).foreign
  const canServe = hasHealthyTarget(sides[origin]) || !hasHealthyTarget(sides[side])
  if (!canServe || foreign > 0) {
    return wait(input, {
      reason: 'TrafficOnTarget',
      message: `the ${side} side takes production traffic and the ${origin} side can't: nothing is changed until it can`,
    })
  }
  return (
    moveRules(input, origin) ??
    wait(input, { reason: 'ReadBack', message: 'waiting until AWS shows the weights' })
  )
}
