import { pauseMs } from './circuit-breaker.ts'
import { changedDeployment, record } from './deployments.ts'
import type { EcsWorld } from './parts.ts'
import { withEvent } from './service-events.ts'
import type { ServiceState, TaskState } from './state.ts'

/** After so many waves of failing starts in a row ECS says that the service can't start tasks. */
const IMPAIRED_AFTER = 5

/** The service when one of its tasks has begun to run: said in events, and its digests kept. */
export function withRunningTask(world: EcsWorld, service: ServiceState, task: TaskState): ServiceState {
  rememberDigests(world, service, task)
  let told = service
  for (const target of task.targets) {
    told = withEvent(world, told, `registered 1 targets in (target-group ${target.targetGroupArn})`)
  }
  return told
}

/** The service when one of its tasks has ended by itself: counted, said in an event, and the next start put off. */
export function withFailure(world: EcsWorld, before: ServiceState, task: TaskState): ServiceState {
  const now = world.clock.now()
  const isFreshWave = now >= before.notBefore
  const failures = task.everHealthy ? 0 : before.failures + (isFreshWave ? 1 : 0)
  let service: ServiceState = { ...before, failures }
  if (isFreshWave) service = { ...service, notBefore: now + pauseMs(failures) / world.settings.speed }
  if (!task.everHealthy) service = withFailedTask(world, service, task)
  if (task.stopCode === 'TaskFailedToStart') {
    service = withEvent(world, service, `was unable to place a task. Reason: ${task.stoppedReason ?? ''}.`)
  }
  if (failures === IMPAIRED_AFTER && isFreshWave) {
    service = withEvent(world, service, 'is unable to consistently start tasks successfully.')
  }
  return service
}

/** Counts a task that came to nothing against its deployment. */
export function withFailedTask(world: EcsWorld, service: ServiceState, task: TaskState): ServiceState {
  const [primary, ...older] = service.deployments
  if (primary?.id !== task.ownerId || primary?.rolloutState !== 'IN_PROGRESS') return service
  const failedTasks = primary.failedTasks + 1
  record(world, primary.serviceDeploymentArn, { failureCount: failedTasks })
  return { ...service, deployments: [changedDeployment(world, primary, { failedTasks }), ...older] }
}

/** Version consistency: the digests that the first task of a revision pulled are the revision's. */
function rememberDigests(world: EcsWorld, service: ServiceState, task: TaskState): void {
  const owner = service.deployments.find((deployment) => deployment.id === task.ownerId)
  const { serviceRevisions } = world.tables
  const revision = owner === undefined ? undefined : serviceRevisions.get(owner.revisionArn)
  if (revision === undefined || Object.keys(revision.digests).length > 0) return
  const digests = Object.fromEntries(
    task.containers.flatMap(({ name, imageDigest }) =>
      imageDigest === undefined ? [] : [[name, imageDigest]],
    ),
  )
  serviceRevisions.put(revision.serviceRevisionArn, { ...revision, digests })
}
