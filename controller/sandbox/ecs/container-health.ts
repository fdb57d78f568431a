import { dueIn, type EcsWorld } from './parts.ts'
import type { ContainerState, TaskState } from './state.ts'
import { healthStatus } from './task-behavior.ts'
import { optionalInteger, optionalRecord } from '../members.ts'
import type { Members } from '../kernel/operation.ts'

/**
 * What the containers' own health checks say now, and when they are asked again: a container is HEALTHY from its first
 * good answer on, UNHEALTHY when it has given none through its start period and all its retries.
 */
export function checkedContainers(world: EcsWorld, task: TaskState): Partial<TaskState> {
  const definition = world.tables.taskDefinitions.get(task.taskDefinitionArn)
  const runningMs = (world.clock.now() - (task.startedAt ?? 0)) * world.settings.speed
  let intervalMs = 300_000
  const containers = task.containers.map((container): ContainerState => {
    const check = healthCheckOf(definition?.containers ?? [], container.name)
    if (container.health === undefined || check === undefined) return container
    intervalMs = Math.min(intervalMs, check.intervalMs)
    const status = healthStatus(world.images.behaviorOf(container.image), runningMs)
    if (status < 400) return { ...container, health: 'HEALTHY' }
    return runningMs >= check.startPeriodMs + check.retries * check.intervalMs
      ? { ...container, health: 'UNHEALTHY' }
      : container
  })
  return { containers, healthDueAt: dueIn(world, intervalMs) }
}

/** The health of a task as a whole: that of its worst essential container which has a check. */
export function taskHealth(task: TaskState): 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN' {
  const checked = task.containers.filter((one) => one.essential).flatMap((one) => one.health ?? [])
  if (checked.length === 0 || task.lastStatus === 'STOPPED') return 'UNKNOWN'
  if (checked.includes('UNHEALTHY')) return 'UNHEALTHY'
  return checked.includes('UNKNOWN') ? 'UNKNOWN' : 'HEALTHY'
}

function healthCheckOf(
  containers: readonly Members[],
  name: string,
): { intervalMs: number; startPeriodMs: number; retries: number } | undefined {
  const container = containers.find((one) => one['name'] === name)
  const check = container === undefined ? undefined : optionalRecord(container, 'healthCheck')
  if (check === undefined) return undefined
  return {
    intervalMs: (optionalInteger(check, 'interval') ?? 30) * 1000,
    startPeriodMs: (optionalInteger(check, 'startPeriod') ?? 0) * 1000,
    retries: optionalInteger(check, 'retries') ?? 3,
  }
}
