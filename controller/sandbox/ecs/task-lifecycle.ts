import { hexId } from '../kernel/random.ts'
import { checkedContainers } from './container-health.ts'
import { dueIn, runAt, type EcsWorld } from './parts.ts'
import type { TaskState, TaskStatus } from './state.ts'
import { taskBehavior } from './task-behavior.ts'
import { newTask, type TaskRequest } from './task-creation.ts'
import { createTaskIndex, type TaskIndex } from './task-index.ts'
import { createTaskProcesses, type TaskProcesses } from './task-processes.ts'

/** AWS's own time between a container's end and the task's: its network interface is detached and deleted. */
const STOPPING_MS = 500
const DEPROVISIONING_MS = 300
/** How often a draining target is looked at again, if load balancing does not tell. */
const DRAIN_LOOK_MS = 1000
/** A stopped task can be described for an hour (ECS API reference, DescribeTasks). */
const STOPPED_SEEN_MS = 3_600_000

export interface StopReason {
  readonly code: string
  readonly reason: string
}

/** The life of every task, on the clock: from PROVISIONING to STOPPED, and an hour after. */
export interface TaskLifecycle {
  readonly index: TaskIndex
  readonly processes: TaskProcesses
  start(request: TaskRequest): TaskState
  /** Stops a task as ECS does: out of its target groups first, SIGTERM when they have drained. */
  stop(taskArn: string, why: StopReason): void
  /** Tells of every change of a task; `before` is undefined for a new one. */
  onChange(listener: (task: TaskState, before: TaskState | undefined) => void): void
  /** Notes something of a task that is no step of its life. */
  note(taskArn: string, change: Partial<TaskState>): void
  /** Builds index and timers again from the tables. */
  load(): void
}

