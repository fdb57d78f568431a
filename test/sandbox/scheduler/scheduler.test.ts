import {
  CreateScheduleCommand,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
  type CreateScheduleCommandInput,
} from '@aws-sdk/client-scheduler'
import { describe, expect, test } from 'vitest'
import { ecsWorld } from '../support/ecs-world.ts'
import { inProcessHandler } from '../support/in-process-handler.ts'

/** A sandbox on a virtual clock, asked by the SDK's own client. */
function scheduler() {
  const aws = ecsWorld()
  const client = new SchedulerClient({
    region: 'eu-west-1',
    endpoint: 'http://sandbox',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: inProcessHandler(aws.world) as never,
  })
  const taskDefinition = aws.define('job:v1')
  const asked = (more: Partial<CreateScheduleCommandInput> = {}): CreateScheduleCommandInput => ({
    Name: 'nightly',
    ScheduleExpression: 'rate(5 minutes)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: {
      Arn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/demo',
      RoleArn: 'arn:aws:iam::123456789012:role/scheduler',
      Input: JSON.stringify({ containerOverrides: [{ name: 'web', command: ['clean-up'] }] }),
      EcsParameters: {
        TaskDefinitionArn: taskDefinition,
        LaunchType: 'FARGATE',
        NetworkConfiguration: { awsvpcConfiguration: { Subnets: ['subnet-1'], AssignPublicIp: 'ENABLED' } },
      },
    },
    ...more,
  })
  /** Tasks of the schedule, those too that have ended within the hour. */
  const started = (): string[] =>
    ['RUNNING', 'STOPPED'].flatMap((desiredStatus) => {
      const filter = { cluster: 'demo', startedBy: 'chronos-schedule/nightly', desiredStatus }
      return aws.ecs('ListTasks', filter)['taskArns'] as string[]
    })
  return { aws, client, asked, started, taskDefinition }
}

