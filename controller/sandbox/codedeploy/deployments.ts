import type { CallContext, Members, Operation } from '../kernel/operation.ts'
import { optionalFlag, optionalRecord, optionalText, texts } from '../members.ts'
import { pageOf } from '../paging.ts'
import { readAppSpec } from './app-spec.ts'
import { deploymentView, targetIdOf, targetView } from './deployment-view.ts'
import { activeDeployment, groupNamed } from './groups.ts'
import { deploymentId, halted } from './halt.ts'
import type { CodeDeployWorld } from './parts.ts'
import { follow } from './progress.ts'
import type { Deployment, DeploymentGroup } from './state.ts'
import { groupKey, isOver, LIFECYCLE_EVENTS, refused, required, trafficOf } from './state.ts'
import { DEFAULT_CONFIG, trafficPlan } from './traffic-plan.ts'

/** The operations on deployments. */
export function deploymentOperations(world: CodeDeployWorld): Record<string, Operation> {
  const of = (input: Members, context: CallContext): Deployment => deploymentNamed(world, input, context)
  return {
    CreateDeployment: writing((input, context) => create(world, input, context)),
    GetDeployment: reading((input, context) => ({
      deploymentInfo: deploymentView(world, of(input, context)),
    })),
    BatchGetDeployments: reading((input, context) => ({
      deploymentsInfo: texts(input, 'deploymentIds').flatMap((id) => {
        const found = context.read(world.tables.deployments).get(id)
        return found === undefined ? [] : [deploymentView(world, found)]
      }),
    })),
    ListDeployments: reading((input, context) => list(world, input, context)),
    StopDeployment: writing((input, context) => stop(world, of(input, context), input)),
    ContinueDeployment: writing((input, context) => goOn(world, of(input, context), input)),
    ListDeploymentTargets: reading((input, context) => ({
      targetIds: [targetIdOf(world, of(input, context))],
    })),
    GetDeploymentTarget: reading((input, context) => {
      const deployment = of(input, context)
      const id = required(input, 'targetId', 'DeploymentTargetIdRequiredException')
      if (id !== targetIdOf(world, deployment))
        throw refused('DeploymentTargetDoesNotExistException', `There is no target ${id}.`)
      return { deploymentTarget: targetView(world, deployment) }
    }),
    PutLifecycleEventHookExecutionStatus: writing((input, context) =>
      answerHook(world, of(input, context), input),
    ),
  }
}

const writing = (handle: Operation['handle']): Operation => ({ writes: true, bucket: 'other', handle })
const reading = (handle: Operation['handle']): Operation => ({ writes: false, bucket: 'other', handle })

function deploymentNamed({ tables }: CodeDeployWorld, input: Members, context: CallContext): Deployment {
  const id = required(input, 'deploymentId', 'DeploymentIdRequiredException')
  const found = context.read(tables.deployments).get(id)
  if (found === undefined || found.region !== context.region)
    throw refused('DeploymentDoesNotExistException', `The deployment ${id} could not be found`)
  return found
}

function create(world: CodeDeployWorld, input: Members, context: CallContext): Members {
  const group = groupNamed(world, input, context)
  readAppSpec(optionalRecord(input, 'revision'))
  const configName =
    optionalText(input, 'deploymentConfigName') ??
    optionalText(group.members, 'deploymentConfigName') ??
    DEFAULT_CONFIG
  trafficPlan(configName)
  const active = activeDeployment(world, group)
  if (active !== undefined)
    throw refused(
      'DeploymentLimitExceededException',
      `The Deployment Group '${group.name}' already has an active Deployment '${active.id}'`,
    )
  const deployment: Deployment = {
    id: deploymentId(world.random),
    application: group.application,
    group: group.name,
    region: context.region,
    status: 'Created',
    members: input,
    configName,
    creator: 'user',
    createdAt: context.now,
    events: eventsOf(group).map((name) => ({ name, status: 'Pending' })),
    weight: 0,
    original: undefined,
    replacement: undefined,
  }
  world.tables.deployments.put(deployment.id, deployment)
  follow(world, deployment.id)
  return { deploymentId: deployment.id }
}

function eventsOf(group: DeploymentGroup): readonly (typeof LIFECYCLE_EVENTS)[number][] {
  const hasTest = trafficOf(group).test.length > 0
  return LIFECYCLE_EVENTS.filter((name) => hasTest || !name.endsWith('AllowTestTraffic'))
}

