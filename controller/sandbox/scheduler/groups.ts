import type { CallContext, Members, Operation } from '../kernel/operation.ts'
import { timestamp } from '../kernel/operation.ts'
import { optionalInteger, optionalText, present } from '../members.ts'
import { pageOf } from '../paging.ts'
import type { ScheduleRuns } from './runs.ts'
import {
  checkedName,
  conflict,
  DEFAULT_GROUP,
  keyOf,
  missing,
  validation,
  type ScheduleGroup,
  type SchedulerWorld,
} from './state.ts'

/** The operations on groups of schedules; `default` is always there. */
export function groupOperations(world: SchedulerWorld, runs: ScheduleRuns): Record<string, Operation> {
  const operation = (writes: boolean, handle: Operation['handle']): Operation => ({
    writes,
    bucket: 'other',
    handle,
  })
  return {
    CreateScheduleGroup: operation(true, (input, context) => create(world, input, context)),
    DeleteScheduleGroup: operation(true, (input, context) => remove(world, runs, input, context)),
    GetScheduleGroup: operation(false, (input, context) => shown(found(world, input, context))),
    ListScheduleGroups: operation(false, (input, context) => list(world, input, context)),
  }
}

function create(world: SchedulerWorld, input: Members, context: CallContext): Members {
  const name = checkedName(input, 'Name')
  const key = keyOf(context.region, name)
  if (name === DEFAULT_GROUP || world.tables.groups.get(key) !== undefined)
    throw conflict(`Schedule group ${name} already exists.`)
  const group = groupNamed(name, context)
  world.tables.groups.put(key, group)
  return { ScheduleGroupArn: group.arn }
}

/** The schedules of a group go with it. */
function remove(world: SchedulerWorld, runs: ScheduleRuns, input: Members, context: CallContext): Members {
  const { name } = found(world, input, context)
  if (name === DEFAULT_GROUP) throw validation('The default schedule group can not be deleted.')
  world.tables.groups.delete(keyOf(context.region, name))
  for (const schedule of world.tables.schedules.list()) {
    if (schedule.group !== name || schedule.region !== context.region) continue
    runs.disarm(schedule)
    world.tables.schedules.delete(keyOf(schedule.region, schedule.group, schedule.name))
  }
  return {}
}

function list(world: SchedulerWorld, input: Members, context: CallContext): Members {
  const prefix = optionalText(input, 'NamePrefix') ?? ''
  const groups = [groupNamed(DEFAULT_GROUP, { ...context, now: 0 }), ...world.tables.groups.list()].filter(
    ({ name, region }) => region === context.region && name.startsWith(prefix),
  )
  const { items, nextToken } = pageOf(groups, {
    maxResults: optionalInteger(input, 'MaxResults'),
    nextToken: optionalText(input, 'NextToken'),
  })
  return present({ ScheduleGroups: items.map(shown), NextToken: nextToken })
}

function found(world: SchedulerWorld, input: Members, context: CallContext): ScheduleGroup {
  const name = checkedName(input, 'Name')
  if (name === DEFAULT_GROUP) return groupNamed(name, { ...context, now: 0 })
  const group = context.read(world.tables.groups).get(keyOf(context.region, name))
  if (group === undefined) throw missing(`Schedule group ${name} does not exist.`)
  return group
}

const groupNamed = (
  name: string,
  { region, accountId, now }: Pick<CallContext, 'region' | 'accountId' | 'now'>,
): ScheduleGroup => ({
  name,
  region,
  arn: `arn:aws:scheduler:${region}:${accountId}:schedule-group/${name}`,
  createdAt: now,
})

const shown = ({ name, arn, createdAt }: ScheduleGroup): Members => ({
  Name: name,
  Arn: arn,
  State: 'ACTIVE',
  CreationDate: timestamp(createdAt),
  LastModificationDate: timestamp(createdAt),
})
