import { launchTypeProblem, needsNewDeployment, settingsChange } from '../../plan/settings.ts'
import { serviceValue } from '../../action.ts'
import type { DeploymentFacts, ServiceFacts, SideObservation } from '../../observation.ts'
import { timestamp } from '../../time.ts'
import { lacksCapacity, startOf, waitForCapacity, withHint } from '../ecs-words.ts'
import { mayStillChange } from '../freshness.ts'
import { otherTasks, readiness } from '../readiness.ts'
import type { PhaseResult, RolloutState, StepInput } from '../state.ts'
import { enter, targetSide, turnBack, wantedTarget } from '../state.ts'
import { act, missing, wait } from '../step.ts'
import { takesTraffic } from '../traffic.ts'
import { followOrigin, holdTarget } from './autoscaling.ts'
import { freeClients, nameTargetGroup, pointTest, restoreOrigin } from './rules.ts'

/** Brings the wanted revision to the idle side at full count: nothing that serves is touched. */
export function provisioning(input: StepInput): PhaseResult {
  const look = missing(input, ['services', 'rules'])
  if (look !== undefined) return look
  const side = targetSide(input.rollout)
  const restored = takesTraffic(input.observation, side) ? restoreOrigin(input, side) : undefined
  if (restored !== undefined) return restored
  return (
    followOrigin(input) ??
    pointTest(input, side) ??
    nameTargetGroup(input, side) ??
    prepareService(input) ??
    settle(input)
  )
}

/** Creates the service, or empties it of other revisions and gives it the wanted one; undefined when it has what it needs. */
function prepareService(input: StepInput): PhaseResult | undefined {
  const seen = input.observation.sides[targetSide(input.rollout)]
  const { service } = seen
  if (service?.status !== 'ACTIVE') return createService(input, service)
  const look = missing(input, [targetSide(input.rollout)])
  if (look !== undefined) return look
  const change = drain(input, seen, service) ?? update(input, service)
  // The first version of all has nobody beside it whom clients could go to.
  const isBeside = input.rollout.spec.from.taskDefinition !== undefined
  return change?.kind === 'Act' && isBeside
    ? (freeClients(input, targetSide(input.rollout)) ?? change)
    : change
}

/**
 * The same for a side that was whole. Where its service still has the wanted revision it is not emptied: reads could go on showing the tasks of before, which
 * are of that revision, too.
 */
export function completeService(input: StepInput): PhaseResult | undefined {
  const { service } = input.observation.sides[targetSide(input.rollout)]
  const isWanted = service?.taskDefinition === wantedTarget(input.rollout).taskDefinition
  return service?.status === 'ACTIVE' && isWanted ? update(input, service) : prepareService(input)
}

function createService(input: StepInput, service: ServiceFacts | null): PhaseResult {
  const side = targetSide(input.rollout)
  const wanted = wantedTarget(input.rollout)
  if (service === null) {
    const action = {
      kind: 'CreateService',
      side,
      taskDefinition: wanted.taskDefinition,
      desiredCount: wanted.count,
    } as const
    return act(input, { action, before: 'none' })
  }
  return wait(input, { reason: 'ServiceDraining', message: `service ${service.name} is ${service.status}` })
}

/** An idle side that still holds tasks of another revision goes to zero first, so that no target of the group can belong to it later. */
function drain(input: StepInput, seen: SideObservation, service: ServiceFacts): PhaseResult | undefined {
  const side = targetSide(input.rollout)
  const wanted = wantedTarget(input.rollout)
  const others = otherTasks(seen, wanted)
  const wouldStartOthers = service.taskDefinition !== wanted.taskDefinition && service.desiredCount > 0
  const { foreign } = readiness(seen, wanted)
  if (others.length === 0 && !wouldStartOthers) {
    // Where the wanted revision was started, a target without a task is one that has just stopped, or nobody's: scaling would take neither away.
    const isStarted = service.taskDefinition === wanted.taskDefinition && service.desiredCount > 0
    if (foreign === 0 || isStarted) return undefined
  }
  if (service.desiredCount > 0) {
    return act(input, {
      action: { kind: 'ScaleService', side, desiredCount: 0 },
      before: String(service.desiredCount),
    })
  }
  const isOther = others.length === 0 && service.runningCount === 0 && service.pendingCount === 0
  const hint = isOther ? `; service ${service.name} has no task: see what else is registered there` : ''
  return wait(input, {
    reason: 'Draining',
    message: `the ${side} side still holds ${others.length + foreign} tasks or targets of another revision${hint}`,
  })
}