describe('the sandbox’s EventBridge Scheduler', () => {
  test('runs the task of a schedule each time that it is due, with its overrides', async () => {
    const { aws, client, asked, started, taskDefinition } = scheduler()
    const made = await client.send(new CreateScheduleCommand(asked()))
    expect(made.ScheduleArn).toBe('arn:aws:scheduler:eu-west-1:123456789012:schedule/default/nightly')
    expect(started()).toHaveLength(0)
    aws.clock.advance(11 * 60_000)
    expect(started()).toHaveLength(2)
    const [task] = aws.ecs('DescribeTasks', { cluster: 'demo', tasks: started() })['tasks'] as object[]
    expect(task).toMatchObject({
      taskDefinitionArn: taskDefinition,
      startedBy: 'chronos-schedule/nightly',
      overrides: { containerOverrides: [{ name: 'web', command: ['clean-up'] }] },
    })
  })

  test('runs nothing while it is disabled, before its start and after its end', async () => {
    const { aws, client, asked, started } = scheduler()
    const now = aws.clock.now()
    const dates = { StartDate: new Date(now + 600_000), EndDate: new Date(now + 900_000) }
    await client.send(new CreateScheduleCommand(asked(dates)))
    expect(await client.send(new GetScheduleCommand({ Name: 'nightly' }))).toMatchObject(dates)
    aws.clock.advance(899_000)
    expect(started()).toHaveLength(0)
    aws.clock.advance(1_200_000)
    expect(started()).toHaveLength(1)
    await client.send(new UpdateScheduleCommand(asked({ State: 'DISABLED' })))
    aws.clock.advance(600_000)
    expect(started()).toHaveLength(1)
  })

  test('an update keeps nothing of what it leaves out', async () => {
    const { client, asked } = scheduler()
    const more = {
      Description: 'cleans up',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      State: 'DISABLED',
    } as const
    await client.send(new CreateScheduleCommand(asked(more)))
    expect(await client.send(new GetScheduleCommand({ Name: 'nightly' }))).toMatchObject(more)
    await client.send(new UpdateScheduleCommand(asked()))
    const { Description, ScheduleExpressionTimezone, State, Target } = await client.send(
      new GetScheduleCommand({ Name: 'nightly' }),
    )
    expect({ Description, ScheduleExpressionTimezone, State }).toEqual({
      Description: undefined,
      ScheduleExpressionTimezone: 'UTC',
      State: 'ENABLED',
    })
    expect(Target?.RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 })
  })

  test('a request that is repeated with its token is made once, and another with it is refused', async () => {
    const { client, asked } = scheduler()
    const request = asked({ ClientToken: 'a' })
    const made = await client.send(new CreateScheduleCommand(request))
    expect((await client.send(new CreateScheduleCommand(request))).ScheduleArn).toBe(made.ScheduleArn)
    const other = client.send(new UpdateScheduleCommand({ ...request, Description: 'other' }))
    await expect(other).rejects.toMatchObject({ name: 'ConflictException' })
    const again = client.send(new CreateScheduleCommand(asked({ ClientToken: 'b' })))
    await expect(again).rejects.toMatchObject({ name: 'ConflictException' })
  })

  test('is over after its only time, and is deleted where it says so', async () => {
    const { aws, client, asked, started } = scheduler()
    const ScheduleExpression = 'at(2026-01-01T01:00:00)'
    await client.send(
      new CreateScheduleCommand(asked({ ScheduleExpression, ActionAfterCompletion: 'DELETE' })),
    )
    aws.clock.advance(3_600_000)
    expect(started()).toHaveLength(1)
    const gone = client.send(new GetScheduleCommand({ Name: 'nightly' }))
    await expect(gone).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  test('keeps schedules in groups, which take theirs with them', async () => {
    const { client, asked } = scheduler()
    const inGroup = asked({ GroupName: 'shop' })
    const early = client.send(new CreateScheduleCommand(inGroup))
    await expect(early).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    await client.send(new CreateScheduleGroupCommand({ Name: 'shop' }))
    await client.send(new CreateScheduleCommand(inGroup))
    await client.send(new CreateScheduleCommand(asked({ Name: 'other', State: 'DISABLED' })))
    expect(await client.send(new GetScheduleGroupCommand({ Name: 'shop' }))).toMatchObject({
      State: 'ACTIVE',
    })
    const names = async (input: object) =>
      (await client.send(new ListSchedulesCommand(input))).Schedules?.map(({ Name }) => Name)
    expect(await names({})).toEqual(['nightly', 'other'])
    expect(await names({ GroupName: 'shop' })).toEqual(['nightly'])
    expect(await names({ State: 'DISABLED', NamePrefix: 'o' })).toEqual(['other'])
    const page = await client.send(new ListSchedulesCommand({ MaxResults: 1 }))
    expect(await names({ NextToken: page.NextToken })).toEqual(['other'])
    await client.send(new DeleteScheduleGroupCommand({ Name: 'shop' }))
    await client.send(new DeleteScheduleCommand({ Name: 'other' }))
    expect(await names({})).toEqual([])
    const groups = await client.send(new ListScheduleGroupsCommand({}))
    expect(groups.ScheduleGroups?.map(({ Name }) => Name)).toEqual(['default'])
    const standard = client.send(new DeleteScheduleGroupCommand({ Name: 'default' }))
    await expect(standard).rejects.toMatchObject({ name: 'ValidationException' })
  })

  test.each([
    ['a name', { Name: 'no such/name' }],
    ['an expression', { ScheduleExpression: 'sometimes' }],
    ['a time zone', { ScheduleExpressionTimezone: 'Mars/Olympus' }],
    ['a window', { FlexibleTimeWindow: { Mode: 'FLEXIBLE' } }],
    ['a state', { State: 'ASLEEP' as never }],
    ['a target', { Target: { Arn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/demo', RoleArn: 'arn:r' } }],
  ] as const)('refuses %s that is none', async (_, change) => {
    const { client, asked } = scheduler()
    const refused = client.send(new CreateScheduleCommand(asked(change)))
    await expect(refused).rejects.toMatchObject({ name: 'ValidationException' })
  })

  test('goes on after its state was loaded, with what ECS refused in it', async () => {
    const { aws, client, asked, started, taskDefinition } = scheduler()
    await client.send(new CreateScheduleCommand(asked()))
    aws.world.load(JSON.parse(JSON.stringify(aws.world.dump())))
    aws.clock.advance(300_000)
    expect(started()).toHaveLength(1)
    aws.ecs('DeregisterTaskDefinition', { taskDefinition })
    aws.clock.advance(300_000)
    expect(started()).toHaveLength(1)
    expect(JSON.stringify(aws.world.dump()['scheduler'])).toContain('TaskDefinition is inactive')
  })
})
