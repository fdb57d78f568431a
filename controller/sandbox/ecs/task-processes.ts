import type { LaunchedProcess } from '../process-launcher.ts'
import { optionalInteger, optionalRecords, optionalText } from '../members.ts'
import type { EcsWorld } from './parts.ts'
import { isOverridden } from './task-behavior.ts'
import type { ContainerState, TaskState } from './state.ts'

/** ECS sends SIGKILL this long after SIGTERM, unless the container definition has a `stopTimeout`. */
const STOP_TIMEOUT_SECONDS = 30

/** The real processes of tasks whose image has a `command`. */
export interface TaskProcesses {
  start(task: TaskState): void
  stop(task: TaskState): void
  stopAll(): void
  of(container: ContainerState): LaunchedProcess | undefined
}

/** `exited` is told when a process of an essential container ended by itself. */
export function createTaskProcesses(
  world: EcsWorld,
  exited: (taskArn: string, code: number | null) => void,
): TaskProcesses {
  const launched = new Map<string, LaunchedProcess>()

  function stopContainer(container: ContainerState, graceMs: number): void {
    const process = launched.get(container.containerArn)
    if (process === undefined) return
    launched.delete(container.containerArn)
    process.stop(graceMs)
  }

  function definitionOf(task: TaskState, container: ContainerState) {
    const definition = world.tables.taskDefinitions.get(task.taskDefinitionArn)
    return definition?.containers.find((one) => one['name'] === container.name) ?? {}
  }

  return {
    start(task) {
      for (const container of task.containers) {
        const { command } = world.images.behaviorOf(container.image)
        if (command === undefined || world.launcher === undefined || isOverridden(task, container)) continue
        const environment = Object.fromEntries(
          (optionalRecords(definitionOf(task, container), 'environment') ?? []).map((pair) => [
            optionalText(pair, 'name') ?? '',
            optionalText(pair, 'value') ?? '',
          ]),
        )
        const process = world.launcher.launch({
          command,
          environment,
          onExit(code) {
            if (launched.get(container.containerArn) !== process) return
            launched.delete(container.containerArn)
            if (container.essential) exited(task.taskArn, code)
          },
        })
        launched.set(container.containerArn, process)
      }
    },
    stop(task) {
      for (const container of task.containers) {
        const seconds = optionalInteger(definitionOf(task, container), 'stopTimeout') ?? STOP_TIMEOUT_SECONDS
        stopContainer(container, (seconds * 1000) / world.settings.speed)
      }
    },
    stopAll() {
      for (const process of launched.values()) process.stop(0)
      launched.clear()
    },
    of: (container) => launched.get(container.containerArn),
  }
}
