import { durationMs } from '../../resources/duration.ts'
import type {
  DefaultedGate,
  EarlierTask,
  GateStatus,
  GateTask,
  RolloutStatus,
} from '../../resources/generated/rollout.ts'
import { intervalOf } from '../gate/timing.ts'
import type { TaskLook } from '../gate/task-look.ts'
import { fromTimestamp, timestamp } from '../time.ts'
import { gateStatus, lateMs, putGate, secondsToMs } from './gates.ts'

/** What is to be done about the task of a gate now. */
export type TaskTurn =
  | { readonly kind: 'Look' }
  | { readonly kind: 'Run' }
  | { readonly kind: 'Stop'; readonly arn: string }
  | { readonly kind: 'WaitUntil'; readonly at: number }
  | {
      readonly kind: 'Ended'
      readonly result: NonNullable<GateStatus['result']>
      readonly message: string
    }

/**
 * RunTask remembers a client token for 24 hours; a try that is about to be made takes a while, and clocks differ.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
 */
const TOKEN_MS = 23 * 3_600_000

/** A task is looked for before it is started, is started by one token, and is never started again where it may have been. */
export function taskTurn(
  gate: DefaultedGate,
  status: GateStatus,
  { now, stalenessBoundMs }: { readonly now: number; readonly stalenessBoundMs: number },
): TaskTurn {
  const { task, lastAttemptAt } = status
  const ended = task === undefined ? undefined : endOfTask(gate, task, { now, stalenessBoundMs })
  if (ended !== undefined) return ended
  const until = endOfTime(gate, status, now)
  // It may have ended in time while nobody looked.
  const isOver = lastAttemptAt !== undefined && fromTimestamp(lastAttemptAt) >= until
  const isFresh = lastAttemptAt !== undefined && now < fromTimestamp(lastAttemptAt) + intervalOf(gate)
  if (isOver && task?.arn !== undefined) return isFresh ? { kind: 'Stop', arn: task.arn } : { kind: 'Look' }
  if (isOver) return notStarted(gate, status)
  if (isFresh && task?.waitsFor !== undefined && hasOverrun(gate, task.waitsFor, now))
    return { kind: 'Stop', arn: task.waitsFor.arn }
  if (task?.isClear === true) return mayStart(task, now) ? { kind: 'Run' } : forgotten(gate)
  const next = lastAttemptAt === undefined ? now : fromTimestamp(lastAttemptAt) + intervalOf(gate)
  return now >= Math.min(next, until) ? { kind: 'Look' } : { kind: 'WaitUntil', at: Math.min(next, until) }
}

/** When a gate's task is stopped, or no longer waited for, in milliseconds since 1970. Before it runs, time in which nobody could start it is left out. */
export function endOfTime(gate: DefaultedGate, status: GateStatus, now: number): number {
  const unaskedMs = secondsToMs(status.unaskedSeconds)
  const startedAt = status.task?.startedAt
  if (startedAt !== undefined) return fromTimestamp(startedAt) + durationMs(gate.timeout) + unaskedMs
  const begunAt = fromTimestamp(status.startedAt ?? timestamp(now))
  return begunAt + durationMs(gate.timeout) + unaskedMs + lateMs(gate, status, now)
}

function endOfTask(
  gate: DefaultedGate,
  { arn = '', lastStatus, exitCode, isStopped, startedAt }: GateTask,
  { now, stalenessBoundMs }: { readonly now: number; readonly stalenessBoundMs: number },
): TaskTurn | undefined {
  const name = taskName(arn)
  if (isStopped === true)
    return ends('TimedOut', `its task ${name} was not done within ${gate.timeout} and was stopped`)
  if (lastStatus === 'STOPPED' && exitCode === undefined)
    return ends(
      'Inconclusive',
      `its task ${name} stopped without an exit code of its own: its command never ran, or was ended from outside`,
    )
  if (lastStatus === 'STOPPED')
    return exitCode === 0
      ? ends('Passed', `its task ${name} ended with exit code 0`)
      : ends('Failed', `its task ${name} ended with exit code ${exitCode}`)
  const isNew = now - fromTimestamp(startedAt ?? timestamp(now)) < stalenessBoundMs
  if (lastStatus !== 'MISSING' || isNew) return undefined
  return ends('Inconclusive', `its task ${name} can't be seen any more, and is not run again`)
}

const ends = (result: NonNullable<GateStatus['result']>, message: string): TaskTurn => ({
  kind: 'Ended',
  result,
  message,
})

/** A rollout that ended before its task did leaves it to the next one. */
const hasOverrun = (
  { timeout }: DefaultedGate,
  { startedAt, isStopped }: EarlierTask,
  now: number,
): boolean => isStopped !== true && now >= fromTimestamp(startedAt) + durationMs(timeout)

const mayStart = ({ requestedAt }: GateTask, now: number): boolean =>
  requestedAt === undefined || now - fromTimestamp(requestedAt) < TOKEN_MS

