import type { Clock } from '../kernel/clock.ts'
import { AwsError } from '../kernel/error.ts'
import type { CallContext, Members } from '../kernel/operation.ts'
import type { Settings } from '../kernel/settings.ts'
import type { Table } from '../kernel/table.ts'
import { optionalText } from '../members.ts'

/** A schedule as it was last written: `members` holds what GetSchedule shows of the request, defaults filled in. */
export interface Schedule {
  readonly name: string
  readonly group: string
  readonly arn: string
  readonly region: string
  readonly accountId: string
  readonly createdAt: number
  readonly modifiedAt: number
  readonly members: Members
  /** The time of the newest run that was due, in epoch milliseconds; times up to it are over. */
  readonly dueAt: number
  /** What ECS said to the newest run where it refused it: EventBridge Scheduler would put that into a dead-letter queue. */
  readonly refusal?: string
}

export interface ScheduleGroup {
  readonly name: string
  readonly arn: string
  readonly region: string
  readonly createdAt: number
}

export interface SchedulerTables {
  readonly schedules: Table<Schedule>
  readonly groups: Table<ScheduleGroup>
  /** Requests by client token, each as JSON. */
  readonly tokens: Table<string>
}

export interface SchedulerWorld {
  readonly clock: Clock
  readonly settings: Readonly<Settings>
  readonly tables: SchedulerTables
  /** ECS's RunTask; throws AwsError. */
  readonly runTask: (input: Members, context: CallContext) => void
}

export const DEFAULT_GROUP = 'default'

/** The row id of a schedule or of a group. */
export const keyOf = (region: string, ...names: readonly string[]): string => [region, ...names].join('|')

/** A text member that the service demands. */
export function required(input: Members, name: string): string {
  const value = optionalText(input, name)
  if (value !== undefined && value !== '') return value
  throw validation(
    `1 validation error detected: Value at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must not be null`,
  )
}

/** A name of a schedule or a group. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
export function checkedName(input: Members, member: string): string {
  const name = required(input, member)
  if (/^[-_.0-9a-zA-Z]{1,64}$/.test(name)) return name
  throw validation(`Invalid value for ${member}: ${name}`)
}

/** The group that a request names; throws where it is not there. */
export function groupOf(world: SchedulerWorld, input: Members, context: CallContext): string {
  const name = optionalText(input, 'GroupName') ?? DEFAULT_GROUP
  if (name === DEFAULT_GROUP || world.tables.groups.get(keyOf(context.region, name)) !== undefined)
    return name
  throw missing(`Schedule group ${name} does not exist.`)
}

export const validation = (message: string): AwsError => new AwsError('ValidationException', message)

export const missing = (message: string): AwsError => new AwsError('ResourceNotFoundException', message, 404)

export const conflict = (message: string): AwsError => new AwsError('ConflictException', message, 409)
