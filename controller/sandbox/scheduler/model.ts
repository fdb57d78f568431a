import type { Clock } from '../kernel/clock.ts'
import type { CallContext, Members, ServiceModel } from '../kernel/operation.ts'
import type { Settings } from '../kernel/settings.ts'
import { Table } from '../kernel/table.ts'
import { groupOperations } from './groups.ts'
import { ScheduleRuns } from './runs.ts'
import { scheduleOperations } from './schedules.ts'
import type { Schedule, ScheduleGroup, SchedulerTables, SchedulerWorld } from './state.ts'

/**
 * Amazon EventBridge Scheduler (API version 2021-06-30): schedules whose target is an ECS cluster run their tasks when they are due, in true time; others have
 * nothing to run. Retries, dead-letter queues and tags of groups are left out.
 */
export function createSchedulerModel(parts: {
  readonly clock: Clock
  readonly settings: Readonly<Settings>
  readonly runTask: (input: Members, context: CallContext) => void
}): ServiceModel {
  const tables: SchedulerTables = {
    schedules: new Table<Schedule>(parts.clock),
    groups: new Table<ScheduleGroup>(parts.clock),
    tokens: new Table<string>(parts.clock),
  }
  const world: SchedulerWorld = { ...parts, tables }
  const runs = new ScheduleRuns(world)
  return {
    service: 'scheduler',
    operations: { ...scheduleOperations(world, runs), ...groupOperations(world, runs) },
    dump: () => ({
      schedules: tables.schedules.dump(),
      groups: tables.groups.dump(),
      tokens: tables.tokens.dump(),
    }),
    load(state) {
      const { schedules, groups, tokens } = state as {
        readonly schedules: readonly [string, Schedule][]
        readonly groups: readonly [string, ScheduleGroup][]
        readonly tokens: readonly [string, string][]
      }
      tables.schedules.load(schedules)
      tables.groups.load(groups)
      tables.tokens.load(tokens)
      runs.load()
    },
  }
}
