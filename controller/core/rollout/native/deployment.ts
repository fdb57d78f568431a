import type { ServiceDeploymentFacts, ServiceFacts } from '../../observation.ts'
import { timestamp } from '../../time.ts'
import { failed, onlyOf } from '../only/bring.ts'
import { isOfRollout, primaryOf } from '../only/ecs-deployment.ts'
import type { PhaseResult, RolloutState, Step, StepInput } from '../state.ts'
import { missing } from '../step.ts'
import { holdStage } from './configuration.ts'
import { LAST_PAUSE, isBefore } from './stages.ts'

/** One look at the service and at the deployment that brings the version. */
export const missingDeployment = (input: StepInput): Step | undefined =>
  missing(input, ['services', 'deployment'])

/** A look at the deployment alone, once it is known: it tells its own tasks, and its part of the traffic. */
export const missingShift = (input: StepInput): Step | undefined => missing(input, ['deployment'])

/** ECS's deployment of the rollout; undefined where it was not seen yet. */
export function deploymentOf(input: StepInput): ServiceDeploymentFacts | undefined {
  const { deployment } = onlyOf(input)
  const { serviceDeployment } = input.rollout.status
  return deployment?.arn === serviceDeployment ? (deployment ?? undefined) : undefined
}

/** ARN of the deployment that the service is in, where the rollout began it. */
export function begunDeployment(service: ServiceFacts, rollout: RolloutState): string | undefined {
  const primary = primaryOf(service)
  const isOurs = primary?.taskDefinition === rollout.spec.taskDefinition && isOfRollout(primary, rollout)
  return isOurs ? service.serviceDeployment : undefined
}

/** Whether it goes on, forwards. */
export const isUnderWay = ({ status }: ServiceDeploymentFacts): boolean =>
  status === 'PENDING' || status === 'IN_PROGRESS'

/** Where it waits for a word: before the traffic, or after it; undefined while it works. */
export function pauseOf(
  deployment: ServiceDeploymentFacts,
  { spec }: Pick<RolloutState, 'spec'>,
):
  | {
      readonly at: 'BeforeTraffic' | 'AfterTraffic'
      readonly hook: string
      readonly expiresAt: number | undefined
    }
  | undefined {
  const { pause, stage } = deployment
  if (pause === undefined || !isUnderWay(deployment)) return undefined
  if (stage === holdStage(spec)) return { at: 'BeforeTraffic', ...pause }
  return stage === LAST_PAUSE ? { at: 'AfterTraffic', ...pause } : undefined
}

/** A deployment that has ended, or goes back, although nobody here wanted that: a person, an alarm or the end of a pause. */
export function endedBadly(input: StepInput): PhaseResult | undefined {
  const deployment = deploymentOf(input)
  if (deployment === undefined || isUnderWay(deployment) || deployment.status === 'SUCCESSFUL')
    return undefined
  const said = deployment.reason ?? `ECS says ${deployment.status}`
  return failed(input, {
    reason: 'DeploymentFailed',
    message: `ECS's deployment did not come through: ${said}`,
  })
}

/** Traffic that somebody let go on before the gates had passed. The first version has nobody beside it, and the rules lead to it anyway. */
export function letGoByOthers(input: StepInput): PhaseResult | undefined {
  const { rollout } = input
  const deployment = deploymentOf(input)
  if (deployment === undefined || rollout.spec.from.taskDefinition === undefined) return undefined
  const isPast = deployment.status === 'SUCCESSFUL' || isBefore(holdStage(rollout.spec), deployment.stage)
  if (!isPast) return undefined
  return failed(input, {
    reason: 'ContinuedElsewhere',
    message: `somebody else let ECS's deployment go on to ${deployment.stage ?? deployment.status} before the gates had passed`,
  })
}

/** When ECS ends its pause with a way back of its own, for people. */
export const untilPauseEnds = ({ pause }: ServiceDeploymentFacts): string =>
  pause?.expiresAt === undefined ? '' : `; ECS goes back by itself at ${timestamp(pause.expiresAt)}`
