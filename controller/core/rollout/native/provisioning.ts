import { timestamp } from '../../time.ts'
import type { ServiceFacts } from '../../observation.ts'
import { lacksCapacity, waitForCapacity, withHint } from '../ecs-words.ts'
import type { Given } from '../only/bring.ts'
import { bring, failed, fixedBy, givenBy, onlyOf } from '../only/bring.ts'
import { isOfRollout, primaryOf } from '../only/ecs-deployment.ts'
import type { PhaseResult, RolloutState, StepInput } from '../state.ts'
import { enter } from '../state.ts'
import { missing, wait } from '../step.ts'
import {
  begunDeployment,
  deploymentOf,
  endedBadly,
  letGoByOthers,
  missingDeployment,
  pauseOf,
} from './deployment.ts'
import { stageWords } from './stages.ts'

/** Starts ECS's deployment with one write, and follows it until the new tasks run aside and it waits for the gates. */
export function nativeProvisioning(input: StepInput): PhaseResult {
  const { rollout } = input
  if (rollout.status.deploymentsBefore === undefined) return begin(input)
  const look = missingDeployment(input)
  if (look !== undefined) return look
  const { service } = onlyOf(input)
  if (rollout.status.serviceDeployment === undefined) return start(input, service)
  return endedBadly(input) ?? brokenTasks(input) ?? settle(input)
}

/** Remembers what is there before anything is touched. */
function begin(input: StepInput): PhaseResult {
  const look = missing(input, ['services', 'rules']) ?? fixedBy(input)
  if (look !== undefined) return look
  const { service } = onlyOf(input)
  const status = {
    ...input.rollout.status,
    deploymentsBefore: (service?.deployments ?? []).map(({ id }) => id).slice(0, MOST_DEPLOYMENTS),
    ...(service === null ? {} : { originCount: service.desiredCount }),
  }
  return { kind: 'Again', status }
}

/** As the schema of a Rollout has it. */
const MOST_DEPLOYMENTS = 50

function start(input: StepInput, service: ServiceFacts | null): PhaseResult {
  const { rollout } = input
  const begun = service === null ? undefined : begunDeployment(service, rollout)
  if (begun !== undefined) return { kind: 'Again', status: { ...rollout.status, serviceDeployment: begun } }
  const given = fixedBy(input) ?? bring(input, anewIfSame(givenBy(rollout, service), service, rollout))
  // The write names the groups and the rules.
  if (given?.kind === 'Act') return missing(input, ['rules']) ?? given
  return (
    given ??
    wait(input, { reason: 'Provisioning', message: 'ECS was asked, and its deployment does not show yet' })
  )
}

/** Every rollout is a deployment, also one of a revision that the service has: else there would be nothing that waits for its gates. */
const anewIfSame = (given: Given, service: ServiceFacts | null, rollout: RolloutState): Given => {
  const primary = service === null ? undefined : primaryOf(service)
  const isSame = primary !== undefined && primary.taskDefinition === given.taskDefinition
  return isSame && !isOfRollout(primary, rollout) ? { ...given, anew: true } : given
}

function settle(input: StepInput): PhaseResult {
  const { rollout, now } = input
  const { service } = onlyOf(input)
  const deployment = deploymentOf(input)
  if (deployment === undefined)
    return wait(input, { reason: 'ReadBack', message: "ECS's deployment does not show yet" })
  if (pauseOf(deployment, rollout)?.at === 'BeforeTraffic')
    return { kind: 'Again', status: enter(rollout.status, 'Verifying', now) }
  const past = letGoByOthers(input)
  if (past !== undefined) return past
  const isFirstThrough = rollout.spec.from.taskDefinition === undefined && isBeyond(input)
  if (isFirstThrough) return { kind: 'Again', status: enter(rollout.status, 'Verifying', now) }
  const { running, requested } = deployment.target
  const said = withHint(
    `ECS ${stageWords(deployment.stage)}: ${running} run, ${service?.desiredCount ?? requested} are wanted`,
    service,
    rollout,
  )
  if (lacksCapacity(service, rollout)) return waitForCapacity(input, said)
  return wait(input, {
    reason: 'Provisioning',
    message: `${said}; given up at ${rollout.status.deadlineAt ?? timestamp(now)}`,
  })
}

/** ECS's first deployment of a service may come through without a pause. */
function isBeyond(input: StepInput): boolean {
  const deployment = deploymentOf(input)
  return (
    deployment !== undefined &&
    (deployment.status === 'SUCCESSFUL' || pauseOf(deployment, input.rollout)?.at === 'AfterTraffic')
  )
}

/** As many tasks as ECS's circuit breaker would bear at most; it watches rolling updates only. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html */
function brokenTasks(input: StepInput): PhaseResult | undefined {
  const { rollout } = input
  const { service } = onlyOf(input)
  const primary = service === null ? undefined : primaryOf(service)
  const deployment = deploymentOf(input)
  if (service === null || primary === undefined || !isOfRollout(primary, rollout) || deployment === undefined)
    return undefined
  const most = Math.min(200, Math.max(3, Math.ceil(service.desiredCount / 2)))
  if (primary.failedTasks < most || deployment.target.running > 0) return undefined
  const message = withHint(
    `${primary.failedTasks} tasks of the new version have failed, and none runs`,
    service,
    rollout,
  )
  return failed(input, { reason: 'TasksFailed', message })
}
