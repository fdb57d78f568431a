import { isDeepStrictEqual } from 'node:util'
import { clientException, invalidParameter, notFound } from '../kernel/error.ts'
import type { CallContext, Members, Operation } from '../kernel/operation.ts'
import {
  optionalFlag,
  optionalInteger,
  optionalRecord,
  optionalRecords,
  optionalText,
  text,
} from '../members.ts'
import { arnInCluster } from './arns.ts'
import { activeCluster } from './clusters.ts'
import { deploy, finishRecord, REVISION_MEMBERS } from './deployments.ts'
import type { EcsWorld } from './parts.ts'
import type { Scheduler } from './scheduler.ts'
import { checkService, serviceMembers, updatedMembers } from './service-input.ts'
import { launchTypeOf } from './service-tasks.ts'
import { activeService, serviceView } from './service-view.ts'
import type { ServiceState, TaskSetState } from './state.ts'
import { checkedTags, putTags } from './tags.ts'
import { activeTaskDefinition } from './task-definitions.ts'
import { newTaskSet } from './task-sets.ts'

/** CreateService, UpdateService and DeleteService. */
export function serviceOperations(world: EcsWorld, scheduler: Scheduler): Record<string, Operation> {
  const write = { writes: true, bucket: 'ecs-service-write' } as const
  return {
    CreateService: { ...write, handle: (input, context) => create(world, scheduler, input, context) },
    UpdateService: { ...write, handle: (input, context) => update(world, scheduler, input, context) },
    DeleteService: { ...write, handle: (input, context) => remove(world, scheduler, input, context) },
  }
}

function create(world: EcsWorld, scheduler: Scheduler, input: Members, context: CallContext): Members {
  const { tables } = world
  const { clusterArn } = activeCluster(tables.clusters, optionalText(input, 'cluster'), context)
  const serviceName = text(input, 'serviceName')
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(serviceName)) throw invalidParameter('Service name is invalid.')
  const serviceArn = arnInCluster('service', serviceName, clusterArn)
  const existing = tables.services.get(serviceArn)
  const clientToken = optionalText(input, 'clientToken')
  if ((clientToken ?? '').length > 36) throw invalidParameter('clientToken length must be at most 36.')
  if (existing?.status === 'DRAINING') {
    throw invalidParameter('Unable to Start a service that is still Draining.')
  }
  if (existing?.status === 'ACTIVE') {
    if (clientToken === undefined || clientToken !== existing.clientToken) {
      throw invalidParameter('Creation of service was not idempotent.')
    }
    return { service: serviceView(tables, existing, context) }
  }
  const tags = optionalRecords(input, 'tags') ?? []
  checkedTags(tags)
  const created = newService(world, input, context, { serviceArn, serviceName, clusterArn })
  const service = created.controller === 'ECS' ? deploy(world, created) : created
  tables.services.put(serviceArn, service)
  tables.tags.delete(serviceArn)
  putTags(tables.tags, serviceArn, tags)
  scheduler.wake(serviceArn)
  return { service: serviceView(tables, service, context) }
}

function newService(
  world: EcsWorld,
  input: Members,
  context: CallContext,
  names: Pick<ServiceState, 'serviceArn' | 'serviceName' | 'clusterArn'>,
): ServiceState {
  const controller = controllerOf(input)
  if (optionalText(input, 'schedulingStrategy') === 'DAEMON') {
    throw clientException('The sandbox has the scheduling strategy REPLICA only.')
  }
  const members = serviceMembers(input)
  const name = optionalText(input, 'taskDefinition')
  const needsDefinition = controller !== 'EXTERNAL'
  if (needsDefinition && (name === undefined || name === ''))
    throw invalidParameter('TaskDefinition can not be blank.')
  const definition =
    name === undefined || name === ''
      ? undefined
      : activeTaskDefinition(world.tables.taskDefinitions, name, context)
  if (definition !== undefined) checkService(members, definition, world.targets)
  const clientToken = optionalText(input, 'clientToken')
  const first = controller === 'CODE_DEPLOY' ? firstTaskSet(world, members, { names, input, context }) : []
  return {
    ...names,
    status: 'ACTIVE',
    desiredCount: countOf(input, needsDefinition) ?? 0,
    controller,
    launchType: launchTypeOf(members),
    members,
    taskDefinition: definition?.taskDefinitionArn ?? '',
    ...(clientToken === undefined ? {} : { clientToken }),
    deployments: [],
    taskSets: first,
    events: [],
    createdAt: context.now,
    steady: false,
    failures: 0,
    notBefore: 0,
  }
}

function controllerOf(input: Members): ServiceState['controller'] {
  const controller = optionalRecord(input, 'deploymentController')
  const type = controller === undefined ? 'ECS' : text(controller, 'type')
  if (type === 'ECS' || type === 'EXTERNAL' || type === 'CODE_DEPLOY') return type
  throw invalidParameter(`Invalid deployment controller type: ${type}.`)
}

