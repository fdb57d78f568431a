import type { RolloutStatus } from '../../../resources/generated/rollout.ts'
import { fromTimestamp } from '../../time.ts'
import type { Readiness } from '../readiness.ts'
import { readiness } from '../readiness.ts'
import { currentStep, towards } from '../current-step.ts'
import type { PhaseResult, Step, StepInput } from '../state.ts'
import { originSide, wantedCount } from '../state.ts'
import { act, wait } from '../step.ts'

/** How many tasks the old side has as the shift begins. */
export function originCount({ rollout, observation }: StepInput): Pick<RolloutStatus, 'originCount'> {
  const { service } = observation.sides[originSide(rollout)]
  const count = service?.desiredCount ?? 0
  return { originCount: count > 0 ? count : wantedCount(rollout) }
}

/**
 * The old side carries the rest of the traffic, and is the way back: it gets back the tasks that somebody took from it. Where it can't carry anything any more
 * there is nothing to be careful for, and all the traffic goes to the verified version. Undefined while it carries.
 */
export function carryRest(input: StepInput): PhaseResult | undefined {
  const kept = keepCount(input)
  if (kept !== undefined || canCarry(input)) return kept
  const { rollout, now } = input
  const message = `the ${originSide(rollout)} side can't carry the rest of the traffic`
  const startedAt = fromTimestamp(rollout.status.startedAt ?? '')
  // It carried all of it as the rollout began: a reading from before that tells nothing.
  if (now - startedAt < input.stalenessBoundMs && !hasFailedTarget(input))
    return wait(input, { reason: 'ReadBack', message: `${message}; this may be an old reading` })
  const status = towards(rollout.status, currentStep(rollout).steps)
  return { kind: 'Again', status: { ...status, reason: 'OriginLost', message } }
}

/** The rest is given to the old side only while each of its targets is known for its own; undefined while they are. */
export function unclearOrigin(input: StepInput): Step | undefined {
  const { foreign, message } = originReadiness(input)
  return foreign === 0
    ? undefined
    : wait(input, { reason: 'Preflight', message: `no weight is moved: the old side: ${message}` })
}

function keepCount(input: StepInput): Step | undefined {
  const { rollout, observation } = input
  const side = originSide(rollout)
  const { service } = observation.sides[side]
  const desiredCount = rollout.status.originCount ?? 0
  const isOurs = service?.status === 'ACTIVE' && service.taskDefinition === rollout.spec.from.taskDefinition
  if (!isOurs || service.desiredCount >= desiredCount) return undefined
  return act(input, {
    action: { kind: 'ScaleService', side, desiredCount },
    before: String(service.desiredCount),
  })
}

export function canCarry(input: StepInput): boolean {
  const { rollout, observation } = input
  const { service } = observation.sides[originSide(rollout)]
  const { taskDefinition } = rollout.spec.from
  if (taskDefinition === undefined || service?.status !== 'ACTIVE') return false
  const { healthy, foreign, unknown } = originReadiness(input)
  return service.taskDefinition === taskDefinition && healthy > 0 && foreign === unknown
}

function originReadiness({ rollout, observation }: StepInput): Readiness {
  const seen = observation.sides[originSide(rollout)]
  const { taskDefinition = '' } = rollout.spec.from
  return readiness(seen, { taskDefinition, count: seen.service?.desiredCount ?? 0, staleTasks: [] })
}

const hasFailedTarget = ({ rollout, observation }: StepInput): boolean =>
  observation.sides[originSide(rollout)].members?.targets.some(({ state }) => state === 'unhealthy') ?? false
