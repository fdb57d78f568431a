import type { EcsWorld } from './parts.ts'
import type { Look } from './rolling-update.ts'
import { launch } from './service-tasks.ts'
import type { ServiceState, TaskSetState, TaskState } from './state.ts'
import type { TaskLifecycle } from './task-lifecycle.ts'
import { readinessOf } from './task-readiness.ts'

/** Keeps every task set of a service with an external deployment controller at its share of the desired count. */
export function scaleTaskSets(world: EcsWorld, lifecycle: TaskLifecycle, before: ServiceState): Look {
  let service = before
  let lookAgainAt: number | undefined
  const kept: TaskSetState[] = []
  for (const taskSet of before.taskSets) {
    const wanted = computedDesiredCount(service, taskSet)
    const tasks = tasksOf(world, lifecycle, service, taskSet.id)
    const live = tasks.filter((task) => task.desiredStatus === 'RUNNING')
    const missing = wanted - live.length
    if (missing > 0 && world.clock.now() >= service.notBefore) {
      const { id: ownerId, taskDefinition, members } = taskSet
      service = launch(world, lifecycle, service, { ownerId, taskDefinition, members, count: missing })
    }
    if (missing > 0 && world.clock.now() < service.notBefore) lookAgainAt = service.notBefore
    const reason = `Scaling activity initiated by (task-set ${taskSet.id})`
    for (const task of live.slice(wanted)) {
      lifecycle.stop(task.taskArn, { code: 'ServiceSchedulerInitiated', reason })
    }
    const states = live.map((task) => readinessOf(world, task, 0))
    for (const state of states) {
      if (state.lookAgainAt !== undefined) lookAgainAt = Math.min(lookAgainAt ?? Infinity, state.lookAgainAt)
    }
    const ready = states.filter((state) => state.state === 'ready').length
    const counted = withCounts(
      world,
      taskSet,
      tasksOf(world, lifecycle, service, taskSet.id),
      ready === wanted,
    )
    if (taskSet.status !== 'DRAINING' || counted.runningCount + counted.pendingCount > 0) kept.push(counted)
  }
  return { service: { ...service, taskSets: kept }, ...(lookAgainAt === undefined ? {} : { lookAgainAt }) }
}

/** A task set's share of the service's desired count, rounded up. */
export function computedDesiredCount(service: ServiceState, taskSet: TaskSetState): number {
  if (service.status !== 'ACTIVE' || taskSet.status === 'DRAINING') return 0
  return Math.ceil((service.desiredCount * taskSet.scalePercent) / 100)
}

function tasksOf(
  world: EcsWorld,
  lifecycle: TaskLifecycle,
  service: ServiceState,
  ownerId: string,
): TaskState[] {
  return lifecycle.index
    .ofService(service.serviceArn)
    .map((arn) => world.tables.tasks.get(arn))
    .filter((task) => task?.ownerId === ownerId)
    .filter((task) => task !== undefined)
}

function withCounts(
  world: EcsWorld,
  taskSet: TaskSetState,
  tasks: readonly TaskState[],
  steady: boolean,
): TaskSetState {
  const stabilityStatus = steady ? 'STEADY_STATE' : 'STABILIZING'
  const changed = stabilityStatus !== taskSet.stabilityStatus
  return {
    ...taskSet,
    runningCount: tasks.filter((task) => ['RUNNING', 'DEACTIVATING'].includes(task.lastStatus)).length,
    pendingCount: tasks.filter((task) => ['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(task.lastStatus))
      .length,
    stabilityStatus,
    stabilityStatusAt: changed ? world.clock.now() : taskSet.stabilityStatusAt,
  }
}
