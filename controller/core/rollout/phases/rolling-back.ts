import type { PhaseResult, Step, StepInput } from '../state.ts'
import { endOfWay, finish, originSide, targetSide, wantedTarget } from '../state.ts'
import { mayHaveTraffic, mayStillChange, mayStillPoint } from '../freshness.ts'
import { hasHealthyTarget, readiness } from '../readiness.ts'
import { act, missing, wait } from '../step.ts'
import { onlyTo, takesTraffic } from '../traffic.ts'
import { mayGetForeign } from './about-to-change.ts'
import { revive } from './revive.ts'
import { freeClients, keepAtBalancer, moveRules, pointTest } from './rules.ts'

/** Gives the traffic back first, with one write per rule, and tidies afterwards. */
export function rollingBack(input: StepInput): PhaseResult {
  const side = targetSide(input.rollout)
  const hadTraffic = input.rollout.status.shiftedAt !== undefined
  const rules = missing(input, ['rules'], hadTraffic ? ['services', originSide(input.rollout), side] : [])
  if (rules !== undefined) return rules
  if (takesTraffic(input.observation, side)) return giveBack(input)
  if (mayHaveTraffic(input, side, input.rollout.status.intent))
    return wait(input, {
      reason: 'ReadBack',
      message: 'a change of weights got no answer: waiting until it is clear whether it was made',
    })
  if (hadTraffic && input.observation.production.includes(null)) return withoutRule(input)
  return tidy(input)
}

/**
 * A rule that is not found may serve all the same: somebody gave it other conditions, and it still forwards to the side. So long as nobody brings it back, the side keeps
 * its tasks, also past the end.
 */
function withoutRule(input: StepInput): PhaseResult {
  const { rollout, now } = input
  const message = 'a production rule of the release does not exist'
  if (!isHopeless(input)) return wait(input, { reason: 'RuleMissing', message })
  const side = targetSide(rollout)
  const said = `${rollout.status.message ?? 'failed'}; ${message}, so the ${side} side keeps its tasks`
  return {
    kind: 'Again',
    status: finish({ ...rollout.status, message: said }, rollout.status.outcome ?? 'RolledBack', now),
  }
}

function giveBack(input: StepInput): PhaseResult {
  const { rollout, observation } = input
  const origin = originSide(rollout)
  const { taskDefinition } = rollout.spec.from
  const look = missing(input, ['services', origin, targetSide(rollout)])
  if (look !== undefined) return look
  if (taskDefinition === undefined) return withoutOrigin(input)
  const repointed = isRepointed(input, taskDefinition) ? revive(input, taskDefinition) : undefined
  if (repointed !== undefined) return repointed
  const count = Math.max(1, observation.sides[origin].service?.desiredCount ?? 0)
  const served = { taskDefinition, count, staleTasks: [] }
  const seen = readiness(observation.sides[origin], served)
  if (seen.healthy > 0 && seen.foreign === 0 && !mayGetForeign(observation, origin, served)) {
    const status = { ...rollout.status, weights: onlyTo(origin) }
    return (
      moveRules(input, origin, status) ??
      wait(input, { reason: 'ReadBack', message: 'waiting until AWS shows the weights' })
    )
  }
  const message = `the ${origin} side can't take the traffic back: ${seen.message}`
  // Where the sides share the traffic there is a next try after the end: what is made anew may be refused each time, such as with a deregistered task definition.
  if (isHopeless(input) && takesTraffic(observation, origin)) return trafficStays(input, message)
  return (
    revive(input, taskDefinition) ??
    (isHopeless(input) ? trafficStays(input, message) : wait(input, { reason: 'OriginNotReady', message }))
  )
}

/** Somebody made the old side's service another version: its healthy targets are about to be replaced. */
function isRepointed({ rollout, observation }: StepInput, taskDefinition: string): boolean {
  const { service } = observation.sides[originSide(rollout)]
  return service?.status === 'ACTIVE' && service.taskDefinition !== taskDefinition
}

