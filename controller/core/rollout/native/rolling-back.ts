import { serviceValue } from '../../action.ts'
import { unseenParts } from '../../observation.ts'
import type { ServiceFacts } from '../../observation.ts'
import { timestamp } from '../../time.ts'
import { withHint } from '../ecs-words.ts'
import { mayStillChange } from '../freshness.ts'
import { bring, countBefore, onlyOf } from '../only/bring.ts'
import { primaryOf } from '../only/ecs-deployment.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { endOfWay, finish } from '../state.ts'
import { act, missing, wait } from '../step.ts'
import { begunDeployment, deploymentOf, isUnderWay, missingDeployment } from './deployment.ts'

/** Has ECS bring its traffic back, which keeps the old tasks until its deployment is over; what came through already is replaced by a deployment of its own. */
export function nativeRollingBack(input: StepInput): PhaseResult {
  const { rollout, now } = input
  if (rollout.status.deploymentsBefore === undefined) return ended(input)
  const look = lookBack(input)
  if (look !== undefined) return look
  const { service } = onlyOf(input)
  if (now >= endOfWay(rollout))
    return ended(input, 'the earlier version does not come back; see the service’s events')
  if (rollout.status.serviceDeployment === undefined) {
    const begun = service === null ? undefined : begunDeployment(service, rollout)
    if (begun !== undefined) return { kind: 'Again', status: { ...rollout.status, serviceDeployment: begun } }
  }
  return stop(input) ?? restore(input, service)
}

/** ECS changes the service back by itself: that it is again what it was is no old reading, once its deployment is known. */
function lookBack(input: StepInput): PhaseResult | undefined {
  const { rollout, observation } = input
  if (rollout.status.serviceDeployment === undefined) return missingDeployment(input)
  const parts = unseenParts(observation, ['services', 'deployment'])
  if (parts.length > 0) return { kind: 'Look', status: rollout.status, parts }
  // It was seen before: where it is not there, the look is one from before it, and so may be that of the service.
  return deploymentOf(input) === undefined ? missing(input, ['services']) : undefined
}

/** Stops the deployment that is under way: ECS then leads the traffic back by itself. */
function stop(input: StepInput): PhaseResult | undefined {
  const { rollout } = input
  const { service } = onlyOf(input)
  const deployment = deploymentOf(input)
  if (deployment === undefined) return undefined
  if (isUnderWay(deployment)) {
    const { taskDefinition } = rollout.spec.from
    const runs = (revision: string): string =>
      serviceValue(revision, rollout.spec.desiredCount === undefined ? undefined : service?.desiredCount)
    const backTo = taskDefinition === undefined ? {} : { backTo: runs(taskDefinition) }
    const action = { kind: 'StopDeployment', deployment: deployment.arn, ...backTo } as const
    return act(input, { action, before: runs(rollout.spec.taskDefinition) })
  }
  const isReturning = RETURNING.has(deployment.status)
  if (!isReturning) return undefined
  const percent = deployment.target.productionPercent ?? 0
  return wait(input, {
    reason: 'Returning',
    message: `ECS leads the traffic back until ${timestamp(endOfWay(rollout))}: ${percent} % is with the new version`,
  })
}

const RETURNING: ReadonlySet<string> = new Set([
  'STOP_REQUESTED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
])

/** Waits until the service is again what it was, and gives it that where ECS did not. */
function restore(input: StepInput, service: ServiceFacts | null): PhaseResult {
  const { rollout } = input
  const { taskDefinition, settings } = rollout.spec.from
  if (taskDefinition === undefined)
    return ended(input, 'there is no earlier version to go back to, so it stays')
  const primary = service === null ? undefined : primaryOf(service)
  const desiredCount = countBefore(rollout)
  const given = bring(input, {
    taskDefinition,
    ...(desiredCount === undefined ? {} : { desiredCount }),
    settings,
    anew: primary?.taskDefinition === taskDefinition && primary.rolloutState === 'FAILED',
  })
  if (given?.kind === 'Act') return missing(input, ['rules']) ?? given
  if (given !== undefined) return given
  const count = service?.desiredCount ?? 0
  if (mayStillChange(input, 'only', { taskDefinition, count }))
    return wait(input, {
      reason: 'ReadBack',
      message: 'a change of the service got no answer: waiting until it is clear whether it was made',
    })
  const isOver = primary?.taskDefinition === taskDefinition && primary.rolloutState === 'COMPLETED'
  if (isOver && service !== null && service.runningCount >= service.desiredCount) return ended(input)
  return wait(input, {
    reason: 'Returning',
    message: withHint(
      `going back until ${timestamp(endOfWay(rollout))}: ECS's deployment is ${primary?.rolloutState ?? 'on its way'}`,
      service,
      rollout,
    ),
  })
}

function ended({ rollout, now }: StepInput, why?: string): PhaseResult {
  const { status } = rollout
  const said = why === undefined ? {} : { message: `${status.message ?? 'failed'}; ${why}` }
  return { kind: 'Again', status: finish({ ...status, ...said }, status.outcome ?? 'RolledBack', now) }
}
