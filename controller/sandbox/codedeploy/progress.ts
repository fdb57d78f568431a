import { AwsError } from '../kernel/error.ts'
import type { Members } from '../kernel/operation.ts'
import { optionalInteger, optionalRecord, optionalText } from '../members.ts'
import { readAppSpec } from './app-spec.ts'
import { alarmNamesOf, halted } from './halt.ts'
import { passedMs, type CodeDeployWorld } from './parts.ts'
import { askFunction, isHook } from './hooks.ts'
import { createTaskSet, makePrimary, refOf, removeTaskSet, shownTaskSets } from './service-tasks.ts'
import type { Deployment, DeploymentGroup, LifecycleEvent } from './state.ts'
import { groupKey, isOver, trafficOf } from './state.ts'
import { divide } from './traffic.ts'
import { trafficPlan } from './traffic-plan.ts'

/** CodeDeploy looks at its deployments this often, in AWS's time. */
const LOOK_MS = 1000
const MINUTE_MS = 60_000
/** https://docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting-ecs.html#troubleshooting-ecs-timeout-replacement-task-set */
const LONGEST_INSTALL_MS = 60 * MINUTE_MS

/** Follows a deployment to its end, look by look. */
export function follow(world: CodeDeployWorld, id: string): void {
  world.looks.get(id)?.()
  const cancel = world.clock.setTimer(LOOK_MS, () => {
    world.looks.delete(id)
    const before = world.tables.deployments.get(id)
    if (before === undefined || isOver(before)) return
    const after = lookedAt(world, before)
    if (after !== before) world.tables.deployments.put(id, after)
    if (after.rollback?.deploymentId !== undefined) follow(world, after.rollback.deploymentId)
    if (!isOver(after)) follow(world, id)
  })
  world.looks.set(id, cancel)
}

function lookedAt(world: CodeDeployWorld, deployment: Deployment): Deployment {
  const group = world.tables.groups.get(groupKey(deployment.application, deployment.group, deployment))
  if (group === undefined)
    return fail(world, deployment, 'DEPLOYMENT_GROUP_MISSING', 'The deployment group was deleted.')
  if (deployment.creator === 'codeDeployRollback') return goBack(world, group, deployment)
  if (deployment.startedAt === undefined) return begin(world, group, deployment)
  const alarms = world.alarming(alarmNamesOf(group, deployment), group.region)
  if (alarms.length > 0)
    return halted(world, group, deployment, {
      status: 'Stopped',
      event: 'DEPLOYMENT_STOP_ON_ALARM',
      code: 'ALARM_ACTIVE',
      message: `One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected deployments have been stopped. Activated alarms: <${alarms.join(', ')}>`,
    })
  const event = deployment.events.find(({ status }) => status === 'Pending' || status === 'InProgress')
  if (event === undefined) return terminating(world, group, deployment)
  const waiting =
    event.name === 'BeforeAllowTraffic' ? waitingForTraffic(world, group, deployment) : undefined
  try {
    return waiting ?? withEvent(world, group, { deployment, event })
  } catch (thrown) {
    if (thrown instanceof AwsError)
      return fail(
        world,
        deployment,
        'ECS_UPDATE_ERROR',
        `The ECS service cannot be updated: ${thrown.message}`,
      )
    throw thrown
  }
}

function fail(world: CodeDeployWorld, deployment: Deployment, code: string, message: string): Deployment {
  const group = world.tables.groups.get(groupKey(deployment.application, deployment.group, deployment))
  return halted(world, group, deployment, { status: 'Failed', event: 'DEPLOYMENT_FAILURE', code, message })
}

function begin(world: CodeDeployWorld, group: DeploymentGroup, deployment: Deployment): Deployment {
  const kept = shownTaskSets(world, group).filter(({ status }) => status !== 'DRAINING')
  const primary = kept.find(({ status }) => status === 'PRIMARY')
  if (primary === undefined || kept.length > 1)
    return fail(
      world,
      deployment,
      'INVALID_ECS_SERVICE',
      'The ECS service must have one task set, the primary one.',
    )
  return { ...deployment, status: 'InProgress', startedAt: world.clock.now(), original: refOf(primary) }
}

