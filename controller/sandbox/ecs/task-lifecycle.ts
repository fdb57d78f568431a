import { hexId } from '../kernel/random.ts'
import { checkedContainers } from './container-health.ts'
import { dueIn, runAt, type EcsWorld } from './parts.ts'
import { drains, missingImage, pulledContainers } from './task-steps.ts'
import type { TaskState, TaskStatus } from './state.ts'
import { taskBehavior, type TaskBehavior } from './task-behavior.ts'
import { newTask, type TaskRequest } from './task-creation.ts'
import { createTaskIndex } from './task-index.ts'
import { createTaskProcesses } from './task-processes.ts'

/** AWS's own time between a container's end and the task's: its network interface is detached and deleted. */
const STOPPING_MS = 500
const DEPROVISIONING_MS = 300
/** How often a draining target is looked at again, if load balancing does not tell. */
const DRAIN_LOOK_MS = 1000
/** A stopped task can be described for an hour (ECS API reference, DescribeTasks). */
const STOPPED_SEEN_MS = 3_600_000
const FIRST_CHECK_MS = 1000
/** The exit code of a process that SIGKILL ended. */
const KILLED = 137

export interface StopReason {
  readonly code: string
  readonly reason: string
}

type ChangeListener = (task: TaskState, before: TaskState | undefined) => void

/** The life of every task, on the clock: from PROVISIONING to STOPPED, and an hour after. */
export class TaskLifecycle {
  readonly index = createTaskIndex()
  readonly processes
  readonly #world: EcsWorld
  readonly #timers = new Map<string, () => void>()
  readonly #listeners: ChangeListener[] = []

  /** Runs the tasks of `world.tables.tasks`. */
  constructor(world: EcsWorld) {
    this.#world = world
    this.processes = createTaskProcesses(world, (taskArn, code) => this.#exited(taskArn, code))
    world.images.onChange(() => this.#behaviorChanged())
    world.targets.onHealthChange(({ targetGroupArn, target, state }) => {
      const taskArn = this.index.at(target.id, target.port)
      const task = taskArn === undefined ? undefined : world.tables.tasks.get(taskArn)
      if (task?.targets.some((bound) => bound.targetGroupArn === targetGroupArn) !== true) return
      if (task.lastStatus !== 'DEACTIVATING') this.#tell(task, task)
      else if (state !== 'draining') this.#put(task, { dueAt: world.clock.now() })
    })
  }

  start(request: TaskRequest): TaskState {
    const { random, clock } = this.#world
    const task = newTask(request, random, clock.now(), (address) => this.index.isTaken(address))
    return this.#put(task, { dueAt: this.#dueIn(this.#behaviorOf(task).startMs * 0.2) })
  }

  /** Stops a task as ECS does: out of its target groups first, SIGTERM when they have drained. */
  stop(taskArn: string, why: StopReason): void {
    const task = this.#world.tables.tasks.get(taskArn)
    if (task === undefined || task.desiredStatus === 'STOPPED') return
    if (task.lastStatus !== 'RUNNING') return this.#end(task, why)
    const stopped = {
      ...task,
      desiredStatus: 'STOPPED',
      stopCode: why.code,
      stoppedReason: why.reason,
    } as const
    if (!this.#leaveTargets(task)) return this.#stopContainers(stopped)
    this.#put(without(stopped, 'healthDueAt'), {
      lastStatus: 'DEACTIVATING',
      dueAt: this.#dueIn(DRAIN_LOOK_MS),
    })
  }

  /** Tells of every change of a task; `before` is undefined for a new one. */
  onChange(listener: ChangeListener): void {
    this.#listeners.push(listener)
  }

  /** Notes something of a task that is no step of its life. */
  note(taskArn: string, change: Partial<TaskState>): void {
    const task = this.#world.tables.tasks.get(taskArn)
    if (task !== undefined) this.#put(task, change)
  }

  /** Builds index, timers and processes again from the tables. */
  load(): void {
    for (const cancel of this.#timers.values()) cancel()
    this.#timers.clear()
    this.index.clear()
    this.processes.stopAll()
    for (const task of this.#world.tables.tasks.list()) {
      this.index.update(task)
      this.#arm(task)
      if (task.lastStatus === 'RUNNING') this.processes.start(task)
    }
  }

  #put(task: TaskState, change: Partial<TaskState> = {}): TaskState {
    const { tasks } = this.#world.tables
    const before = tasks.get(task.taskArn)
    const moved = change.lastStatus !== undefined && change.lastStatus !== task.lastStatus
    const after = { ...task, ...change, version: moved ? task.version + 1 : task.version }
    tasks.put(after.taskArn, after)
    this.index.update(after)
    this.#arm(after)
    this.#tell(after, before)
    return after
  }

  #tell(task: TaskState, before: TaskState | undefined): void {
    for (const listener of this.#listeners) listener(task, before)
  }

  #arm(task: TaskState): void {
    const { taskArn } = task
    this.#timers.get(taskArn)?.()
    this.#timers.delete(taskArn)
    const nextAt = Math.min(task.dueAt ?? Infinity, task.healthDueAt ?? Infinity)
    if (nextAt !== Infinity)
      this.#timers.set(
        taskArn,
        runAt(this.#world, nextAt, () => this.#wake(taskArn)),
      )
  }

