import type { CallContext, Members, Operation } from '../kernel/operation.ts'
import { timestamp } from '../kernel/operation.ts'
import { optionalInteger, optionalRecord, optionalText, present } from '../members.ts'
import { pageOf } from '../paging.ts'
import { definitionOf } from './definition.ts'
import type { ScheduleRuns } from './runs.ts'
import {
  checkedName,
  conflict,
  groupOf,
  keyOf,
  missing,
  type Schedule,
  type SchedulerWorld,
} from './state.ts'

/** The operations on schedules. */
export function scheduleOperations(world: SchedulerWorld, runs: ScheduleRuns): Record<string, Operation> {
  const write = (handle: Operation['handle']): Operation => ({ writes: true, bucket: 'other', handle })
  const read = (handle: Operation['handle']): Operation => ({ writes: false, bucket: 'other', handle })
  return {
    CreateSchedule: write((input, context) =>
      once(world, input, context, () => create(world, runs, input, context)),
    ),
    UpdateSchedule: write((input, context) =>
      once(world, input, context, () => update(world, runs, input, context)),
    ),
    DeleteSchedule: write((input, context) => remove(world, runs, input, context)),
    GetSchedule: read((input, context) => shown(found(world, input, context, 'read'))),
    ListSchedules: read((input, context) => list(world, input, context)),
  }
}

function create(world: SchedulerWorld, runs: ScheduleRuns, input: Members, context: CallContext): Members {
  const name = checkedName(input, 'Name')
  const group = groupOf(world, input, context)
  const { region, accountId, now } = context
  const key = keyOf(region, group, name)
  if (world.tables.schedules.get(key) !== undefined) throw conflict(`Schedule ${name} already exists.`)
  const arn = `arn:aws:scheduler:${region}:${accountId}:schedule/${group}/${name}`
  const place = { name, group, arn, region, accountId }
  const times = { createdAt: now, modifiedAt: now, dueAt: now }
  const schedule: Schedule = { ...place, ...times, members: definitionOf(input) }
  world.tables.schedules.put(key, schedule)
  runs.arm(schedule)
  return { ScheduleArn: arn }
}

/** What the request leaves out is AWS's default from then on. */
function update(world: SchedulerWorld, runs: ScheduleRuns, input: Members, context: CallContext): Members {
  const before = found(world, input, context)
  const schedule: Schedule = {
    ...before,
    members: definitionOf(input),
    modifiedAt: context.now,
    dueAt: Math.max(before.dueAt, context.now),
  }
  world.tables.schedules.put(keyOf(before.region, before.group, before.name), schedule)
  runs.arm(schedule)
  return { ScheduleArn: schedule.arn }
}

function remove(world: SchedulerWorld, runs: ScheduleRuns, input: Members, context: CallContext): Members {
  const schedule = found(world, input, context)
  runs.disarm(schedule)
  world.tables.schedules.delete(keyOf(schedule.region, schedule.group, schedule.name))
  return {}
}

/** The schedule that a request names; a look shows what stood there a moment ago where reads are stale. */
function found(
  { tables }: SchedulerWorld,
  input: Members,
  context: CallContext,
  how: 'read' | 'write' = 'write',
): Schedule {
  const name = checkedName(input, 'Name')
  const group = optionalText(input, 'GroupName') ?? 'default'
  const view = how === 'read' ? context.read(tables.schedules) : tables.schedules
  const schedule = view.get(keyOf(context.region, group, name))
  if (schedule === undefined) throw missing(`Schedule ${name} does not exist.`)
  return schedule
}

function shown({ name, group, arn, createdAt, modifiedAt, members }: Schedule): Members {
  return {
    ...members,
    ...datesOf(members),
    Arn: arn,
    Name: name,
    GroupName: group,
    CreationDate: timestamp(createdAt),
    LastModificationDate: timestamp(modifiedAt),
  }
}

const datesOf = (members: Members): Members =>
  Object.fromEntries(
    ['StartDate', 'EndDate'].flatMap((name) => {
      const seconds = members[name]
      return typeof seconds === 'number' ? [[name, timestamp(seconds * 1000)]] : []
    }),
  )

function list(world: SchedulerWorld, input: Members, context: CallContext): Members {
  const group = optionalText(input, 'ScheduleGroup')
  const state = optionalText(input, 'State')
  const prefix = optionalText(input, 'NamePrefix') ?? ''
  const schedules = context
    .read(world.tables.schedules)
    .list()
    .filter((schedule) => schedule.region === context.region && schedule.name.startsWith(prefix))
    .filter((schedule) => group === undefined || schedule.group === group)
    .filter((schedule) => state === undefined || schedule.members['State'] === state)
  const { items, nextToken } = pageOf(schedules, {
    maxResults: optionalInteger(input, 'MaxResults'),
    nextToken: optionalText(input, 'NextToken'),
  })
  return present({ Schedules: items.map(summary), NextToken: nextToken })
}

const summary = (schedule: Schedule): Members => {
  const { Arn, Name, GroupName, State, CreationDate, LastModificationDate } = shown(schedule)
  const target = optionalRecord(schedule.members, 'Target') ?? {}
  return { Arn, Name, GroupName, State, CreationDate, LastModificationDate, Target: { Arn: target['Arn'] } }
}

/** Client tokens that are remembered; AWS keeps each for some time. */
const MOST_TOKENS = 1_000

/** A request that is repeated with its client token is answered again, and changes nothing. */
function once(world: SchedulerWorld, input: Members, context: CallContext, handle: () => Members): Members {
  const { ClientToken: token, ...asked } = input
  if (typeof token !== 'string') return handle()
  const { tokens } = world.tables
  const key = keyOf(context.region, token)
  const request = JSON.stringify(asked)
  const known = tokens.get(key)
  if (known === request) return { ScheduleArn: found(world, input, context).arn }
  if (known !== undefined) throw conflict('The client token was used for another request.')
  const answer = handle()
  const [oldest] = tokens.dump()
  if (oldest !== undefined && tokens.dump().length >= MOST_TOKENS) tokens.delete(oldest[0])
  tokens.put(key, request)
  return answer
}
