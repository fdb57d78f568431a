import { invalidParameter } from '../kernel/error.ts'
import { timestamp, type CallContext, type Members, type Operation } from '../kernel/operation.ts'
import { hexId } from '../kernel/random.ts'
import { optionalText, text, texts } from '../members.ts'
import { pageOf } from '../paging.ts'
import { arnInCluster, ecsArn, lastPart } from './arns.ts'
import { activeCluster } from './clusters.ts'
import type { EcsWorld } from './parts.ts'
import type { ContainerInstanceState, TaskState } from './state.ts'

/** Container instances in a simple form: they take any number of tasks. RegisterContainerInstance makes one. */
export function containerInstanceOperations(world: EcsWorld): Record<string, Operation> {
  const read = { writes: false, bucket: 'ecs-cluster-read' } as const
  const write = { writes: true, bucket: 'ecs-cluster-write' } as const
  return {
    RegisterContainerInstance: { ...write, handle: (input, context) => register(world, input, context) },
    DeregisterContainerInstance: { ...write, handle: (input, context) => deregister(world, input, context) },
    ListContainerInstances: { ...read, handle: (input, context) => list(world, input, context) },
    DescribeContainerInstances: { ...read, handle: (input, context) => describe(world, input, context) },
  }
}

function register(world: EcsWorld, input: Members, context: CallContext): Members {
  const { clusterArn } = activeCluster(world.tables.clusters, optionalText(input, 'cluster'), context)
  const id = hexId(world.random, 32)
  const instance: ContainerInstanceState = {
    containerInstanceArn: ecsArn(context, `container-instance/${lastPart(clusterArn)}/${id}`),
    clusterArn,
    ec2InstanceId: `i-${hexId(world.random, 17)}`,
    address: `10.1.${Math.floor(world.random.next() * 256)}.${4 + Math.floor(world.random.next() * 250)}`,
    status: 'ACTIVE',
    registeredAt: context.now,
  }
  world.tables.containerInstances.put(instance.containerInstanceArn, instance)
  return { containerInstance: instanceView(world, instance, context) }
}

function deregister(world: EcsWorld, input: Members, context: CallContext): Members {
  const { clusterArn } = activeCluster(world.tables.clusters, optionalText(input, 'cluster'), context)
  const arn = arnInCluster('container-instance', text(input, 'containerInstance'), clusterArn)
  const instance = world.tables.containerInstances.get(arn)
  if (instance === undefined) throw invalidParameter('The referenced container instance was not found.')
  const view = instanceView(world, instance, context)
  world.tables.containerInstances.delete(arn)
  return { containerInstance: { ...view, status: 'INACTIVE' } }
}

function list(world: EcsWorld, input: Members, context: CallContext): Members {
  const { clusterArn } = activeCluster(world.tables.clusters, optionalText(input, 'cluster'), context)
  const status = optionalText(input, 'status')
  const listed = context
    .read(world.tables.containerInstances)
    .list()
    .filter((one) => one.clusterArn === clusterArn && (status === undefined || one.status === status))
  const { items, ...rest } = pageOf(listed, input)
  return { containerInstanceArns: items.map((one) => one.containerInstanceArn), ...rest }
}

function describe(world: EcsWorld, input: Members, context: CallContext): Members {
  const { clusterArn } = activeCluster(world.tables.clusters, optionalText(input, 'cluster'), context)
  const names = texts(input, 'containerInstances')
  if (names.length === 0) throw invalidParameter('Container instances cannot be empty.')
  const view = context.read(world.tables.containerInstances)
  const arns = names.map((name) => arnInCluster('container-instance', name, clusterArn))
  return {
    containerInstances: arns
      .flatMap((arn) => view.get(arn) ?? [])
      .map((one) => instanceView(world, one, context)),
    failures: arns.filter((arn) => view.get(arn) === undefined).map((arn) => ({ arn, reason: 'MISSING' })),
  }
}

function instanceView(world: EcsWorld, instance: ContainerInstanceState, context: CallContext): Members {
  const tasks = context
    .read(world.tables.tasks)
    .list()
    .filter((task) => task.members['containerInstanceArn'] === instance.containerInstanceArn)
  const count = (statuses: string[]): number =>
    tasks.filter((task: TaskState) => statuses.includes(task.lastStatus)).length
  return {
    containerInstanceArn: instance.containerInstanceArn,
    ec2InstanceId: instance.ec2InstanceId,
    status: instance.status,
    agentConnected: true,
    runningTasksCount: count(['RUNNING']),
    pendingTasksCount: count(['PROVISIONING', 'PENDING', 'ACTIVATING']),
    version: 1,
    registeredAt: timestamp(instance.registeredAt),
    registeredResources: [],
    remainingResources: [],
    attributes: [],
    attachments: [],
    tags: [],
  }
}