function update(input: StepInput, service: ServiceFacts): PhaseResult | undefined {
  const side = targetSide(input.rollout)
  const wanted = wantedTarget(input.rollout)
  const { settings } = input.rollout.spec.service
  const fixed = launchTypeProblem(service, settings, side)
  if (fixed !== undefined) return failed(input, fixed)
  const change = settingsChange(service, settings)
  const same = service.taskDefinition === wanted.taskDefinition && service.desiredCount === wanted.count
  const isAbandoned = service.deployments.some((deployment) => wasAbandoned(deployment, input.rollout))
  if (same && change.replacing.length === 0 && !isAbandoned) return undefined
  const action = {
    kind: 'UpdateService',
    side,
    taskDefinition: wanted.taskDefinition,
    desiredCount: wanted.count,
    ...(isAbandoned || needsNewDeployment(change) ? { forceNewDeployment: true as const } : {}),
  } as const
  return act(input, { action, before: serviceValue(service.taskDefinition, service.desiredCount) })
}

/** Waits until the side is ready, or ECS gives up. */
function settle(input: StepInput): PhaseResult {
  const { rollout, observation, now } = input
  const side = targetSide(rollout)
  const seen = observation.sides[side]
  const givenUp = seen.service?.deployments.find((deployment) => hasFailed(deployment, rollout))
  if (givenUp !== undefined) {
    const message = givenUp.rolloutStateReason ?? 'ECS gave the deployment up'
    return failed(input, { reason: 'DeploymentFailed', message })
  }
  const { ready, message } = readiness(seen, wantedTarget(rollout))
  const unclear = ready ? waitForChange(input) : undefined
  if (unclear !== undefined) return unclear
  const held = ready ? holdTarget(input) : undefined
  if (held !== undefined) return held
  if (ready)
    return { kind: 'Again', status: enter({ ...rollout.status, ...newestTask(seen) }, 'Verifying', now) }
  if (lacksCapacity(seen.service, rollout))
    return waitForCapacity(input, withHint(message, seen.service, rollout))
  return wait(input, { reason: 'Starting', message: withHint(message, seen.service, rollout) })
}

/** What came over the wanted state late would come over the live side once that has the traffic. */
export function waitForChange(input: StepInput): PhaseResult | undefined {
  const side = targetSide(input.rollout)
  if (!mayStillChange(input, side, wantedTarget(input.rollout))) return undefined
  return wait(input, {
    reason: 'ReadBack',
    message: `a change of the ${side} service got no answer: waiting until it is clear whether it was made`,
  })
}

const failed = (
  { rollout, now }: StepInput,
  why: { readonly reason: string; readonly message: string },
): PhaseResult => ({
  kind: 'Again',
  status: turnBack(rollout.status, { outcome: 'RolledBack', ...why, now }),
})

/** When the side's newest task was made, as AWS tells it. */
export function newestTask({ members }: SideObservation): { readonly newestTaskAt?: string } {
  const made = (members?.tasks ?? []).map(({ createdAt }) => createdAt)
  return made.length === 0 ? {} : { newestTaskAt: timestamp(Math.max(...made)) }
}

const hasFailed = (deployment: DeploymentFacts, rollout: RolloutState): boolean =>
  isGivenUp(deployment, rollout) && deployment.createdAt >= startOf(rollout)

/** ECS starts no more tasks for a deployment of the same revision that its circuit breaker stopped in an earlier try. */
const wasAbandoned = (deployment: DeploymentFacts, rollout: RolloutState): boolean =>
  isGivenUp(deployment, rollout) && deployment.createdAt < startOf(rollout)

const isGivenUp = (deployment: DeploymentFacts, rollout: RolloutState): boolean =>
  deployment.status === 'PRIMARY' &&
  deployment.taskDefinition === rollout.spec.taskDefinition &&
  deployment.rolloutState === 'FAILED'