/** The first tasks of a service are ECS's own doing; the deployments after it are CodeDeploy's. */
function firstTaskSet(
  world: EcsWorld,
  members: Members,
  of: {
    readonly names: Pick<ServiceState, 'serviceArn' | 'serviceName' | 'clusterArn'>
    readonly input: Members
    readonly context: CallContext
  },
): readonly TaskSetState[] {
  if ((optionalRecords(members, 'loadBalancers') ?? []).length !== 1)
    throw invalidParameter(
      'Services with a CODE_DEPLOY deployment controller must have exactly one load balancer.',
    )
  const asked = { ...members, taskDefinition: of.input['taskDefinition'], scale: { value: 100 } }
  return [{ ...newTaskSet(world, of.names, asked, of.context), status: 'PRIMARY' }]
}

function countOf(input: Members, required: boolean): number | undefined {
  const desiredCount = optionalInteger(input, 'desiredCount')
  if (desiredCount === undefined && required) throw invalidParameter('desiredCount can not be blank.')
  if (desiredCount !== undefined && desiredCount < 0)
    throw invalidParameter('desiredCount must not be negative.')
  if (desiredCount !== undefined && desiredCount > 5000)
    throw invalidParameter('desiredCount must be at most 5000.')
  return desiredCount
}

function update(world: EcsWorld, scheduler: Scheduler, input: Members, context: CallContext): Members {
  const { tables } = world
  const { clusterArn } = activeCluster(tables.clusters, optionalText(input, 'cluster'), context)
  const before = activeService(tables.services, text(input, 'service'), clusterArn)
  const name = optionalText(input, 'taskDefinition')
  if (before.controller !== 'ECS') checkUpdateOutside(before.controller, input)
  const members = updatedMembers(input, before.members, before.launchType)
  const definition =
    before.taskDefinition === '' && name === undefined
      ? undefined
      : name === undefined
        ? tables.taskDefinitions.get(before.taskDefinition)
        : activeTaskDefinition(tables.taskDefinitions, name, context)
  if (definition !== undefined) checkService(members, definition, world.targets)
  const changed: ServiceState = {
    ...before,
    members,
    taskDefinition: definition?.taskDefinitionArn ?? before.taskDefinition,
    desiredCount: countOf(input, false) ?? before.desiredCount,
  }
  const service = wantsDeployment(input, before, changed) ? deploy(world, changed) : scaled(changed)
  tables.services.put(service.serviceArn, service)
  scheduler.wake(service.serviceArn)
  return { service: serviceView(tables, service, context) }
}

const OF_CODE_DEPLOY = [
  ['taskDefinition', 'update task definition'],
  ['forceNewDeployment', 'force a new deployment'],
  ['networkConfiguration', 'update network parameters'],
  ['loadBalancers', 'update load balancers'],
  ['platformVersion', 'update platform version'],
] as const

/** What only a deployment of the service's own controller changes. */
function checkUpdateOutside(controller: 'EXTERNAL' | 'CODE_DEPLOY', input: Members): void {
  const asks = (name: string): boolean =>
    input[name] !== undefined && input[name] !== null && input[name] !== false
  if (controller === 'EXTERNAL' && (asks('taskDefinition') || asks('forceNewDeployment')))
    throw invalidParameter(
      'Unable to update task definition on services with an EXTERNAL deployment controller.',
    )
  if (controller === 'EXTERNAL') return
  const refused = OF_CODE_DEPLOY.find(([name]) => asks(name))
  if (refused !== undefined)
    throw invalidParameter(
      `Unable to ${refused[1]} on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.`,
    )
}

/** A new desired count shows at once in the newest deployment. */
function scaled(service: ServiceState): ServiceState {
  const [primary, ...older] = service.deployments
  if (primary === undefined) return service
  return { ...service, deployments: [{ ...primary, desiredCount: service.desiredCount }, ...older] }
}

function wantsDeployment(input: Members, before: ServiceState, after: ServiceState): boolean {
  if (before.controller !== 'ECS') return false
  if (optionalFlag(input, 'forceNewDeployment') === true) return true
  if (after.taskDefinition !== before.taskDefinition) return true
  return REVISION_MEMBERS.some((name) => !isDeepStrictEqual(before.members[name], after.members[name]))
}

function remove(world: EcsWorld, scheduler: Scheduler, input: Members, context: CallContext): Members {
  const { tables } = world
  const { clusterArn } = activeCluster(tables.clusters, optionalText(input, 'cluster'), context)
  const service = tables.services.get(arnInCluster('service', text(input, 'service'), clusterArn))
  if (service === undefined) throw notFound('ServiceNotFoundException', 'Service not found.')
  if (service.status === 'INACTIVE') throw notFound('ServiceNotActiveException', 'Service was not ACTIVE.')
  const force = optionalFlag(input, 'force') === true
  if (service.desiredCount > 0 && !force && service.status === 'ACTIVE') {
    throw invalidParameter('The service cannot be stopped while it is scaled above 0.')
  }
  for (const deployment of service.deployments) {
    finishRecord(world, deployment.serviceDeploymentArn, 'STOPPED', 'The service was deleted.')
  }
  const draining: ServiceState = { ...service, status: 'DRAINING', desiredCount: 0 }
  tables.services.put(service.serviceArn, draining)
  scheduler.wake(service.serviceArn)
  return { service: serviceView(tables, draining, context) }
}
