import { taskHealth } from './container-health.ts'
import type { EcsWorld } from './parts.ts'
import type { PlannedTask } from './rolling-plan.ts'
import type { TaskState } from './state.ts'

/** A task without any health check counts as ready when it has run this long (of AWS's time). */
const SETTLE_MS = 1000

export interface Readiness {
  readonly state: PlannedTask['state']
  /** Which check failed, in ECS's words; only for unhealthy tasks. */
  readonly reason?: string
  /** When the answer may change by itself (true epoch milliseconds). */
  readonly lookAgainAt?: number
}

/** Whether a service's task is ready: running, and healthy by its target groups and by its own health checks. */
export function readinessOf(world: EcsWorld, task: TaskState, gracePeriodSeconds: number): Readiness {
  if (task.lastStatus !== 'RUNNING' || task.startedAt === undefined) return { state: 'pending' }
  const now = world.clock.now()
  const failed = failedCheck(world, task)
  if (failed !== undefined) {
    const graceEndsAt = task.startedAt + (gracePeriodSeconds * 1000) / world.settings.speed
    return now < graceEndsAt
      ? { state: 'pending', lookAgainAt: graceEndsAt }
      : { state: 'unhealthy', reason: failed }
  }
  const own = taskHealth(task)
  const checksItself = task.containers.some((one) => one.essential && one.health !== undefined)
  if (checksItself && own !== 'HEALTHY') return { state: 'pending' }
  if (task.targets.length > 0) return { state: targetsPass(world, task) ? 'ready' : 'pending' }
  if (checksItself) return { state: 'ready' }
  const settledAt = task.startedAt + SETTLE_MS / world.settings.speed
  return now >= settledAt ? { state: 'ready' } : { state: 'pending', lookAgainAt: settledAt }
}

function targetsPass(world: EcsWorld, task: TaskState): boolean {
  return task.targets.every((target) => {
    const health = world.targets.health(target.targetGroupArn, target)
    return health === 'healthy' || health === 'unused'
  })
}

function failedCheck(world: EcsWorld, task: TaskState): string | undefined {
  const failing = task.targets.find(
    (target) => world.targets.health(target.targetGroupArn, target) === 'unhealthy',
  )
  if (failing !== undefined)
    return `Task failed ELB health checks in (target-group ${failing.targetGroupArn})`
  return taskHealth(task) === 'UNHEALTHY' ? 'Task failed container health checks' : undefined
}