/** Runs the tasks of `world.tables.tasks`. */
export function createTaskLifecycle(world: EcsWorld): TaskLifecycle {
  const { tables, clock, random, images, targets } = world
  const index = createTaskIndex()
  const timers = new Map<string, () => void>()
  const listeners: ((task: TaskState, before: TaskState | undefined) => void)[] = []
  const processes = createTaskProcesses(world, exited)

  function put(task: TaskState, change: Partial<TaskState> = {}): TaskState {
    const before = tables.tasks.get(task.taskArn)
    const moved = change.lastStatus !== undefined && change.lastStatus !== task.lastStatus
    const after = { ...task, ...change, version: moved ? task.version + 1 : task.version }
    tables.tasks.put(after.taskArn, after)
    index.update(after)
    arm(after)
    for (const listener of listeners) listener(after, before)
    return after
  }

  function arm(task: TaskState): void {
    timers.get(task.taskArn)?.()
    timers.delete(task.taskArn)
    const nextAt = Math.min(task.dueAt ?? Infinity, task.healthDueAt ?? Infinity)
    if (nextAt !== Infinity)
      timers.set(
        task.taskArn,
        runAt(world, nextAt, () => wake(task.taskArn)),
      )
  }

  function wake(taskArn: string): void {
    timers.delete(taskArn)
    const task = tables.tasks.get(taskArn)
    if (task === undefined) return
    const now = clock.now()
    if (task.dueAt !== undefined && task.dueAt <= now) steps[task.lastStatus](task)
    else if (task.healthDueAt !== undefined && task.healthDueAt <= now) checkHealth(task)
    else arm(task)
  }

  const behaviorOf = (task: TaskState) => taskBehavior(task, images, world.settings.startSeconds)

  /** What is done when a step is due, by the state the task is in. */
  const steps: Record<TaskStatus, (task: TaskState) => void> = {
    PROVISIONING(task) {
      const { startMs, neverStarts } = behaviorOf(task)
      const pullStartedAt = clock.now()
      put(without(task, 'dueAt'), {
        lastStatus: 'PENDING',
        pullStartedAt,
        ...(neverStarts ? {} : { dueAt: dueIn(world, startMs * 0.6) }),
      })
    },
    PENDING: pull,
    ACTIVATING: run,
    RUNNING(task) {
      exited(task.taskArn, 1)
    },
    DEACTIVATING(task) {
      const draining = task.targets.some(
        (target) => targets.health(target.targetGroupArn, target) === 'draining',
      )
      if (draining) put(task, { dueAt: dueIn(world, DRAIN_LOOK_MS) })
      else stopContainers(task)
    },
    STOPPING(task) {
      const now = clock.now()
      processes.stop(task)
      put(task, {
        lastStatus: 'DEPROVISIONING',
        executionStoppedAt: now,
        containers: task.containers.map((container) => ({ exitCode: 0, ...container })),
        dueAt: dueIn(world, DEPROVISIONING_MS),
      })
    },
    DEPROVISIONING(task) {
      put(task, { lastStatus: 'STOPPED', stoppedAt: clock.now(), dueAt: dueIn(world, STOPPED_SEEN_MS) })
    },
    STOPPED(task) {
      tables.tasks.delete(task.taskArn)
      tables.tags.delete(task.taskArn)
    },
  }

  function pull(task: TaskState): void {
    const found = task.containers.map((container) => images.find(container.image))
    const missing = task.containers.find((_, position) => found[position] === undefined)
    if (missing !== undefined) {
      const reason =
        `CannotPullContainerError: pull image manifest has been retried 1 time(s): ` +
        `failed to resolve ref ${missing.image}: ${missing.image}: not found`
      const containers = task.containers.map((one) => (one === missing ? { ...one, reason } : one))
      end(task, { code: 'TaskFailedToStart', reason }, { containers })
      return
    }
    put(task, {
      lastStatus: 'ACTIVATING',
      pullStoppedAt: clock.now(),
      containers: task.containers.map((container, position) => ({
        ...container,
        ...(found[position] === undefined ? {} : { imageDigest: found[position].digest }),
      })),
      dueAt: dueIn(world, behaviorOf(task).startMs * 0.2),
    })
  }

  function run(task: TaskState): void {
    const { crashAfterMs } = behaviorOf(task)
    const running = put(without(task, 'dueAt'), {
      lastStatus: 'RUNNING',
      startedAt: clock.now(),
      containers: task.containers.map((container) => ({ ...container, runtimeId: hexId(random, 32) })),
      ...(crashAfterMs === undefined ? {} : { dueAt: dueIn(world, crashAfterMs) }),
      ...(task.containers.some((one) => one.health !== undefined) ? { healthDueAt: dueIn(world, 1000) } : {}),
    })
    for (const target of running.targets) targets.register(target.targetGroupArn, target)
    processes.start(running)
  }

  function checkHealth(task: TaskState): void {
    put(task, checkedContainers(world, task))
  }

  /** The task's containers came to their end by themselves. */
  function exited(taskArn: string, code: number | null): void {
    const task = tables.tasks.get(taskArn)
    if (task?.lastStatus !== 'RUNNING' && task?.lastStatus !== 'DEACTIVATING') return
    const containers = task.containers.map((container) => ({ ...container, exitCode: code ?? 137 }))
    const why = { code: 'EssentialContainerExited', reason: 'Essential container in task exited' }
    end(task, task.desiredStatus === 'STOPPED' ? undefined : why, { containers })
  }

  /** Ends a task whose containers don't run (any more). */
  function end(task: TaskState, why: StopReason | undefined, change: Partial<TaskState> = {}): void {
    const now = clock.now()
    leaveTargets(task)
    processes.stop(task)
    put(without(task, 'healthDueAt'), {
      desiredStatus: 'STOPPED',
      lastStatus: 'DEPROVISIONING',
      stoppingAt: now,
      executionStoppedAt: now,
      ...(why === undefined ? {} : { stopCode: why.code, stoppedReason: why.reason }),
      ...change,
      dueAt: dueIn(world, DEPROVISIONING_MS),
    })
  }

  function stopContainers(task: TaskState): void {
    put(without(task, 'healthDueAt'), {
      lastStatus: 'STOPPING',
      stoppingAt: clock.now(),
      dueAt: dueIn(world, STOPPING_MS),
    })
    processes.stop(task)
  }

  function leaveTargets(task: TaskState): boolean {
    if (task.startedAt === undefined) return false
    for (const target of task.targets) targets.deregister(target.targetGroupArn, target)
    return task.targets.length > 0
  }

  function stop(taskArn: string, why: StopReason): void {
    const task = tables.tasks.get(taskArn)
    if (task === undefined || task.desiredStatus === 'STOPPED') return
    const stopped: Partial<TaskState> = {
      desiredStatus: 'STOPPED',
      stopCode: why.code,
      stoppedReason: why.reason,
    }
    if (task.lastStatus !== 'RUNNING') return end(task, why)
    if (!leaveTargets(task)) return stopContainers({ ...task, ...stopped })
    put(without(task, 'healthDueAt'), {
      ...stopped,
      lastStatus: 'DEACTIVATING',
      dueAt: dueIn(world, DRAIN_LOOK_MS),
    })
  }

  /** Takes over what was said about images while their tasks were waiting or running. */
  function behaviorChanged(): void {
    for (const task of tables.tasks.list()) {
      const { neverStarts, crashAfterMs } = behaviorOf(task)
      if (task.lastStatus === 'PENDING' && task.dueAt === undefined && !neverStarts) {
        put(task, { dueAt: clock.now() })
      } else if (task.lastStatus === 'RUNNING' && (crashAfterMs !== undefined || task.dueAt !== undefined)) {
        const startedAt = task.startedAt ?? clock.now()
        put(
          without(task, 'dueAt'),
          crashAfterMs === undefined ? {} : { dueAt: startedAt + crashAfterMs / world.settings.speed },
        )
      }
    }
  }

  targets.onHealthChange(({ targetGroupArn, target, state }) => {
    const taskArn = index.at(target.id, target.port)
    const task = taskArn === undefined ? undefined : tables.tasks.get(taskArn)
    if (task?.targets.some((bound) => bound.targetGroupArn === targetGroupArn) !== true) return
    if (task.lastStatus === 'DEACTIVATING' && state !== 'draining') put(task, { dueAt: clock.now() })
    else for (const listener of listeners) listener(task, task)
  })
  images.onChange(behaviorChanged)

  return {
    index,
    processes,
    start(request) {
      const now = clock.now()
      const task = newTask(request, random, now, index.isTaken)
      return put(task, { dueAt: dueIn(world, behaviorOf(task).startMs * 0.2) })
    },
    stop,
    onChange: (listener) => void listeners.push(listener),
    note(taskArn, change) {
      const task = tables.tasks.get(taskArn)
      if (task !== undefined) put(task, change)
    },
    load() {
      for (const cancel of timers.values()) cancel()
      timers.clear()
      index.clear()
      processes.stopAll()
      for (const task of tables.tasks.list()) {
        index.update(task)
        arm(task)
        if (task.lastStatus === 'RUNNING') processes.start(task)
      }
    },
  }
}

/** The task without one of its times: nothing is due. */
function without(task: TaskState, name: 'dueAt' | 'healthDueAt'): TaskState {
  const { [name]: _gone, ...rest } = task
  return rest
}
