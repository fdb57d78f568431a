import { imageReference } from '../images.ts'
import type { RunningTask, TaskNetwork } from '../kernel/ports-between.ts'
import { lastPart } from './arns.ts'
import type { EcsWorld } from './parts.ts'
import type { ContainerState, TaskState } from './state.ts'
import { healthStatus, mainContainer } from './task-behavior.ts'
import type { TaskLifecycle } from './task-lifecycle.ts'

const LISTENING: ReadonlySet<string> = new Set(['RUNNING', 'DEACTIVATING'])

/** Where load balancing finds the tasks. A path that was ever probed on an endpoint answers as its health check. */
export function createTaskNetwork(world: EcsWorld, lifecycle: TaskLifecycle): TaskNetwork {
  const probed = new Map<string, string>()

  function listening(
    address: string,
    port: number,
  ): { task: TaskState; container: ContainerState } | undefined {
    const taskArn = lifecycle.index.at(address, port)
    const task = taskArn === undefined ? undefined : world.tables.tasks.get(taskArn)
    if (task === undefined || !LISTENING.has(task.lastStatus)) return undefined
    const container = mainContainer(task, port)
    return container === undefined ? undefined : { task, container }
  }

  function health(task: TaskState, container: ContainerState): number {
    const runningMs = (world.clock.now() - (task.startedAt ?? 0)) * world.settings.speed
    return healthStatus(world.images.behaviorOf(container.image), runningMs)
  }

  return {
    probe(address, port, path) {
      const found = listening(address, port)
      if (found === undefined) return undefined
      probed.set(found.container.containerArn, path)
      if (probed.size > 10_000) probed.clear()
      const status = health(found.task, found.container)
      return { status, latencyMs: world.images.behaviorOf(found.container.image).latencyMs ?? 0 }
    },
    taskAt(address, port) {
      const found = listening(address, port)
      if (found === undefined) return undefined
      const isHealthPath = (path: string): boolean =>
        probed.get(found.container.containerArn) === (path.split('?')[0] ?? path)
      return runningTask(world, lifecycle, found, (path) =>
        isHealthPath(path) ? health(found.task, found.container) : undefined,
      )
    },
  }
}

function runningTask(
  world: EcsWorld,
  lifecycle: TaskLifecycle,
  found: { task: TaskState; container: ContainerState },
  healthOf: (path: string) => number | undefined,
): RunningTask {
  const { task, container } = found
  const behavior = world.images.behaviorOf(container.image)
  const version = versionOf(world, container)
  const side = sideOf(task)
  const { taskArn } = task
  const processPort = lifecycle.processes.of(container)?.port
  return {
    taskArn,
    image: container.image,
    version,
    side,
    behavior,
    ...(processPort === undefined ? {} : { processPort }),
    answer: (path) => ({
      status: healthOf(path) ?? behavior.status ?? 200,
      latencyMs: behavior.latencyMs ?? 0,
      get body() {
        return behavior.body ?? JSON.stringify({ image: container.image, version, side, taskArn })
      },
    }),
  }
}

/** The image's tag, also when it runs by digest. */
function versionOf(world: EcsWorld, container: ContainerState): string {
  return world.images.tagOf(container.image) ?? imageReference(container.image).tag
}

/** The blue/green suffix of the service's name. */
function sideOf(task: TaskState): 'blue' | 'green' | null {
  const suffix = task.serviceArn === undefined ? null : /-(blue|green)$/.exec(lastPart(task.serviceArn))
  return suffix === null ? null : suffix[1] === 'blue' ? 'blue' : 'green'
}
