import { optionalRecord, optionalRecords, optionalText, present } from '../members.ts'
import { revisionMembers } from './deployments.ts'
import type { EcsWorld } from './parts.ts'
import { namedTasks, withEvent } from './service-events.ts'
import type { ContainerInstanceState, DeploymentState, ServiceState } from './state.ts'
import type { TaskLifecycle } from './task-lifecycle.ts'
import { putTags } from './tags.ts'
import type { Members } from '../kernel/operation.ts'

/** Starts tasks of a deployment, by itself the newest, or says in an event why they can't be placed. */
export function startServiceTasks(
  world: EcsWorld,
  lifecycle: TaskLifecycle,
  service: ServiceState,
  { count, deployment = service.deployments[0] }: { count: number; deployment?: DeploymentState },
): ServiceState {
  if (deployment === undefined) return service
  const { id: ownerId, taskDefinition } = deployment
  return launch(world, lifecycle, service, {
    ownerId,
    taskDefinition,
    members: revisionMembers(world, deployment),
    count,
  })
}

/** Starts `count` tasks for a deployment or a task set with the given launch settings (AWS's names). */
export function launch(
  world: EcsWorld,
  lifecycle: TaskLifecycle,
  service: ServiceState,
  order: { ownerId: string; taskDefinition: string; members: Members; count: number },
): ServiceState {
  const definition = world.tables.taskDefinitions.get(order.taskDefinition)
  if (definition === undefined) return service
  const launchType = launchTypeOf(order.members)
  const instance = launchType === 'EC2' ? instanceFor(world, service.clusterArn) : undefined
  if (launchType === 'EC2' && instance === undefined) {
    const text =
      'was unable to place a task because no container instance met all of its requirements. ' +
      'Reason: No Container Instances were found in your cluster.'
    const notBefore = world.clock.now() + 15_000 / world.settings.speed
    return withEvent(world, { ...service, notBefore }, text)
  }
  const networkConfiguration = optionalRecord(order.members, 'networkConfiguration')
  const started: string[] = []
  for (let index = 0; index < order.count; index += 1) {
    const task = lifecycle.start({
      clusterArn: service.clusterArn,
      definition,
      group: `service:${service.serviceName}`,
      startedBy: order.ownerId,
      serviceArn: service.serviceArn,
      ownerId: order.ownerId,
      loadBalancers: optionalRecords(order.members, 'loadBalancers') ?? [],
      ...(networkConfiguration === undefined ? {} : { networkConfiguration }),
      ...(instance === undefined ? {} : { instance }),
      members: present({
        launchType,
        platformVersion: launchType === 'FARGATE' ? '1.4.0' : undefined,
        platformFamily: launchType === 'FARGATE' ? 'Linux' : undefined,
        enableExecuteCommand: order.members['enableExecuteCommand'] ?? false,
        overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [] },
      }),
    })
    tagTask(world, service, task.taskArn, definition.taskDefinitionArn)
    started.push(task.taskArn)
  }
  return withEvent(
    world,
    { ...service, steady: false },
    `has started ${started.length} tasks: ${namedTasks(started)}.`,
  )
}

/** FARGATE or EC2, also where a capacity provider strategy says it. */
export function launchTypeOf(members: Members): string {
  const providers = (optionalRecords(members, 'capacityProviderStrategy') ?? []).map((item) =>
    optionalText(item, 'capacityProvider'),
  )
  if (providers.length > 0) return providers.some((name) => name?.startsWith('FARGATE')) ? 'FARGATE' : 'EC2'
  return optionalText(members, 'launchType') ?? 'EC2'
}

/** A container instance of the cluster that takes tasks; undefined when there is none. */
export function instanceFor(world: EcsWorld, clusterArn: string): ContainerInstanceState | undefined {
  const active = world.tables.containerInstances
    .list()
    .filter((instance) => instance.clusterArn === clusterArn && instance.status === 'ACTIVE')
  return active[Math.floor(world.random.next() * active.length)]
}

function tagTask(world: EcsWorld, service: ServiceState, taskArn: string, taskDefinitionArn: string): void {
  const source = { SERVICE: service.serviceArn, TASK_DEFINITION: taskDefinitionArn }[
    String(service.members['propagateTags'])
  ]
  const tags = source === undefined ? [] : (world.tables.tags.get(source)?.tags ?? [])
  if (tags.length > 0)
    putTags(
      world.tables.tags,
      taskArn,
      tags.map((tag) => ({ ...tag })),
    )
}