/** The wait for ContinueDeployment that a deployment group may ask for; undefined where there is none, or it is over. */
function waitingForTraffic(
  world: CodeDeployWorld,
  group: DeploymentGroup,
  deployment: Deployment,
): Deployment | undefined {
  const blueGreen = optionalRecord(group.members, 'blueGreenDeploymentConfiguration') ?? {}
  const ready = optionalRecord(blueGreen, 'deploymentReadyOption') ?? {}
  if (ready['actionOnTimeout'] !== 'STOP_DEPLOYMENT' || deployment.rerouted === true) return undefined
  const { readyAt } = deployment
  if (readyAt === undefined) return { ...deployment, status: 'Ready', readyAt: world.clock.now() }
  const waitMs = (optionalInteger(ready, 'waitTimeInMinutes') ?? 0) * MINUTE_MS
  if (passedMs(world, readyAt) < waitMs) return deployment
  return halted(world, group, deployment, {
    status: 'Stopped',
    event: 'DEPLOYMENT_STOP_ON_REQUEST',
    code: 'TIMEOUT',
    message: 'The wait for traffic rerouting ended before it was started.',
  })
}

interface At {
  readonly deployment: Deployment
  readonly event: LifecycleEvent
}

/** A lifecycle event begun, gone on with or ended. */
function withEvent(world: CodeDeployWorld, group: DeploymentGroup, at: At): Deployment {
  if (isHook(at.event.name)) return throughHook(world, at)
  switch (at.event.name) {
    case 'Install':
      return installing(world, group, at)
    case 'AllowTestTraffic':
      divide(world, at.deployment, { listeners: trafficOf(group).test, percent: 100 })
      return ended(world, at)
    default:
      return shifting(world, group, at)
  }
}

function throughHook(world: CodeDeployWorld, { deployment, event }: At): Deployment {
  const asked = askFunction(world, deployment, event)
  if (asked === 'Succeeded') return ended(world, { deployment, event })
  if (asked === 'Failed')
    return fail(world, deployment, 'HOOK_EXECUTION_FAILURE', `The lifecycle event ${event.name} has failed.`)
  return asked === event ? deployment : withChanged(deployment, asked)
}

const withChanged = (deployment: Deployment, event: LifecycleEvent): Deployment => ({
  ...deployment,
  events: deployment.events.map((one) => (one.name === event.name ? event : one)),
})

const ended = ({ clock }: CodeDeployWorld, { deployment, event }: At): Deployment =>
  withChanged(deployment, {
    ...event,
    status: 'Succeeded',
    startedAt: event.startedAt ?? clock.now(),
    endedAt: clock.now(),
  })

/**
 * Starts the replacement task set and waits until its tasks are steady. The production rule gets its group with the weight 0 before: only a group with a
 * load balancer can be registered in, and its targets are checked from then on.
 */
function installing(world: CodeDeployWorld, group: DeploymentGroup, { deployment, event }: At): Deployment {
  if (deployment.replacement === undefined) return started(world, group, { deployment, event })
  const seen = shownTaskSets(world, group).find(({ id }) => id === deployment.replacement?.id)
  if (seen?.['stabilityStatus'] === 'STEADY_STATE' && isFull(seen)) return ended(world, { deployment, event })
  if (seen !== undefined && passedMs(world, event.startedAt ?? 0) < LONGEST_INSTALL_MS) return deployment
  return fail(
    world,
    deployment,
    'TIMEOUT',
    'The deployment timed out while waiting for the replacement task set to become healthy. This time out period is 60 minutes.',
  )
}

const isFull = (taskSet: Members): boolean =>
  optionalInteger(taskSet, 'runningCount') === optionalInteger(taskSet, 'computedDesiredCount')

