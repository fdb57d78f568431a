import { createHash } from 'node:crypto'
import {
  GetScheduleCommand,
  UpdateScheduleCommand,
  type GetScheduleOutput,
  type UpdateScheduleInput,
} from '@aws-sdk/client-scheduler'
import type { ScheduleFacts, ScheduleName } from '../../../core/observation.ts'
import { PortError } from '../../../ports/error.ts'
import type { Schedules } from '../../../ports/schedules.ts'
import { optionalText } from '../client/members.ts'
import type { AwsTools } from '../client/tools.ts'

/** EventBridge Scheduler behind the schedules port. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html */
export function createSchedules({ clients, send }: AwsTools): Schedules {
  const read = async (schedule: ScheduleName): Promise<GetScheduleOutput | undefined> => {
    const command = new GetScheduleCommand({ Name: schedule.name, GroupName: schedule.group })
    try {
      return await send('scheduler:GetSchedule', (options) => clients.scheduler.send(command, options))
    } catch (error) {
      if (error instanceof PortError && error.code === 'ResourceMissing') return undefined
      throw error
    }
  }
  return {
    schedules: (references) =>
      Promise.all(
        references.map(async (reference) => {
          const found = await read(reference)
          return found === undefined ? null : scheduleFacts(reference, found)
        }),
      ),
    async pointSchedule({ schedule, taskDefinition, beforeWrite }) {
      const found = await read(schedule)
      const request = pointed(schedule, found, taskDefinition)
      beforeWrite()
      const command = new UpdateScheduleCommand(request)
      const answer = await send(
        'scheduler:UpdateSchedule',
        (options) => clients.scheduler.send(command, options),
        found?.Target?.Input === undefined ? {} : { secrets: [found.Target.Input] },
      )
      return { requestId: answer.$metadata.requestId }
    },
  }
}

/** A schedule as core knows it. */
export const scheduleFacts = (
  { name, group }: ScheduleName,
  { Target }: Pick<GetScheduleOutput, 'Target'>,
): ScheduleFacts => ({
  name,
  group,
  taskDefinition: optionalText(Target?.EcsParameters?.TaskDefinitionArn, "a schedule's task definition"),
})

/**
 * The whole schedule with another task definition: what an update leaves out AWS gives its default. The token is made of all that is sent and of when the
 * schedule was last changed, so that a later write of the same is one of its own.
 */
export function pointed(
  schedule: ScheduleName,
  found: GetScheduleOutput | undefined,
  taskDefinition: string,
): UpdateScheduleInput {
  const target = found?.Target
  if (found === undefined || target?.EcsParameters === undefined)
    throw new PortError(
      `the schedule ${schedule.group}/${schedule.name} runs no task of Amazon ECS any more`,
      {
        code: 'ScheduleMissing',
        handling: 'stall',
      },
    )
  const { Arn: _arn, CreationDate: _created, LastModificationDate: changedAt, ...kept } = found
  const { $metadata: _metadata, ...members } = kept as typeof kept & { readonly $metadata?: unknown }
  const request = {
    ...members,
    Name: schedule.name,
    GroupName: schedule.group,
    ScheduleExpression: members.ScheduleExpression,
    FlexibleTimeWindow: members.FlexibleTimeWindow,
    Target: { ...target, EcsParameters: { ...target.EcsParameters, TaskDefinitionArn: taskDefinition } },
  }
  const identity = JSON.stringify([request, changedAt])
  return { ...request, ClientToken: createHash('sha256').update(identity).digest('hex') }
}
