import { invalidParameter, notFound } from '../kernel/error.ts'
import type { CallContext, Members, Operation } from '../kernel/operation.ts'
import {
  optionalFlag,
  optionalRecord,
  optionalRecords,
  optionalText,
  present,
  text,
  texts,
} from '../members.ts'
import { arnInCluster, decimalId, ecsArn, lastPart, placeOf } from './arns.ts'
import { activeCluster } from './clusters.ts'
import type { EcsWorld } from './parts.ts'
import type { Scheduler } from './scheduler.ts'
import { checkService } from './service-input.ts'
import { activeService } from './service-view.ts'
import type { ServiceState, TaskSetState } from './state.ts'
import { checkedTags, putTags, tagsOf } from './tags.ts'
import { activeTaskDefinition } from './task-definitions.ts'
import { taskSetView } from './task-set-view.ts'

/** Whose task sets: those of EXTERNAL services are anybody's to change, those of CODE_DEPLOY services are CodeDeploy's alone. */
type Owner = 'EXTERNAL' | 'CODE_DEPLOY'

interface Parts extends EcsWorld {
  readonly owner: Owner
}

/** Task sets of services with the given deployment controller. */
export function taskSetOperations(
  ecs: EcsWorld,
  scheduler: Scheduler,
  owner: Owner = 'EXTERNAL',
): Record<string, Operation> {
  const world: Parts = { ...ecs, owner }
  const write = { writes: true, bucket: 'ecs-service-write' } as const
  return {
    CreateTaskSet: { ...write, handle: (input, context) => create(world, scheduler, input, context) },
    UpdateTaskSet: { ...write, handle: (input, context) => update(world, scheduler, input, context) },
    DeleteTaskSet: { ...write, handle: (input, context) => remove(world, scheduler, input, context) },
    UpdateServicePrimaryTaskSet: {
      ...write,
      handle: (input, context) => makePrimary(world, scheduler, input, context),
    },
    DescribeTaskSets: {
      writes: false,
      bucket: 'ecs-service-read',
      handle: (input, context) => describe(world, input, context),
    },
  }
}

function serviceOf(world: Parts, input: Members, context: CallContext): ServiceState {
  const { clusterArn } = activeCluster(world.tables.clusters, text(input, 'cluster'), context)
  const service = activeService(world.tables.services, text(input, 'service'), clusterArn)
  if (service.controller === world.owner) return service
  throw invalidParameter(
    `Task sets are only supported for services with an ${world.owner} deployment controller.`,
  )
}

function taskSetOf(service: ServiceState, name: string): TaskSetState {
  const found = service.taskSets.find((taskSet) => lastPart(taskSet.id) === lastPart(name))
  if (found === undefined) throw notFound('TaskSetNotFoundException', 'The specified task set was not found.')
  return found
}

function scaleOf(input: Members): number {
  const scale = optionalRecord(input, 'scale')
  const value = scale?.['value'] ?? 0
  if (typeof value !== 'number' || value < 0 || value > 100) {
    throw invalidParameter('scale value must be between 0 and 100.')
  }
  return value
}

function create(world: Parts, scheduler: Scheduler, input: Members, context: CallContext): Members {
  const service = serviceOf(world, input, context)
  const tags = optionalRecords(input, 'tags') ?? []
  checkedTags(tags)
  const taskSet = newTaskSet(world, service, input, context)
  putTags(world.tables.tags, taskSet.taskSetArn, tags)
  save(world, scheduler, { ...service, taskSets: [...service.taskSets, taskSet] })
  return { taskSet: taskSetView(service, taskSet, tagsOf(world.tables.tags, taskSet.taskSetArn)) }
}