function started(world: CodeDeployWorld, group: DeploymentGroup, { deployment, event }: At): Deployment {
  const spec = readAppSpec(optionalRecord(deployment.members, 'revision'))
  const original = shownTaskSets(world, group).find(({ id }) => id === deployment.original?.id)
  const { groupNames, production } = trafficOf(group)
  const targetGroupArn = groupNames
    .map((name) => world.targets.groupNamed(name, group.region))
    .find((arn) => arn !== undefined && arn !== deployment.original?.targetGroupArn)
  if (original === undefined || targetGroupArn === undefined)
    return fail(
      world,
      deployment,
      'INVALID_ECS_SERVICE',
      'The original task set or the target group is gone.',
    )
  divide(
    world,
    { ...deployment, replacement: { id: '', targetGroupArn } },
    { listeners: production, percent: 0 },
  )
  const replacement = createTaskSet(world, group, {
    original,
    spec,
    targetGroupArn,
    deploymentId: deployment.id,
  })
  return {
    ...withChanged(deployment, { ...event, status: 'InProgress', startedAt: world.clock.now() }),
    replacement,
  }
}

/** Moves the production traffic as the deployment configuration says; with all of it, the replacement is the primary task set. */
function shifting(world: CodeDeployWorld, group: DeploymentGroup, { deployment, event }: At): Deployment {
  const { percents, intervalMinutes } = trafficPlan(deployment.configName)
  const startedAt = event.startedAt ?? world.clock.now()
  const steps =
    intervalMinutes === 0 ? 0 : Math.floor(passedMs(world, startedAt) / (intervalMinutes * MINUTE_MS))
  const percent = percents[Math.min(steps, percents.length - 1)] ?? 100
  if (percent !== deployment.weight)
    divide(world, deployment, { listeners: trafficOf(group).production, percent })
  const shown = { ...deployment, weight: percent }
  if (percent < 100)
    return event.status === 'InProgress' && percent === deployment.weight
      ? deployment
      : withChanged(shown, { ...event, status: 'InProgress', startedAt })
  if (deployment.replacement !== undefined) makePrimary(world, group, deployment.replacement)
  return ended(world, { deployment: shown, event })
}

/** Waits before the original tasks end, and ends them; with that the deployment is over. */
function terminating(world: CodeDeployWorld, group: DeploymentGroup, deployment: Deployment): Deployment {
  const blueGreen = optionalRecord(group.members, 'blueGreenDeploymentConfiguration') ?? {}
  const terminate = optionalRecord(blueGreen, 'terminateBlueInstancesOnDeploymentSuccess') ?? {}
  const waitMs = (optionalInteger(terminate, 'terminationWaitTimeInMinutes') ?? 0) * MINUTE_MS
  const { terminationAt } = deployment
  if (terminationAt === undefined) return { ...deployment, terminationAt: world.clock.now() }
  if (deployment.terminate !== true && passedMs(world, terminationAt) < waitMs) return deployment
  const keeps = optionalText(terminate, 'action') === 'KEEP_ALIVE'
  if (deployment.original !== undefined && !keeps) removeTaskSet(world, group, deployment.original)
  return { ...deployment, status: 'Succeeded', completedAt: world.clock.now() }
}

/** A rollback gives all traffic to the original task set again, and ends the replacement. */
function goBack(world: CodeDeployWorld, group: DeploymentGroup, deployment: Deployment): Deployment {
  const now = world.clock.now()
  if (deployment.startedAt === undefined) return { ...deployment, status: 'InProgress', startedAt: now }
  const { original, replacement } = deployment
  if (original !== undefined && replacement !== undefined) {
    const { production, test } = trafficOf(group)
    divide(world, deployment, { listeners: [...production, ...test], percent: 0 })
    makePrimary(world, group, original)
    removeTaskSet(world, group, replacement)
  }
  return { ...deployment, status: 'Succeeded', completedAt: now }
}
