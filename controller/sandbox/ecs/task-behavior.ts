import type { Images } from '../images.ts'
import type { ImageBehavior } from '../kernel/ports-between.ts'
import { optionalRecord, optionalRecords } from '../members.ts'
import type { ContainerState, TaskState } from './state.ts'

/** How a whole task behaves: what its containers' images say, taken together. */
export interface TaskBehavior {
  readonly startMs: number
  readonly neverStarts: boolean
  /** After how much of AWS's time an essential container exits by itself; undefined: it does not. */
  readonly crashAfterMs?: number
  /** How it exits then. */
  readonly exitCode: number
}

/** The behaviour of a task, all its containers' images together; `startSeconds` is for images that don't say. */
export function taskBehavior(task: TaskState, images: Images, startSeconds: number): TaskBehavior {
  const all = task.containers.map((container) => images.behaviorOf(container.image))
  const essential = task.containers.filter((container) => container.essential)
  const overridden = task.containers.find((container) => isOverridden(task, container))
  const { override } = images.behaviorOf(overridden?.image ?? '')
  const crashes = essential
    .map((container) =>
      container === overridden
        ? (override?.seconds ?? 1)
        : images.behaviorOf(container.image).crashAfterSeconds,
    )
    .filter((seconds) => seconds !== undefined)
  return {
    startMs: Math.max(...all.map((behavior) => behavior.startSeconds ?? startSeconds)) * 1000,
    neverStarts: all.some((behavior) => behavior.neverStarts === true),
    ...(crashes.length === 0 ? {} : { crashAfterMs: Math.min(...crashes) * 1000 }),
    exitCode: overridden === undefined ? 1 : (override?.exitCode ?? 0),
  }
}

/** Whether RunTask gave the container another command than its image's. */
export const isOverridden = ({ members }: TaskState, { name }: ContainerState): boolean =>
  (optionalRecords(optionalRecord(members, 'overrides') ?? {}, 'containerOverrides') ?? []).some(
    (override) => override['name'] === name && override['command'] !== undefined,
  )

/** The status that a container's health-check path answers with, `runningMs` of AWS's time after its start. */
export function healthStatus(behavior: ImageBehavior, runningMs: number): number {
  if (runningMs < (behavior.healthyAfterSeconds ?? 0) * 1000) return 503
  return behavior.health?.status ?? behavior.status ?? 200
}

/** The container that listens on a host port; without a port, the first essential one. */
export function mainContainer(task: TaskState, port?: number): ContainerState | undefined {
  const listening = task.containers.find((container) => container.ports.some((one) => one.hostPort === port))
  return listening ?? task.containers.find((container) => container.essential)
}
