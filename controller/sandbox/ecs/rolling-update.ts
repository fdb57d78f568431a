import { optionalInteger, optionalRecord } from '../members.ts'
import { circuitBreakerOf } from './circuit-breaker.ts'
import { changedDeployment, finishRecord, record, rollBack } from './deployments.ts'
import type { EcsWorld } from './parts.ts'
import { planRolling, type PlannedTask, type RollingBounds } from './rolling-plan.ts'
import { namedTasks, withEvent } from './service-events.ts'
import { withFailedTask } from './service-notes.ts'
import { startServiceTasks } from './service-tasks.ts'
import type { DeploymentState, ServiceState, TaskState } from './state.ts'
import type { TaskLifecycle } from './task-lifecycle.ts'
import { readinessOf, type Readiness } from './task-readiness.ts'

export interface SeenTask {
  readonly task: TaskState
  readonly readiness: Readiness
}

/** The service after one look of its scheduler, and when it wants to look again by itself (true epoch milliseconds). */
export interface Look {
  readonly service: ServiceState
  readonly lookAgainAt?: number
}

/** Takes one step of ECS's rolling update: stops, starts, counts, and moves the rollout on. */
export function rollOn(world: EcsWorld, lifecycle: TaskLifecycle, before: ServiceState): Look {
  adoptTasks(world, lifecycle, before)
  const seen = seenTasks(world, lifecycle, before)
  let service = noteHealthy(world, lifecycle, before, seen)
  const primary = service.deployments[0]
  if (primary === undefined) return { service }
  const plan = planRolling(boundsOf(service, primary), plannedTasks(seen, primary))
  const unhealthy = seen.filter(({ task }) => plan.replace.includes(task.taskArn))
  service = replaceUnhealthy(world, lifecycle, service, unhealthy)
  service = scaleIn(world, lifecycle, service, plan.scaleIn)
  const tripped = checkBreaker(world, service)
  if (tripped !== undefined) return { service: tripped, lookAgainAt: world.clock.now() }
  const paused = world.clock.now() < service.notBefore
  if (!paused && plan.start > 0) service = startServiceTasks(world, lifecycle, service, { count: plan.start })
  service = finishRollout(world, retireOlder(countTasks(world, lifecycle, service)), seen)
  const waits = plan.start > 0 && world.clock.now() < service.notBefore
  return { service, ...nextLook(seen, waits ? service.notBefore : undefined) }
}

/** After a rollback the newest deployment is of an older one's revision: the tasks of that one are its own. */
export function adoptTasks(world: EcsWorld, lifecycle: TaskLifecycle, service: ServiceState): void {
  const [primary, ...older] = service.deployments
  const same = older.filter((deployment) => deployment.revisionArn === primary?.revisionArn)
  if (primary === undefined || same.length === 0) return
  for (const taskArn of lifecycle.index.ofService(service.serviceArn)) {
    const task = world.tables.tasks.get(taskArn)
    if (same.some((deployment) => deployment.id === task?.ownerId))
      lifecycle.note(taskArn, { ownerId: primary.id })
  }
}

/** Every task of the service that shall run, oldest first, and whether it is ready. */
export function seenTasks(world: EcsWorld, lifecycle: TaskLifecycle, service: ServiceState): SeenTask[] {
  const grace = optionalInteger(service.members, 'healthCheckGracePeriodSeconds') ?? 0
  return lifecycle.index
    .ofService(service.serviceArn)
    .map((arn) => world.tables.tasks.get(arn))
    .filter((task) => task !== undefined)
    .filter((task) => task.desiredStatus === 'RUNNING')
    .map((task) => ({ task, readiness: readinessOf(world, task, grace) }))
}

function plannedTasks(seen: readonly SeenTask[], primary: DeploymentState): PlannedTask[] {
  return seen.map(({ task, readiness }) => ({
    taskArn: task.taskArn,
    current: task.ownerId === primary.id,
    state: readiness.state,
  }))
}

/** How many tasks the service may and must have; percentages as ECS rounds them. */
function boundsOf(service: ServiceState, primary: DeploymentState): RollingBounds {
  const configuration = optionalRecord(service.members, 'deploymentConfiguration') ?? {}
  const desired = service.status === 'ACTIVE' ? service.desiredCount : 0
  const minimumPercent = optionalInteger(configuration, 'minimumHealthyPercent') ?? 100
  const maximumPercent = optionalInteger(configuration, 'maximumPercent') ?? 200
  return {
    desired,
    minimumHealthy: Math.ceil((desired * minimumPercent) / 100),
    maximum: Math.floor((desired * maximumPercent) / 100),
    deploying: primary.rolloutState === 'IN_PROGRESS',
    frozen: primary.rolloutState === 'FAILED' && service.status === 'ACTIVE' && desired > 0,
  }
}