/** A task set of a service, not yet in its list. Throws what CreateTaskSet refuses. */
export function newTaskSet(
  world: EcsWorld,
  service: Pick<ServiceState, 'serviceArn' | 'serviceName' | 'clusterArn'>,
  input: Members,
  context: CallContext,
): TaskSetState {
  const definition = activeTaskDefinition(
    world.tables.taskDefinitions,
    text(input, 'taskDefinition'),
    context,
  )
  const members = present({
    launchType: optionalText(input, 'launchType') ?? 'EC2',
    capacityProviderStrategy: input['capacityProviderStrategy'],
    platformVersion: input['platformVersion'],
    networkConfiguration: input['networkConfiguration'],
    loadBalancers: optionalRecords(input, 'loadBalancers') ?? [],
    serviceRegistries: optionalRecords(input, 'serviceRegistries') ?? [],
    externalId: input['externalId'],
    startedBy: input['startedBy'],
  })
  checkService(members, definition, world.targets)
  const id = `ecs-svc/${decimalId(world.random, 19)}`
  const path = `${lastPart(service.clusterArn)}/${service.serviceName}/${id}`
  return {
    taskSetArn: ecsArn(placeOf(service.serviceArn), `task-set/${path}`),
    id,
    status: 'ACTIVE',
    taskDefinition: definition.taskDefinitionArn,
    scalePercent: scaleOf(input),
    members,
    pendingCount: 0,
    runningCount: 0,
    createdAt: context.now,
    updatedAt: context.now,
    stabilityStatus: 'STABILIZING',
    stabilityStatusAt: context.now,
  }
}

function update(world: Parts, scheduler: Scheduler, input: Members, context: CallContext): Members {
  const service = serviceOf(world, input, context)
  const before = taskSetOf(service, text(input, 'taskSet'))
  const after = { ...before, scalePercent: scaleOf(input), updatedAt: context.now }
  save(world, scheduler, replaced(service, after))
  return { taskSet: taskSetView(service, after) }
}

function remove(world: Parts, scheduler: Scheduler, input: Members, context: CallContext): Members {
  const service = serviceOf(world, input, context)
  const before = taskSetOf(service, text(input, 'taskSet'))
  if (before.scalePercent > 0 && optionalFlag(input, 'force') !== true) {
    throw invalidParameter('Unable to delete a task set that is scaled above 0, unless force is set.')
  }
  const after: TaskSetState = { ...before, status: 'DRAINING', scalePercent: 0, updatedAt: context.now }
  save(world, scheduler, replaced(service, after))
  return { taskSet: taskSetView(service, after) }
}

function makePrimary(world: Parts, scheduler: Scheduler, input: Members, context: CallContext): Members {
  const service = serviceOf(world, input, context)
  const chosen = taskSetOf(service, text(input, 'primaryTaskSet'))
  const primary: TaskSetState = { ...chosen, status: 'PRIMARY', updatedAt: context.now }
  const taskSets = service.taskSets.map((one): TaskSetState => {
    if (one.id === chosen.id) return primary
    return one.status === 'PRIMARY' ? { ...one, status: 'ACTIVE', updatedAt: context.now } : one
  })
  const members =
    world.owner === 'EXTERNAL'
      ? service.members
      : { ...service.members, loadBalancers: primary.members['loadBalancers'] }
  save(world, scheduler, { ...service, taskSets, members, taskDefinition: primary.taskDefinition })
  return { taskSet: taskSetView(service, primary) }
}

function describe(world: EcsWorld, input: Members, context: CallContext): Members {
  const { clusterArn } = activeCluster(world.tables.clusters, text(input, 'cluster'), context)
  const serviceArn = arnInCluster('service', text(input, 'service'), clusterArn)
  const service = context.read(world.tables.services).get(serviceArn)
  if (service === undefined) throw notFound('ServiceNotFoundException', 'Service not found.')
  const wanted = texts(input, 'taskSets')
  const isNamed = (id: string): boolean => wanted.some((name) => lastPart(id) === lastPart(name))
  const shown = service.taskSets.filter((taskSet) => wanted.length === 0 || isNamed(taskSet.id))
  const tags = context.read(world.tables.tags)
  const wantsTags = texts(input, 'include').includes('TAGS')
  return {
    taskSets: shown.map((one) => taskSetView(service, one, wantsTags ? tagsOf(tags, one.taskSetArn) : [])),
    failures: wanted
      .filter((name) => !shown.some((one) => lastPart(one.id) === lastPart(name)))
      .map((arn) => ({ arn, reason: 'MISSING' })),
  }
}

function replaced(service: ServiceState, taskSet: TaskSetState): ServiceState {
  return { ...service, taskSets: service.taskSets.map((one) => (one.id === taskSet.id ? taskSet : one)) }
}

function save(world: EcsWorld, scheduler: Scheduler, service: ServiceState): void {
  world.tables.services.put(service.serviceArn, service)
  scheduler.wake(service.serviceArn)
}
