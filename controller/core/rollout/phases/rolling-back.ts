import type { PhaseResult, StepInput } from '../state.ts'
import { finish, originSide, targetSide } from '../state.ts'
import { mayHaveTraffic } from '../freshness.ts'
import { readiness } from '../readiness.ts'
import { act, missing, wait } from '../step.ts'
import { onlyTo, takesTraffic } from '../traffic.ts'
import { moveRules } from './rules.ts'

/** Gives the traffic back first, with one write per rule, and tidies afterwards. */
export function rollingBack(input: StepInput): PhaseResult {
  const rules = missing(input, ['rules'])
  if (rules !== undefined) return rules
  const side = targetSide(input.rollout)
  if (takesTraffic(input.observation, side)) return giveBack(input)
  if (mayHaveTraffic(input, side, input.rollout.status.intent))
    return wait(input, {
      reason: 'ReadBack',
      message: 'a change of weights got no answer: waiting until it is clear whether it was made',
    })
  return tidy(input)
}

function giveBack(input: StepInput): PhaseResult {
  const { rollout, observation } = input
  const origin = originSide(rollout)
  const taskDefinition = rollout.spec.from.taskDefinition
  const look = missing(input, ['services', origin])
  if (look !== undefined) return look
  const seen = observation.sides[origin]
  if (taskDefinition === undefined || rollout.spec.from.side === 'none') return nothingToGoBackTo(input)
  const count = Math.max(1, seen.service?.desiredCount ?? 0)
  const { healthy, foreign, message } = readiness(seen, { taskDefinition, count, staleTasks: [] })
  if (healthy > 0 && foreign === 0) {
    const status = { ...rollout.status, weights: onlyTo(origin) }
    return (
      moveRules(input, origin, status) ??
      wait(input, { reason: 'ReadBack', message: 'waiting until AWS shows the weights' })
    )
  }
  if (
    seen.service !== null &&
    seen.service.desiredCount === 0 &&
    seen.service.taskDefinition === taskDefinition
  ) {
    const action = { kind: 'ScaleService', side: origin, desiredCount: rollout.spec.desiredCount } as const
    return act(input, { action, before: '0' })
  }
  return wait(input, {
    reason: 'OriginNotReady',
    message: `the ${origin} side can't take the traffic back yet: ${message}`,
  })
}

/** The first version of all has no predecessor: it keeps the traffic while nothing better is there. */
function nothingToGoBackTo(input: StepInput): PhaseResult {
  const { rollout, now } = input
  const message = `${rollout.status.message ?? 'failed'}; there is no earlier version to go back to, so the traffic stays`
  return {
    kind: 'Again',
    status: finish({ ...rollout.status, message }, rollout.status.outcome ?? 'RolledBack', now),
  }
}

/** The side that was tried goes to zero, once the rules show that it takes nothing. */
function tidy(input: StepInput): PhaseResult {
  const { rollout, observation, now } = input
  const look = missing(input, ['services'])
  if (look !== undefined) return look
  const side = targetSide(rollout)
  const { service } = observation.sides[side]
  if (service !== null && service.status === 'ACTIVE' && service.desiredCount > 0) {
    return act(input, {
      action: { kind: 'ScaleService', side, desiredCount: 0 },
      before: String(service.desiredCount),
    })
  }
  return { kind: 'Again', status: finish(rollout.status, rollout.status.outcome ?? 'RolledBack', now) }
}