  #wake(taskArn: string): void {
    this.#timers.delete(taskArn)
    const task = this.#world.tables.tasks.get(taskArn)
    if (task === undefined) return
    const now = this.#world.clock.now()
    if (task.dueAt !== undefined && task.dueAt <= now) this.#steps[task.lastStatus](task)
    else if (task.healthDueAt !== undefined && task.healthDueAt <= now) {
      this.#put(task, checkedContainers(this.#world, task))
    } else this.#arm(task)
  }

  #dueIn(delayMs: number): number {
    return dueIn(this.#world, delayMs)
  }

  #behaviorOf(task: TaskState): TaskBehavior {
    return taskBehavior(task, this.#world.images, this.#world.settings.startSeconds)
  }

  /** What is done when a step is due, by the state the task is in. */
  readonly #steps: Record<TaskStatus, (task: TaskState) => void> = {
    PROVISIONING: (task) => this.#place(task),
    PENDING: (task) => this.#pull(task),
    ACTIVATING: (task) => this.#run(task),
    RUNNING: (task) => this.#exited(task.taskArn, this.#behaviorOf(task).exitCode),
    DEACTIVATING: (task) => {
      // Nothing of the task has changed, so that nobody is told.
      if (drains(this.#world, task)) this.#arm({ ...task, dueAt: this.#dueIn(DRAIN_LOOK_MS) })
      else this.#stopContainers(task)
    },
    STOPPING: (task) => {
      this.#put(task, {
        lastStatus: 'DEPROVISIONING',
        executionStoppedAt: this.#world.clock.now(),
        containers: task.containers.map((container) => ({ exitCode: 0, ...container })),
        dueAt: this.#dueIn(DEPROVISIONING_MS),
      })
    },
    DEPROVISIONING: (task) => {
      const stoppedAt = this.#world.clock.now()
      this.#put(task, { lastStatus: 'STOPPED', stoppedAt, dueAt: this.#dueIn(STOPPED_SEEN_MS) })
    },
    STOPPED: ({ taskArn }) => {
      this.#world.tables.tasks.delete(taskArn)
      this.#world.tables.tags.delete(taskArn)
    },
  }

  #place(task: TaskState): void {
    const { startMs, neverStarts } = this.#behaviorOf(task)
    this.#put(without(task, 'dueAt'), {
      lastStatus: 'PENDING',
      pullStartedAt: this.#world.clock.now(),
      ...(neverStarts ? {} : { dueAt: this.#dueIn(startMs * 0.6) }),
    })
  }

  #pull(task: TaskState): void {
    const { images, clock } = this.#world
    const missing = missingImage(images, task)
    if (missing !== undefined) {
      this.#end(
        task,
        { code: 'TaskFailedToStart', reason: missing.reason },
        { containers: missing.containers },
      )
      return
    }
    this.#put(task, {
      lastStatus: 'ACTIVATING',
      pullStoppedAt: clock.now(),
      containers: pulledContainers(images, task),
      dueAt: this.#dueIn(this.#behaviorOf(task).startMs * 0.2),
    })
  }

  #run(task: TaskState): void {
    const { random, clock, targets } = this.#world
    const { crashAfterMs } = this.#behaviorOf(task)
    const checksItself = task.containers.some((one) => one.health !== undefined)
    const running = this.#put(without(task, 'dueAt'), {
      lastStatus: 'RUNNING',
      startedAt: clock.now(),
      containers: task.containers.map((container) => ({ ...container, runtimeId: hexId(random, 32) })),
      ...(crashAfterMs === undefined ? {} : { dueAt: this.#dueIn(crashAfterMs) }),
      ...(checksItself ? { healthDueAt: this.#dueIn(FIRST_CHECK_MS) } : {}),
    })
    for (const { targetGroupArn, id, port } of running.targets) targets.register(targetGroupArn, { id, port })
    this.processes.start(running)
  }

  /** The task's containers came to their end by themselves. */
  #exited(taskArn: string, code: number | null): void {
    const task = this.#world.tables.tasks.get(taskArn)
    if (task?.lastStatus !== 'RUNNING' && task?.lastStatus !== 'DEACTIVATING') return
    const containers = task.containers.map((container) => ({ ...container, exitCode: code ?? KILLED }))
    const why = { code: 'EssentialContainerExited', reason: 'Essential container in task exited' }
    this.#end(task, task.desiredStatus === 'STOPPED' ? undefined : why, { containers })
  }

  /** Ends a task whose containers don't run (any more). */
  #end(task: TaskState, why: StopReason | undefined, change: Partial<TaskState> = {}): void {
    const now = this.#world.clock.now()
    this.#leaveTargets(task)
    this.processes.stop(task)
    this.#put(without(task, 'healthDueAt'), {
      desiredStatus: 'STOPPED',
      lastStatus: 'DEPROVISIONING',
      stoppingAt: now,
      executionStoppedAt: now,
      ...(why === undefined ? {} : { stopCode: why.code, stoppedReason: why.reason }),
      ...change,
      dueAt: this.#dueIn(DEPROVISIONING_MS),
    })
  }

  #stopContainers(task: TaskState): void {
    this.processes.stop(task)
    this.#put(without(task, 'healthDueAt'), {
      lastStatus: 'STOPPING',
      stoppingAt: this.#world.clock.now(),
      dueAt: this.#dueIn(STOPPING_MS),
    })
  }

  #leaveTargets(task: TaskState): boolean {
    if (task.startedAt === undefined) return false
    for (const { targetGroupArn, id, port } of task.targets) {
      this.#world.targets.deregister(targetGroupArn, { id, port })
    }
    return task.targets.length > 0
  }

  /** Takes over what was said about images while their tasks were waiting or running. */
  #behaviorChanged(): void {
    const { tables, clock, settings } = this.#world
    for (const task of tables.tasks.list()) {
      const { neverStarts, crashAfterMs } = this.#behaviorOf(task)
      if (task.lastStatus === 'PENDING' && task.dueAt === undefined && !neverStarts) {
        this.#put(task, { dueAt: clock.now() })
      } else if (task.lastStatus === 'RUNNING' && (crashAfterMs !== undefined || task.dueAt !== undefined)) {
        const crashAt = (task.startedAt ?? clock.now()) + (crashAfterMs ?? 0) / settings.speed
        this.#put(without(task, 'dueAt'), crashAfterMs === undefined ? {} : { dueAt: crashAt })
      }
    }
  }
}

/** The task without one of its times: nothing is due. */
function without(task: TaskState, name: 'dueAt' | 'healthDueAt'): TaskState {
  const { [name]: _gone, ...rest } = task
  return rest
}
