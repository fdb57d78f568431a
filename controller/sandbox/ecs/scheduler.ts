import { isShifting, shiftOn } from './blue-green-update.ts'
import { runAt, type EcsWorld } from './parts.ts'
import { rollOn, type Look } from './rolling-update.ts'
import { withFailure, withRunningTask } from './service-notes.ts'
import type { ServiceState, TaskState } from './state.ts'
import type { TaskLifecycle } from './task-lifecycle.ts'
import { scaleTaskSets } from './task-set-scheduler.ts'

/** An INACTIVE service can be described for an hour. */
const INACTIVE_SEEN_MS = 3_600_000
/** Keeps services at what they ask for; looks at one when something of it changes, never by polling. */
export class Scheduler {
  readonly #world: EcsWorld
  readonly #lifecycle: TaskLifecycle
  readonly #timers = new Map<string, { at: number; cancel: () => void }>()

  /** The scheduler of `world.tables.services`, told by the tasks' lives. */
  constructor(world: EcsWorld, lifecycle: TaskLifecycle) {
    this.#world = world
    this.#lifecycle = lifecycle
    lifecycle.onChange((task, before) => this.#changed(task, before))
  }

  /** Looks at a service soon. */
  wake(serviceArn: string): void {
    this.#wakeAt(serviceArn, this.#world.clock.now())
  }

  /** Arms its timers again: one look at every service finds out what is due. */
  load(): void {
    for (const { cancel } of this.#timers.values()) cancel()
    this.#timers.clear()
    for (const service of this.#world.tables.services.list()) this.wake(service.serviceArn)
  }

  #wakeAt(serviceArn: string, at: number): void {
    const waiting = this.#timers.get(serviceArn)
    if (waiting !== undefined && waiting.at <= at) return
    waiting?.cancel()
    const cancel = runAt(this.#world, at, () => this.#look(serviceArn))
    this.#timers.set(serviceArn, { at, cancel })
  }

  #look(serviceArn: string): void {
    const { services } = this.#world.tables
    this.#timers.delete(serviceArn)
    const before = services.get(serviceArn)
    if (before === undefined) return
    if (before.status === 'INACTIVE') return this.#forget(before)
    const { service, lookAgainAt } = this.#lookAt(before)
    if (service !== before) services.put(serviceArn, service)
    if (lookAgainAt !== undefined) this.#wakeAt(serviceArn, lookAgainAt)
  }

  #lookAt(service: ServiceState): Look {
    const looked = this.#updateOf(service)(this.#world, this.#lifecycle, service)
    const isEmpty = this.#lifecycle.index.ofService(service.serviceArn).length === 0
    if (service.status !== 'DRAINING' || !isEmpty) return looked
    const inactiveAt = this.#world.clock.now()
    return {
      service: { ...looked.service, status: 'INACTIVE', deployments: [], taskSets: [], inactiveAt },
      lookAgainAt: inactiveAt + INACTIVE_SEEN_MS / this.#world.settings.speed,
    }
  }

  #updateOf(service: ServiceState): typeof rollOn {
    if (service.controller !== 'ECS') return scaleTaskSets
    return isShifting(this.#world, service) ? shiftOn : rollOn
  }

  #forget(service: ServiceState): void {
    const { tables, clock, settings } = this.#world
    const goneAt = (service.inactiveAt ?? 0) + INACTIVE_SEEN_MS / settings.speed
    if (clock.now() < goneAt) return this.#wakeAt(service.serviceArn, goneAt)
    tables.services.delete(service.serviceArn)
    tables.tags.delete(service.serviceArn)
  }

  #changed(task: TaskState, before: TaskState | undefined): void {
    const { services } = this.#world.tables
    const service = task.serviceArn === undefined ? undefined : services.get(task.serviceArn)
    if (service === undefined) return
    if (task.lastStatus === 'RUNNING' && before?.lastStatus !== 'RUNNING') {
      services.put(service.serviceArn, withRunningTask(this.#world, service, task))
    }
    if (failedByItself(task) && before?.desiredStatus === 'RUNNING') {
      services.put(service.serviceArn, withFailure(this.#world, service, task))
    }
    this.wake(service.serviceArn)
  }
}

function failedByItself(task: TaskState): boolean {
  return task.stopCode === 'TaskFailedToStart' || task.stopCode === 'EssentialContainerExited'
}
