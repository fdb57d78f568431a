import { fromTimestamp } from '../../time.ts'
import type { Readiness } from '../readiness.ts'
import { readiness } from '../readiness.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { targetSide, wantedTarget } from '../state.ts'
import { act, wait } from '../step.ts'
import { lostHealth } from './lost-health.ts'

/** What the side has that takes a part of the traffic: its count, or more where autoscaling gave it more. */
export function partReadiness({ rollout, observation }: StepInput): Readiness {
  const seen = observation.sides[targetSide(rollout)]
  const wanted = wantedTarget(rollout)
  const count = Math.max(wanted.count, seen.service?.desiredCount ?? 0)
  return readiness(seen, { ...wanted, count })
}

/** Goes back from a new version that does not stay whole with its part of the traffic; undefined while it does. */
export function failsInShift(input: StepInput): PhaseResult | undefined {
  const side = targetSide(input.rollout)
  const seen = partReadiness(input)
  if (seen.healthy === 0)
    return lostHealth(input, {
      reason: 'NoHealthyTargets',
      message: `the ${side} side has no healthy target: ${seen.message}`,
    })
  const hasOthers = seen.foreign > seen.unknown
  if (seen.ready || !(hasFailedTarget(input) || hasLostTasks(input) || hasOthers)) return undefined
  const message = `the ${side} side did not stay ready with its part of the traffic: ${seen.message}`
  return lostHealth(input, { reason: 'Unready', message })
}

const hasFailedTarget = ({ rollout, observation }: StepInput): boolean =>
  observation.sides[targetSide(rollout)].members?.targets.some(({ state }) => state === 'unhealthy') ?? false

/** Whether tasks are gone that nobody took away: fewer serve than were ready, and the service wants them still. */
function hasLostTasks(input: StepInput): boolean {
  const { rollout, observation, writes } = input
  const side = targetSide(rollout)
  const count = rollout.status.readyCount ?? wantedTarget(rollout).count
  const putBack = writes[`service/${side}/count`]
  const isPutBack =
    putBack !== undefined && fromTimestamp(putBack.at) >= fromTimestamp(rollout.status.shiftedAt ?? '')
  const isWanted = (observation.sides[side].service?.desiredCount ?? 0) >= count
  return partReadiness(input).healthy < count && isWanted && !isPutBack
}

/** Gives the side the tasks back that somebody took away since it was ready, and waits for them; undefined when it is whole. */
export function makeWhole(input: StepInput): PhaseResult | undefined {
  const { rollout, observation } = input
  const side = targetSide(rollout)
  const { service } = observation.sides[side]
  const { taskDefinition, count } = wantedTarget(rollout)
  if (
    service?.status === 'ACTIVE' &&
    service.taskDefinition === taskDefinition &&
    service.desiredCount < count
  )
    return act(input, {
      action: { kind: 'ScaleService', side, desiredCount: count },
      before: String(service.desiredCount),
    })
  const { ready, message } = partReadiness(input)
  return ready ? undefined : wait(input, { reason: 'Preflight', message: `no weight is moved: ${message}` })
}
