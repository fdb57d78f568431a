import type { Images } from '../images.ts'
import type { EcsWorld } from './parts.ts'
import type { ContainerState, TaskState } from './state.ts'

/** What becomes of a task whose image can't be pulled: the reason in ECS's words; undefined when all can. */
export function missingImage(
  images: Images,
  task: TaskState,
): { reason: string; containers: ContainerState[] } | undefined {
  const missing = task.containers.find((container) => images.find(container.image) === undefined)
  if (missing === undefined) return undefined
  const { image } = missing
  const reason =
    `CannotPullContainerError: pull image manifest has been retried 1 time(s): ` +
    `failed to resolve ref ${image}: ${image}: not found`
  return { reason, containers: task.containers.map((one) => (one === missing ? { ...one, reason } : one)) }
}

/** The containers with the digests that the registry resolved their images to. */
export function pulledContainers(images: Images, task: TaskState): ContainerState[] {
  return task.containers.map((container) => {
    const found = images.find(container.image)
    return found === undefined ? container : { ...container, imageDigest: found.digest }
  })
}

/** Whether one of the task's target groups still lets it finish its requests. */
export function drains(world: EcsWorld, task: TaskState): boolean {
  return task.targets.some((target) => world.targets.health(target.targetGroupArn, target) === 'draining')
}
