import { describe, expect, it } from 'vitest'
import { awsOver } from './fake-aws.ts'

const request = {
  cluster: 'shop',
  taskDefinition: 'arn:td/prod-web:7',
  container: 'web',
  command: ['npm', 'run', 'migrate'],
  settings: {
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
  },
  startedBy: 'steersman/prod/web/migrate',
  clientToken: 'a1b2',
  tags: { 'steersman.dev/run': 'a1b2' },
}
const described = (change: object = {}): object => ({
  taskArn: 'arn:task/shop/f00',
  lastStatus: 'STOPPED',
  createdAt: 1_700_000_000,
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
  overrides: { containerOverrides: [{ name: 'proxy' }, { name: 'web', command: ['npm'] }] },
  containers: [
    { name: 'proxy', exitCode: 143 },
    { name: 'web', exitCode: 3 },
  ],
  tags: [{ key: 'steersman.dev/run', value: 'a1b2' }],
  ...change,
})
const describing = (change: object) =>
  awsOver({ DescribeTasks: () => ({ result: { tasks: [described(change)] } }) }).aws.platform.startedTask({
    cluster: 'shop',
    arn: 'arn:task/shop/f00',
  })

describe('a task outside any service', () => {
  it('is started as one request says, the command in place of the container’s own', async () => {
    const { aws, of } = awsOver({ RunTask: () => ({ result: { tasks: [described()] } }) })
    expect((await aws.platform.runTask(request)).task.arn).toBe('arn:task/shop/f00')
    expect(of('RunTask')).toEqual([
      {
        cluster: 'shop',
        taskDefinition: 'arn:td/prod-web:7',
        count: 1,
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
        overrides: { containerOverrides: [{ name: 'web', command: ['npm', 'run', 'migrate'] }] },
        startedBy: 'steersman/prod/web/migrate',
        clientToken: 'a1b2',
        tags: [{ key: 'steersman.dev/run', value: 'a1b2' }],
      },
    ])
  })

  it('for which there is no place is waited for, and was not started', async () => {
    const { aws } = awsOver({
      RunTask: () => ({ result: { tasks: [], failures: [{ reason: 'RESOURCE:MEMORY' }] } }),
    })
    await expect(aws.platform.runTask(request)).rejects.toMatchObject({
      code: 'CapacityUnavailable',
      handling: 'wait',
      ambiguous: false,
      message: 'ECS found no place for the task: RESOURCE:MEMORY',
    })
  })

  it('of which the answer says nothing may have been started', async () => {
    const { aws } = awsOver({ RunTask: () => ({ result: {} }) })
    await expect(aws.platform.runTask(request)).rejects.toMatchObject({
      code: 'UnreadableAnswer',
      ambiguous: true,
    })
  })

  it('tells how the container ended whose command was replaced', async () => {
    expect(await describing({})).toEqual({
      arn: 'arn:task/shop/f00',
      lastStatus: 'STOPPED',
      createdAt: 1_700_000_000_000,
      exitCode: 3,
      stoppedReason: 'Essential container in task exited',
      tags: { 'steersman.dev/run': 'a1b2' },
    })
  })

  it.each([
    ['is still stopping', { lastStatus: 'DEPROVISIONING' }],
    ['was stopped by somebody', { stopCode: 'UserInitiated' }],
    ['lost its host', { stopCode: 'SpotInterruption' }],
    ['never started', { stopCode: 'TaskFailedToStart', containers: [{ name: 'web' }] }],
  ])('has no exit code of its own where it %s', async (_says, change) => {
    expect((await describing(change))?.exitCode).toBeUndefined()
  })

  it('is unknown where ECS describes none', async () => {
    const { aws } = awsOver({
      DescribeTasks: () => ({ result: { tasks: [], failures: [{ arn: 'f00', reason: 'MISSING' }] } }),
    })
    expect(await aws.platform.startedTask({ cluster: 'shop', arn: 'f00' })).toBeUndefined()
  })

  it('is found by who started it, running or stopped', async () => {
    const { aws, of } = awsOver({
      ListTasks: ({ desiredStatus }) => ({
        result: { taskArns: [`arn:task/shop/${String(desiredStatus)}`] },
      }),
      DescribeTasks: ({ tasks }) => ({
        result: { tasks: (tasks as string[]).map((taskArn) => described({ taskArn })) },
      }),
    })
    const found = await aws.platform.tasksStartedBy({ cluster: 'shop', startedBy: 'steersman/prod/web/a' })
    expect(found.map(({ arn }) => arn)).toEqual(['arn:task/shop/RUNNING', 'arn:task/shop/STOPPED'])
    expect(of('DescribeTasks')).toMatchObject([{ include: ['TAGS'] }])
  })

  it('is stopped with a reason', async () => {
    const { aws, of } = awsOver({ StopTask: () => ({ result: {} }) })
    await aws.platform.stopTask({ cluster: 'shop', task: 'arn:task/shop/f00', reason: 'its time is over' })
    expect(of('StopTask')).toEqual([
      { cluster: 'shop', task: 'arn:task/shop/f00', reason: 'its time is over' },
    ])
  })
})