/** The first version of all keeps the traffic, that of every rule once one was moved, unless it never had any of ours and serves nobody. */
function withoutOrigin(input: StepInput): PhaseResult {
  const { rollout, observation } = input
  const isNeverServed =
    rollout.status.shiftedAt === undefined && !hasHealthyTarget(observation.sides[targetSide(rollout)])
  const moved = isNeverServed ? moveRules(input, originSide(rollout)) : moveTheRest(input)
  // As at the end of a bake: or the test rule would count as changed by somebody.
  const isPointed = rollout.status.shiftedAt === undefined || observation.test === null
  const pointed = isPointed ? undefined : pointTest(input, originSide(rollout))
  return moved ?? pointed ?? trafficStays(input, 'there is no earlier version to go back to')
}

/** Of several rules those that were not moved yet lead to nobody: moving them later would be told as somebody else's change. */
function moveTheRest(input: StepInput): Step | undefined {
  const { rollout, observation } = input
  const side = targetSide(rollout)
  if (rollout.status.shiftedAt === undefined) return undefined
  const { ready } = readiness(observation.sides[side], wantedTarget(rollout))
  return ready ? moveRules(input, side) : undefined
}

/** As long as a whole rollout may take there was no way back: going on from here is better than waiting for ever. */
const isHopeless = ({ rollout, now }: StepInput): boolean => now >= endOfWay(rollout)

/** Where no side is better, the tried one keeps the traffic; if it was verified, it counts as live from now on, unless it alone serves nobody. */
function trafficStays({ rollout, observation, now }: StepInput, why: string): PhaseResult {
  const message = `${rollout.status.message ?? 'failed'}; ${why}, so the traffic stays`
  const [target, origin] = [targetSide(rollout), originSide(rollout)]
  const isDead = !hasHealthyTarget(observation.sides[target]) && hasHealthyTarget(observation.sides[origin])
  const weights = onlyTo(isDead && takesTraffic(observation, origin) ? origin : target)
  const wasVerified = rollout.status.shiftedAt !== undefined
  const status = { ...rollout.status, message, ...(wasVerified ? { weights } : {}) }
  return { kind: 'Again', status: finish(status, status.outcome ?? 'RolledBack', now) }
}

/**
 * The side that was tried goes to zero, once the rules show that it takes nothing. The last thing that a bake does is to move the test rule: where the
 * rollout turned back only then, the rule is brought to the side that is idle again.
 */
function tidy(input: StepInput): PhaseResult {
  const { rollout, observation, now } = input
  const look = missing(input, ['services'])
  if (look !== undefined) return look
  const side = targetSide(rollout)
  const { service } = observation.sides[side]
  if (service !== null && service.status === 'ACTIVE' && service.desiredCount > 0) {
    const hasOrigin = rollout.spec.from.taskDefinition !== undefined
    const freed = hasOrigin ? freeClients(input, side) : undefined
    const kept = hasOrigin && observation.test !== null ? keepAtBalancer(input, side) : undefined
    const scaled = { action: { kind: 'ScaleService', side, desiredCount: 0 } } as const
    return freed ?? kept ?? act(input, { ...scaled, before: String(service.desiredCount) })
  }
  if (mayStillChange(input, side, { taskDefinition: service?.taskDefinition ?? '', count: 0 }))
    return wait(input, {
      reason: 'ReadBack',
      message: `a change of the ${side} service got no answer: waiting until it is clear whether it was made`,
    })
  const isMoved = rollout.status.shiftedAt !== undefined && observation.test !== null
  const pointed = isMoved ? pointTest(input, side) : undefined
  if (pointed !== undefined) return pointed
  if (isMoved && mayStillPoint(input, side))
    return wait(input, {
      reason: 'ReadBack',
      message: 'a change of the test rule got no answer: waiting until it is clear whether it was made',
    })
  const status = { ...rollout.status, weights: onlyTo(originSide(rollout)) }
  return { kind: 'Again', status: finish(status, status.outcome ?? 'RolledBack', now) }
}
