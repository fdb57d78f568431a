import { durationMs } from '../../../resources/duration.ts'
import { timestamp } from '../../time.ts'
import { readiness } from '../readiness.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { finish, gatesAt, originSide, phaseStart, targetSide, wantedTarget } from '../state.ts'
import { missing, wait } from '../step.ts'
import { endTogether, succeedsWithLeader } from '../together.ts'
import { allRulesAt, keepsClients, onlyTo } from '../traffic.ts'
import { mayGetForeign, startsOthers } from './about-to-change.ts'
import { lostHealth } from './lost-health.ts'
import { keepAtBalancer, moveRules, pointTest } from './rules.ts'
import { askGates } from './verifying.ts'
import { watchGates } from './watching.ts'

/** Watches the new live side for the bake time; the old side stays warm all the while. */
export function baking(input: StepInput): PhaseResult {
  if (succeedsWithLeader(input)) return { kind: 'Again', status: succeed(input) }
  const { rollout, observation, now } = input
  const side = targetSide(rollout)
  const look = missing(input, ['rules', side])
  if (look !== undefined) return look
  const seen = readiness(observation.sides[side], wantedTarget(rollout))
  if (seen.healthy === 0)
    return lostHealth(input, {
      reason: 'NoHealthyTargets',
      message: `the ${side} side lost all its healthy targets: ${seen.message}`,
    })
  if (!allRulesAt(observation, onlyTo(side))) return keepTraffic(input)
  const kept = keepAtBalancer(input, originSide(rollout))
  if (kept !== undefined) return kept
  const until = phaseStart(rollout.status) + durationMs(rollout.spec.strategy.bake)
  const gates = watchGates(input, gatesAt(rollout, 'Bake'), { until, reason: 'Baking' })
  if (gates !== undefined) return gates
  if (now < until)
    return wait(input, {
      reason: 'Baking',
      message: seen.message,
      lookAgainMs: Math.min(input.pollMs, until - now),
    })
  return (
    unsteady(input) ??
    askGates(input, gatesAt(rollout, 'AfterSuccess'), () => undefined) ??
    pointTest(input, originSide(rollout)) ??
    endTogether(input) ?? { kind: 'Again', status: succeed(input) }
  )
}

/** A wait while the side is not whole; autoscaling may have changed its count since it was started. */
function unsteady(input: StepInput): PhaseResult | undefined {
  const side = targetSide(input.rollout)
  const wanted = wantedTarget(input.rollout)
  const seen = input.observation.sides[side]
  if (readiness(seen, wanted).ready) return undefined
  const look = missing(input, ['services'])
  if (look !== undefined) return look
  const count = seen.service?.desiredCount ?? 0
  const { ready, message } = readiness(seen, { ...wanted, count })
  return ready && count > 0
    ? undefined
    : wait(input, { reason: 'Unsteady', message: `the bake time is over, but ${message}` })
}

/** Somebody moved the weights in the middle: they go back to the side that was verified, if it is still whole, and nobody makes it another version. */
function keepTraffic(input: StepInput): PhaseResult {
  const { rollout, observation } = input
  const side = targetSide(rollout)
  const wanted = wantedTarget(rollout)
  const look = startsOthers(observation, side, wanted) ? missing(input, [originSide(rollout)]) : undefined
  if (look !== undefined) return look
  const seen = readiness(observation.sides[side], wanted)
  if (seen.foreign > 0 || mayGetForeign(observation, side, wanted))
    return wait(input, { reason: 'Preflight', message: `no weight is moved: ${seen.message}` })
  return (
    moveRules(input, side) ??
    wait(input, { reason: 'ReadBack', message: 'waiting until AWS shows the weights' })
  )
}

/** Clients of the old side stay with it for as long as a rule that names it says, so it is there for them. */
const stickyMs = ({ rollout, observation }: StepInput): readonly number[] =>
  rollout.spec.from.taskDefinition === undefined
    ? []
    : observation.production
        .filter((rule) => keepsClients(rule, observation, originSide(rollout)))
        .map((rule) => (rule?.stickiness.durationSeconds ?? 0) * 1000)

/** Where nothing served before there is nothing to keep warm. */
function succeed(input: StepInput): StepInput['rollout']['status'] {
  const { rollout, now } = input
  const { from, strategy } = rollout.spec
  const warmMs = Math.max(durationMs(strategy.keepPrevious), ...stickyMs(input))
  const warm = from.side === 'none' ? {} : { keepPreviousUntil: timestamp(now + warmMs) }
  return finish(
    { ...rollout.status, ...warm, reason: 'Succeeded', message: 'the new version serves' },
    'Succeeded',
    now,
  )
}