function list(world: CodeDeployWorld, input: Members, context: CallContext): Members {
  const application = optionalText(input, 'applicationName')
  const group = optionalText(input, 'deploymentGroupName')
  if (application !== undefined && group !== undefined) groupNamed(world, input, context)
  const statuses = texts(input, 'includeOnlyStatuses')
  const found = context
    .read(world.tables.deployments)
    .list()
    .filter((one) => one.region === context.region)
    .filter((one) => application === undefined || one.application === application)
    .filter((one) => group === undefined || one.group === group)
    .filter((one) => statuses.length === 0 || statuses.includes(one.status))
    .toReversed()
  const { items, ...rest } = pageOf(found, input)
  return { deployments: items.map(({ id }) => id), ...rest }
}

function stop(world: CodeDeployWorld, deployment: Deployment, input: Members): Members {
  if (isOver(deployment))
    throw refused(
      'DeploymentAlreadyCompletedException',
      `The deployment ${deployment.id} is already completed`,
    )
  const group = world.tables.groups.get(groupKey(deployment.application, deployment.group, deployment))
  const stopped = halted(world, group, deployment, {
    status: 'Stopped',
    event: 'DEPLOYMENT_STOP_ON_REQUEST',
    code: 'MANUAL_STOP',
    message: 'The deployment was stopped by a user.',
    autoRollback: optionalFlag(input, 'autoRollbackEnabled'),
  })
  world.tables.deployments.put(deployment.id, stopped)
  if (stopped.rollback?.deploymentId !== undefined) follow(world, stopped.rollback.deploymentId)
  return { status: 'Succeeded', statusMessage: 'No more lifecycle events are started.' }
}

/** https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ContinueDeployment.html */
function goOn(world: CodeDeployWorld, deployment: Deployment, input: Members): Members {
  const { deployments } = world.tables
  if (isOver(deployment))
    throw refused(
      'DeploymentAlreadyCompletedException',
      `The deployment ${deployment.id} is already completed`,
    )
  const kind = optionalText(input, 'deploymentWaitType') ?? 'READY_WAIT'
  if (kind !== 'READY_WAIT' && kind !== 'TERMINATION_WAIT')
    throw refused('InvalidDeploymentWaitTypeException', `${kind} is no wait of a deployment.`)
  if (kind === 'READY_WAIT' && deployment.status === 'Ready') {
    deployments.put(deployment.id, { ...deployment, status: 'InProgress', rerouted: true })
    return {}
  }
  if (kind === 'TERMINATION_WAIT' && deployment.terminationAt !== undefined) {
    deployments.put(deployment.id, { ...deployment, terminate: true })
    return {}
  }
  throw refused(
    'DeploymentIsNotInReadyStateException',
    `The deployment ${deployment.id} does not wait for that.`,
  )
}

function answerHook(world: CodeDeployWorld, deployment: Deployment, input: Members): Members {
  const executionId = optionalText(input, 'lifecycleEventHookExecutionId')
  const status = optionalText(input, 'status')
  if (status !== 'Succeeded' && status !== 'Failed')
    throw refused('InvalidLifecycleEventHookExecutionStatusException', `The status ${status} is no answer.`)
  const event = deployment.events.find((one) => one.executionId === executionId)
  if (executionId === undefined || event === undefined)
    throw refused('InvalidLifecycleEventHookExecutionIdException', 'There is no such execution.')
  if (event.status !== 'InProgress')
    throw refused('LifecycleEventAlreadyCompletedException', `${event.name} is over.`)
  const answered: Deployment = {
    ...deployment,
    events: deployment.events.map((one) =>
      one === event ? { ...one, status, endedAt: world.clock.now() } : one,
    ),
  }
  const group = world.tables.groups.get(groupKey(deployment.application, deployment.group, deployment))
  const after =
    status === 'Succeeded'
      ? answered
      : halted(world, group, answered, {
          status: 'Failed',
          event: 'DEPLOYMENT_FAILURE',
          code: 'HOOK_EXECUTION_FAILURE',
          message: `The lifecycle event ${event.name} has failed.`,
        })
  world.tables.deployments.put(deployment.id, after)
  if (after.rollback?.deploymentId !== undefined) follow(world, after.rollback.deploymentId)
  return { lifecycleEventHookExecutionId: executionId }
}
