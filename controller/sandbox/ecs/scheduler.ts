import { pauseMs } from './circuit-breaker.ts'
import { runAt, type EcsWorld } from './parts.ts'
import { rollOn, withFailedTask, type Look } from './rolling-update.ts'
import { withEvent } from './service-events.ts'
import type { ServiceState, TaskState } from './state.ts'
import type { TaskLifecycle } from './task-lifecycle.ts'
import { scaleTaskSets } from './task-set-scheduler.ts'

/** An INACTIVE service can be described for an hour. */
const INACTIVE_SEEN_MS = 3_600_000
/** After so many failing starts in a row ECS says that the service can't start tasks. */
const IMPAIRED_AFTER = 5

/** Keeps services at what they ask for; looks at one when something of it changes, never by polling. */
export interface Scheduler {
  /** Looks at a service soon. */
  wake(serviceArn: string): void
  load(): void
}

/** The scheduler of `world.tables.services`, told by the tasks' lives. */
export function createScheduler(world: EcsWorld, lifecycle: TaskLifecycle): Scheduler {
  const { tables, clock } = world
  const timers = new Map<string, { at: number; cancel: () => void }>()

  function wakeAt(serviceArn: string, at: number): void {
    const waiting = timers.get(serviceArn)
    if (waiting !== undefined && waiting.at <= at) return
    waiting?.cancel()
    timers.set(serviceArn, { at, cancel: runAt(world, at, () => look(serviceArn)) })
  }
  const wake = (serviceArn: string): void => wakeAt(serviceArn, clock.now())

  function look(serviceArn: string): void {
    timers.delete(serviceArn)
    const before = tables.services.get(serviceArn)
    if (before === undefined) return
    const { service, lookAgainAt } = lookAt(before)
    if (service !== before) tables.services.put(serviceArn, service)
    if (lookAgainAt !== undefined) wakeAt(serviceArn, lookAgainAt)
  }

  function lookAt(service: ServiceState): Look {
    if (service.status === 'INACTIVE') return forget(service)
    const looked =
      service.controller === 'ECS'
        ? rollOn(world, lifecycle, service)
        : scaleTaskSets(world, lifecycle, service)
    if (service.status !== 'DRAINING' || lifecycle.index.ofService(service.serviceArn).length > 0)
      return looked
    const inactive: ServiceState = {
      ...looked.service,
      status: 'INACTIVE',
      deployments: [],
      taskSets: [],
      inactiveAt: clock.now(),
    }
    return { service: inactive, lookAgainAt: clock.now() + INACTIVE_SEEN_MS / world.settings.speed }
  }

  function forget(service: ServiceState): Look {
    const goneAt = (service.inactiveAt ?? 0) + INACTIVE_SEEN_MS / world.settings.speed
    if (clock.now() < goneAt) return { service, lookAgainAt: goneAt }
    tables.services.delete(service.serviceArn)
    tables.tags.delete(service.serviceArn)
    return { service }
  }

  function changed(task: TaskState, before: TaskState | undefined): void {
    if (task.serviceArn === undefined) return
    const service = tables.services.get(task.serviceArn)
    if (service === undefined) return
    if (task.lastStatus === 'RUNNING' && before?.lastStatus !== 'RUNNING') noteRunning(service, task)
    const failed = ['TaskFailedToStart', 'EssentialContainerExited'].includes(task.stopCode ?? '')
    if (failed && before?.desiredStatus === 'RUNNING') noteFailed(service, task)
    wake(task.serviceArn)
  }

  function noteRunning(service: ServiceState, task: TaskState): void {
    rememberDigests(task)
    let told = service
    for (const target of task.targets) {
      told = withEvent(world, told, `registered 1 targets in (target-group ${target.targetGroupArn})`)
    }
    tables.services.put(service.serviceArn, told)
  }

  /** Version consistency: the digests that the first task of a revision pulled are the revision's. */
  function rememberDigests(task: TaskState): void {
    const revisionArn = tables.services
      .get(task.serviceArn ?? '')
      ?.deployments.find((deployment) => deployment.id === task.ownerId)?.revisionArn
    const revision = revisionArn === undefined ? undefined : tables.serviceRevisions.get(revisionArn)
    if (revision === undefined || Object.keys(revision.digests).length > 0) return
    const digests = Object.fromEntries(
      task.containers.flatMap(({ name, imageDigest }) =>
        imageDigest === undefined ? [] : [[name, imageDigest]],
      ),
    )
    tables.serviceRevisions.put(revision.serviceRevisionArn, { ...revision, digests })
  }

  function noteFailed(before: ServiceState, task: TaskState): void {
    const now = clock.now()
    const freshWave = now >= before.notBefore
    const failures = task.everHealthy ? 0 : before.failures + (freshWave ? 1 : 0)
    let service: ServiceState = { ...before, failures }
    if (freshWave) service = { ...service, notBefore: now + pauseMs(failures) / world.settings.speed }
    if (!task.everHealthy) service = withFailedTask(world, service, task)
    if (task.stopCode === 'TaskFailedToStart') {
      service = withEvent(world, service, `was unable to place a task. Reason: ${task.stoppedReason ?? ''}.`)
    }
    if (failures === IMPAIRED_AFTER && freshWave) {
      service = withEvent(world, service, 'is unable to consistently start tasks successfully.')
    }
    tables.services.put(service.serviceArn, service)
  }

  lifecycle.onChange(changed)
  return {
    wake,
    load() {
      for (const { cancel } of timers.values()) cancel()
      timers.clear()
      for (const service of tables.services.list()) wake(service.serviceArn)
    },
  }
}
