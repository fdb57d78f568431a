import { invalidParameter, notFound } from '../kernel/error.ts'
import type { CallContext, Members, Operation } from '../kernel/operation.ts'
import { optionalText, text, texts } from '../members.ts'
import { pageOf } from '../paging.ts'
import { arnInCluster, lastPart } from './arns.ts'
import { activeCluster } from './clusters.ts'
import type { EcsWorld } from './parts.ts'
import { runTask } from './run-task.ts'
import type { EcsTables, TaskState } from './state.ts'
import { tagsOf } from './tags.ts'
import type { TaskLifecycle } from './task-lifecycle.ts'
import { taskView } from './task-view.ts'

/** RunTask, StopTask, ListTasks and DescribeTasks. */
export function taskOperations(world: EcsWorld, lifecycle: TaskLifecycle): Record<string, Operation> {
  const { tables } = world
  const read = { writes: false, bucket: 'ecs-task-read' } as const
  const write = { writes: true, bucket: 'ecs-task-write' } as const
  return {
    RunTask: { ...write, handle: (input, context) => runTask(world, lifecycle, input, context) },
    StopTask: { ...write, handle: (input, context) => stopTask(world, lifecycle, input, context) },
    ListTasks: { ...read, handle: (input, context) => listTasks(tables, input, context) },
    DescribeTasks: { ...read, handle: (input, context) => describeTasks(tables, input, context) },
  }
}

function stopTask(world: EcsWorld, lifecycle: TaskLifecycle, input: Members, context: CallContext): Members {
  const { clusterArn } = activeCluster(world.tables.clusters, optionalText(input, 'cluster'), context)
  const taskArn = arnInCluster('task', text(input, 'task'), clusterArn)
  if (world.tables.tasks.get(taskArn) === undefined) {
    throw invalidParameter('The referenced task was not found.')
  }
  const reason = optionalText(input, 'reason') ?? 'Task stopped by user'
  if (reason.length > 1024) throw invalidParameter('reason must be at most 1024 characters.')
  lifecycle.stop(taskArn, { code: 'UserInitiated', reason })
  const task = world.tables.tasks.get(taskArn)
  return task === undefined ? {} : { task: taskView(task) }
}

function describeTasks(tables: EcsTables, input: Members, context: CallContext): Members {
  const names = texts(input, 'tasks')
  if (names.length === 0) throw invalidParameter('Tasks cannot be empty.')
  if (names.length > 100) throw invalidParameter('Tasks can have at most 100 items.')
  const { clusterArn } = activeCluster(tables.clusters, optionalText(input, 'cluster'), context)
  const wantsTags = texts(input, 'include').includes('TAGS')
  const view = context.read(tables.tasks)
  const tasks: Members[] = []
  const failures: Members[] = []
  for (const name of new Set(names)) {
    const arn = arnInCluster('task', name, clusterArn)
    const task = view.get(arn)
    if (task?.clusterArn !== clusterArn) failures.push({ arn, reason: 'MISSING' })
    else tasks.push(wantsTags ? taskView(task, tagsOf(context.read(tables.tags), arn)) : shownTask(task))
  }
  return { tasks, failures }
}

/** Tasks are described far more often than they change: the view of a row is shown again. */
const shownTasks = new WeakMap<TaskState, Members>()

function shownTask(task: TaskState): Members {
  const known = shownTasks.get(task)
  if (known !== undefined) return known
  const view = taskView(task)
  shownTasks.set(task, view)
  return view
}

function listTasks(tables: EcsTables, input: Members, context: CallContext): Members {
  const { clusterArn } = activeCluster(tables.clusters, optionalText(input, 'cluster'), context)
  const matches = taskFilter(tables, input, clusterArn)
  const listed = context
    .read(tables.tasks)
    .list()
    .filter((task) => task.clusterArn === clusterArn && matches(task))
  const { items, ...rest } = pageOf(listed, input)
  return { taskArns: items.map((task) => task.taskArn), ...rest }
}

function taskFilter(tables: EcsTables, input: Members, clusterArn: string): (task: TaskState) => boolean {
  const desiredStatus = optionalText(input, 'desiredStatus') ?? 'RUNNING'
  if (!['RUNNING', 'PENDING', 'STOPPED'].includes(desiredStatus)) {
    throw invalidParameter('desiredStatus must be RUNNING, PENDING or STOPPED.')
  }
  const serviceName = optionalText(input, 'serviceName')
  const startedBy = optionalText(input, 'startedBy')
  if (serviceName !== undefined && startedBy !== undefined) {
    throw invalidParameter('You cannot combine more than one of the filters serviceName and startedBy.')
  }
  const serviceArn = serviceName === undefined ? undefined : arnInCluster('service', serviceName, clusterArn)
  if (serviceArn !== undefined && tables.services.get(serviceArn) === undefined) {
    throw notFound('ServiceNotFoundException', 'Service not found.')
  }
  const family = optionalText(input, 'family')
  const launchType = optionalText(input, 'launchType')
  const instance = optionalText(input, 'containerInstance')
  return (task) =>
    task.desiredStatus === desiredStatus &&
    (serviceArn === undefined || task.serviceArn === serviceArn) &&
    (startedBy === undefined || task.startedBy === startedBy) &&
    (family === undefined || lastPart(task.taskDefinitionArn).split(':')[0] === family) &&
    (launchType === undefined || task.members['launchType'] === launchType) &&
    (instance === undefined ||
      lastPart(optionalText(task.members, 'containerInstanceArn') ?? '') === lastPart(instance))
}