/** Marks tasks that became ready for the first time; that ends a row of failures. */
export function noteHealthy(
  world: EcsWorld,
  lifecycle: TaskLifecycle,
  service: ServiceState,
  seen: readonly SeenTask[],
): ServiceState {
  const fresh = seen.filter(({ task, readiness }) => readiness.state === 'ready' && !task.everHealthy)
  for (const { task } of fresh) lifecycle.note(task.taskArn, { everHealthy: true })
  const primary = service.deployments[0]
  if (primary === undefined || !fresh.some(({ task }) => task.ownerId === primary.id)) return service
  const configuration = optionalRecord(service.members, 'deploymentConfiguration') ?? {}
  const { resetOnHealthyTask } = circuitBreakerOf(configuration, service.desiredCount)
  const failedTasks = resetOnHealthyTask ? 0 : primary.failedTasks
  if (failedTasks !== primary.failedTasks) record(world, primary.serviceDeploymentArn, { failureCount: 0 })
  return withPrimary({ ...service, failures: 0 }, changedDeployment(world, primary, { failedTasks }))
}

/** Stops tasks that failed their health checks, and says so. */
export function replaceUnhealthy(
  world: EcsWorld,
  lifecycle: TaskLifecycle,
  before: ServiceState,
  unhealthy: readonly SeenTask[],
): ServiceState {
  let service = before
  for (const { task, readiness } of unhealthy) {
    const reason = readiness.reason ?? 'Task failed health checks'
    lifecycle.stop(task.taskArn, { code: 'ServiceSchedulerInitiated', reason })
    const target = task.targets[0]
    const where = target === undefined ? '' : `(port ${target.port}) is unhealthy in `
    const group =
      target === undefined
        ? reason
        : `(target-group ${target.targetGroupArn}) due to (reason Health checks failed)`
    service = withEvent(world, service, `${namedTasks([task.taskArn])} ${where}${group}.`)
    if (!task.everHealthy) service = withFailedTask(world, service, task)
  }
  return service
}

/** Stops tasks that the service has no more use for, and says so. */
export function scaleIn(
  world: EcsWorld,
  lifecycle: TaskLifecycle,
  before: ServiceState,
  taskArns: readonly string[],
): ServiceState {
  let service = before
  if (taskArns.length === 0) return service
  const primary = service.deployments[0]
  const withTargets = taskArns.filter((arn) => {
    const task = world.tables.tasks.get(arn)
    return task?.lastStatus === 'RUNNING' && task.targets.length > 0
  })
  for (const arn of taskArns) {
    const reason = `Scaling activity initiated by (deployment ${primary?.id ?? ''})`
    lifecycle.stop(arn, { code: 'ServiceSchedulerInitiated', reason })
  }
  if (withTargets.length > 0) {
    service = withEvent(world, service, `has begun draining connections on ${withTargets.length} tasks.`)
    const groups = new Set(
      withTargets.flatMap(
        (arn) => world.tables.tasks.get(arn)?.targets.map((one) => one.targetGroupArn) ?? [],
      ),
    )
    for (const group of groups) {
      service = withEvent(
        world,
        service,
        `deregistered ${withTargets.length} targets in (target-group ${group})`,
      )
    }
  }
  return withEvent(
    world,
    { ...service, steady: false },
    `has stopped ${taskArns.length} running tasks: ${namedTasks(taskArns)}.`,
  )
}

/** The service after its circuit breaker has tripped; undefined while it has not. */
function checkBreaker(world: EcsWorld, service: ServiceState): ServiceState | undefined {
  const primary = service.deployments[0]
  if (primary === undefined || primary.rolloutState !== 'IN_PROGRESS') return undefined
  const configuration = optionalRecord(service.members, 'deploymentConfiguration') ?? {}
  const breaker = circuitBreakerOf(configuration, service.desiredCount)
  if (!breaker.enabled || primary.failedTasks < breaker.threshold) return undefined
  const rolloutStateReason = 'ECS deployment circuit breaker: tasks failed to start.'
  const failed = changedDeployment(world, primary, { rolloutState: 'FAILED', rolloutStateReason })
  const told = withEvent(
    world,
    withPrimary(service, failed),
    `(deployment ${primary.id}) deployment failed: tasks failed to start.`,
  )
  record(world, primary.serviceDeploymentArn, { circuitBreaker: 'TRIGGERED' })
  const good = service.lastCompletedRevision
  const rollingBack =
    world.tables.serviceDeployments.get(primary.serviceDeploymentArn)?.rollback !== undefined
  if (!breaker.rollback || good === undefined || good === primary.revisionArn) {
    const status = rollingBack ? 'ROLLBACK_FAILED' : 'STOPPED'
    finishRecord(world, primary.serviceDeploymentArn, status, rolloutStateReason)
    return told
  }
  const reason = 'Service deployment rolled back because the circuit breaker threshold was exceeded.'
  return afterRollBack(world, rollBack(world, told, good, reason), 'ECS deployment circuit breaker')
}

