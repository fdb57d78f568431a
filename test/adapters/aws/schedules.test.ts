import { describe, expect, it } from 'vitest'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { createAws } from '../../../controller/adapters/aws/create-aws.ts'
import { pointed, scheduleFacts } from '../../../controller/adapters/aws/schedules/schedules.ts'
import { ecsWorld } from '../../sandbox/support/ecs-world.ts'
import { inProcessHandler } from '../../sandbox/support/in-process-handler.ts'

const nightly = { name: 'nightly', group: 'shop' }
const cluster = 'arn:aws:ecs:eu-west-1:123456789012:cluster/demo'

/** A schedule that uses every member there is, in a sandbox. */
function schedulerOf() {
  const world = ecsWorld()
  const scheduler = (operation: string, input: object) => world.call('scheduler', operation, { ...input })
  scheduler('CreateScheduleGroup', { Name: 'shop' })
  const parameters = {
    TaskDefinitionArn: world.define('job:v1'),
    TaskCount: 2,
    LaunchType: 'FARGATE',
    PlatformVersion: '1.4.0',
    NetworkConfiguration: { awsvpcConfiguration: { Subnets: ['subnet-1'], AssignPublicIp: 'DISABLED' } },
    PropagateTags: 'TASK_DEFINITION',
    EnableECSManagedTags: true,
    Tags: [{ team: 'shop' }],
  }
  const written = {
    Name: 'nightly',
    GroupName: 'shop',
    Description: 'cleans up',
    ScheduleExpression: 'cron(0 3 * * ? *)',
    ScheduleExpressionTimezone: 'Europe/Berlin',
    StartDate: 1_800_000_000,
    EndDate: 1_900_000_000,
    State: 'DISABLED',
    ActionAfterCompletion: 'NONE',
    KmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/1',
    FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
    Target: {
      Arn: cluster,
      RoleArn: 'arn:aws:iam::123456789012:role/scheduler',
      Input: '{"containerOverrides":[]}',
      DeadLetterConfig: { Arn: 'arn:aws:sqs:eu-west-1:123456789012:dead' },
      RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 3 },
      EcsParameters: parameters,
    },
  }
  scheduler('CreateSchedule', written)
  const aws = createAws({
    region: 'eu-west-1',
    environment: 'prod',
    clock: systemClock,
    random: { next: () => 0 },
    telemetry: { emit: () => undefined },
    credentials: async () => ({ accessKeyId: 'test', secretAccessKey: 'test' }),
    requestHandler: inProcessHandler(world.world),
  })
  const shown = () => scheduler('GetSchedule', { Name: 'nightly', GroupName: 'shop' })
  return { world, scheduler, aws, written, parameters, shown }
}

describe('schedules', () => {
  it('are seen with the task definition that they run, and null where there is none', async () => {
    const { aws, parameters, scheduler } = schedulerOf()
    scheduler('CreateSchedule', {
      Name: 'function',
      ScheduleExpression: 'rate(1 hour)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: 'arn:aws:lambda:eu-west-1:123456789012:function:f', RoleArn: 'arn:r' },
    })
    const others = [
      { name: 'function', group: 'default' },
      { name: 'nightly', group: 'default' },
      { name: 'nightly', group: 'none' },
    ]
    expect(await aws.schedules.schedules([nightly, ...others])).toEqual([
      { ...nightly, taskDefinition: parameters.TaskDefinitionArn },
      { ...others[0], taskDefinition: undefined },
      null,
      null,
    ])
  })

  it('keep all else of what they are when they are pointed at another task definition', async () => {
    const { aws, world, parameters, shown } = schedulerOf()
    const before = shown()
    const taskDefinition = world.define('job:v2')
    let asked = 0
    await aws.schedules.pointSchedule({ schedule: nightly, taskDefinition, beforeWrite: () => (asked += 1) })
    const { LastModificationDate: _changed, ...after } = shown()
    const { LastModificationDate: _made, ...kept } = before
    expect(asked).toBe(1)
    expect(taskDefinition).not.toBe(parameters.TaskDefinitionArn)
    expect(after).toEqual({
      ...kept,
      Target: {
        ...(kept['Target'] as object),
        EcsParameters: { ...parameters, TaskDefinitionArn: taskDefinition },
      },
    })
  })

  it('are not written where nothing may be written any more', async () => {
    const { aws, shown } = schedulerOf()
    const before = shown()
    const beforeWrite = (): void => {
      throw new Error('the lease is over')
    }
    const request = { schedule: nightly, taskDefinition: 'other', beforeWrite }
    await expect(aws.schedules.pointSchedule(request)).rejects.toThrow('the lease is over')
    expect(shown()).toEqual(before)
  })

  it.each([
    ['is gone', undefined],
    ['runs no task', { Target: { Arn: 'arn:sqs', RoleArn: 'arn:r' } }],
  ])('one that %s is not written', (_, found) => {
    expect(() => pointed(nightly, found, 'arn')).toThrow('runs no task of Amazon ECS any more')
  })

  it('a write has a token of its own for what it writes and what it comes after', () => {
    const found = {
      ScheduleExpression: 'rate(1 hour)',
      FlexibleTimeWindow: { Mode: 'OFF' as const },
      Target: { Arn: cluster, RoleArn: 'arn:r', EcsParameters: { TaskDefinitionArn: 'a' } },
    }
    const token = (change: object, taskDefinition = 'b') =>
      pointed(nightly, { ...found, ...change }, taskDefinition).ClientToken
    const tokens = [token({}), token({}, 'c'), token({ LastModificationDate: new Date(1) })]
    expect(new Set(tokens).size).toBe(3)
    expect(token({})).toBe(tokens[0])
    expect(tokens[0]).toMatch(/^[0-9a-f]{64}$/)
  })

  it('are not taken out of an answer that is none', () => {
    const Target = { EcsParameters: { TaskDefinitionArn: { not: 'a text' } } } as never
    expect(() => scheduleFacts(nightly, { Target })).toThrow(/a schedule's task definition as a text/)
  })
})