const forgotten = ({ name }: DefaultedGate): TaskTurn =>
  ends('Inconclusive', `the task of gate ${name} may have run long ago, and is not run again`)

/** A task that was asked for may have run. */
function notStarted({ timeout }: DefaultedGate, { task, message }: GateStatus): TaskTurn {
  const why = message === undefined ? '' : `: ${message}`
  return task?.requestedAt === undefined
    ? ends('TimedOut', `its task was not started within ${timeout}${why}`)
    : ends('Inconclusive', `it is not known whether its task has run${why}`)
}

/** Adds what a look found. */
export function recordLook(
  status: RolloutStatus,
  { gate, look, now }: { readonly gate: DefaultedGate; readonly look: TaskLook; readonly now: number },
): RolloutStatus {
  const previous = gateStatus(status, gate.name)
  if (previous === undefined) return status
  const { isClear: _before, waitsFor, ...task } = previous.task ?? { token: look.token }
  const unaskedMs = secondsToMs(previous.unaskedSeconds) + waitedMs(gate, { previous, look, now })
  return putGate(status, {
    ...previous,
    ...(unaskedMs === 0 ? {} : { unaskedSeconds: unaskedMs / 1000 }),
    attempts: (previous.attempts ?? 0) + 1,
    lastAttemptAt: timestamp(now),
    task: { ...task, ...found(look, { ...task, waitsFor }, now) },
    message: describeLook(look),
  })
}

/** Time up to a look that does not count against the gate: all of it while an earlier rollout's task runs, else what nobody was there to look. */
function waitedMs(
  gate: DefaultedGate,
  { previous, look, now }: { readonly previous: GateStatus; readonly look: TaskLook; readonly now: number },
): number {
  if (previous.task?.arn !== undefined) return 0
  if (look.kind !== 'Other') return lateMs(gate, previous, now)
  return Math.max(0, now - fromTimestamp(previous.lastAttemptAt ?? previous.startedAt ?? timestamp(now)))
}

function found(
  look: TaskLook,
  task: Pick<GateTask, 'startedAt'> & { readonly waitsFor: EarlierTask | undefined },
  now: number,
): Partial<GateTask> {
  switch (look.kind) {
    case 'Own': {
      const { arn, lastStatus, exitCode } = look.task
      const startedAt = task.startedAt ?? timestamp(now)
      return { arn, startedAt, lastStatus, ...(exitCode === undefined ? {} : { exitCode }) }
    }
    case 'Missing':
      return { lastStatus: 'MISSING' }
    case 'Other': {
      const isStopped = task.waitsFor?.arn === look.arn && task.waitsFor.isStopped === true
      const startedAt = timestamp(look.createdAt)
      return { waitsFor: { arn: look.arn, startedAt, ...(isStopped ? { isStopped } : {}) } }
    }
    case 'None':
      return { isClear: true }
  }
}

/** What a look found, as a sentence. */
export function describeLook(look: TaskLook): string {
  switch (look.kind) {
    case 'Own': {
      const { arn, lastStatus, exitCode, stoppedReason } = look.task
      const code = exitCode === undefined ? '' : `, exit code ${exitCode}`
      return `task ${taskName(arn)} is ${lastStatus}${code}${stoppedReason === undefined ? '' : `: ${stoppedReason}`}`
    }
    case 'Missing':
      return 'ECS does not know the task'
    case 'Other':
      return `task ${taskName(look.arn)} of an earlier rollout still runs`
    case 'None':
      return 'its task is not started yet'
  }
}

/** Stored before the task is asked for: from then on it may exist, and is looked for before it is asked for again. */
export const recordRequest = (status: RolloutStatus, name: string, now: number): RolloutStatus =>
  changeTask(status, name, ({ isClear: _used, ...task }) => ({
    ...task,
    requestedAt: task.requestedAt ?? timestamp(now),
  }))

/** A task that was stopped: the rollout's own, or that of an earlier one. */
export const recordStop = (status: RolloutStatus, name: string, arn: string): RolloutStatus =>
  changeTask(status, name, (task) =>
    task.waitsFor?.arn === arn
      ? { ...task, waitsFor: { ...task.waitsFor, isStopped: true } }
      : { ...task, isStopped: true },
  )

/** Why a task was not started, for people. */
export function recordRefusal(status: RolloutStatus, name: string, message: string): RolloutStatus {
  const gate = gateStatus(status, name)
  return gate === undefined ? status : putGate(status, { ...gate, message })
}

function changeTask(
  status: RolloutStatus,
  name: string,
  change: (task: GateTask) => GateTask,
): RolloutStatus {
  const gate = gateStatus(status, name)
  return gate?.task === undefined ? status : putGate(status, { ...gate, task: change(gate.task) })
}

/** The id at the end of a task's ARN. */
export const taskName = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1)