/** Gives the rollback's deployment its reason and event; tasks of the restored revision are its own. */
export function afterRollBack(world: EcsWorld, service: ServiceState, why: string): ServiceState {
  const primary = service.deployments[0]
  if (primary === undefined) return service
  const rolloutStateReason = `${why}: rolling back to deploymentId ${primary.id}.`
  const restored = withPrimary(service, changedDeployment(world, primary, { rolloutStateReason }))
  return withEvent(world, restored, `rolling back to (deployment ${primary.id}).`)
}

/** Writes the counts that DescribeServices shows: tasks that drain still count as running. */
export function countTasks(world: EcsWorld, lifecycle: TaskLifecycle, service: ServiceState): ServiceState {
  const tasks = lifecycle.index
    .ofService(service.serviceArn)
    .map((arn) => world.tables.tasks.get(arn))
    .filter((task) => task !== undefined)
  const deployments = service.deployments.map((deployment, position) => {
    const own = tasks.filter((task) => task.ownerId === deployment.id)
    const runs = (task: TaskState): boolean => ['RUNNING', 'DEACTIVATING'].includes(task.lastStatus)
    const pends = (task: TaskState): boolean =>
      ['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(task.lastStatus) && task.desiredStatus === 'RUNNING'
    const runningCount = own.filter(runs).length
    return changedDeployment(world, deployment, {
      desiredCount:
        position === 0
          ? service.status === 'ACTIVE'
            ? service.desiredCount
            : 0
          : own.filter((one) => one.desiredStatus === 'RUNNING').length,
      runningCount,
      pendingCount: own.filter(pends).length,
    })
  })
  const same = deployments.every((deployment, position) => deployment === service.deployments[position])
  return same ? service : { ...service, deployments }
}

/** Leaves out older deployments that have no task any more. */
export function retireOlder(service: ServiceState): ServiceState {
  const deployments = service.deployments.filter(
    (deployment, position) => position === 0 || deployment.runningCount + deployment.pendingCount > 0,
  )
  return deployments.length === service.deployments.length ? service : { ...service, deployments }
}

function finishRollout(world: EcsWorld, before: ServiceState, seen: readonly SeenTask[]): ServiceState {
  const primary = before.deployments[0]
  if (primary === undefined || before.status !== 'ACTIVE') return before
  const ready = seen.filter(
    ({ task, readiness }) => readiness.state === 'ready' && task.ownerId === primary.id,
  ).length
  const settled =
    before.deployments.length === 1 &&
    ready === before.desiredCount &&
    primary.runningCount === before.desiredCount &&
    primary.pendingCount === 0
  if (!settled) return before.steady ? { ...before, steady: false } : before
  let service = before
  if (primary.rolloutState === 'IN_PROGRESS') {
    const rolloutStateReason = `ECS deployment ${primary.id} completed.`
    const done = changedDeployment(world, primary, {
      rolloutState: 'COMPLETED',
      rolloutStateReason,
      failedTasks: 0,
    })
    service = { ...withPrimary(service, done), lastCompletedRevision: primary.revisionArn }
    const wasRollback =
      world.tables.serviceDeployments.get(primary.serviceDeploymentArn)?.rollback !== undefined
    finishRecord(world, primary.serviceDeploymentArn, wasRollback ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL')
    service = withEvent(world, service, `(deployment ${primary.id}) deployment completed.`)
  }
  if (service.steady || service.deployments[0]?.rolloutState !== 'COMPLETED') return service
  return withEvent(world, { ...service, steady: true }, 'has reached a steady state.')
}

/** When the tasks, or the pause before the next start, want the next look. */
export function nextLook(seen: readonly SeenTask[], notBefore: number | undefined): { lookAgainAt?: number } {
  const times = seen.flatMap(({ readiness }) => readiness.lookAgainAt ?? [])
  if (notBefore !== undefined) times.push(notBefore)
  return times.length === 0 ? {} : { lookAgainAt: Math.min(...times) }
}

function withPrimary(service: ServiceState, primary: DeploymentState): ServiceState {
  return primary === service.deployments[0]
    ? service
    : { ...service, deployments: [primary, ...service.deployments.slice(1)] }
}
