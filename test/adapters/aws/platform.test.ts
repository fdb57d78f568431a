import { describe, expect, it } from 'vitest'
import { awsOver, type Input } from './fake-aws.ts'

const arnOf = (name: string): string => `arn:aws:ecs:eu-west-1:123456789012:service/shop/${name}`

const describedService = (name: string, more: object = {}): object => ({
  serviceArn: arnOf(name),
  serviceName: name,
  clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/shop',
  status: 'ACTIVE',
  desiredCount: 2,
  runningCount: 1,
  pendingCount: 1,
  taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7',
  ...more,
})

const describeAll = (input: Input) => ({
  result: { services: (input['services'] as string[]).map((name) => describedService(name)), failures: [] },
})

const references = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ cluster: 'shop', name: `web-${index}` }))

describe('services', () => {
  it('asks for ten services of a cluster in one call, whoever asked for them', async () => {
    const { aws, of } = awsOver({ DescribeServices: describeAll })
    const answers = await Promise.all(references(25).map((reference) => aws.platform.services([reference])))
    expect(answers.map(([service]) => service?.name)).toEqual(references(25).map(({ name }) => name))
    expect(of('DescribeServices').map((input) => (input['services'] as string[]).length)).toEqual([10, 10, 5])
  })

  it('keeps clusters apart and asks for tags', async () => {
    const { aws, of } = awsOver({ DescribeServices: describeAll })
    await aws.platform.services([
      { cluster: 'shop', name: 'web' },
      { cluster: 'other', name: 'web' },
    ])
    expect(of('DescribeServices')).toEqual([
      { cluster: 'shop', services: ['web'], include: ['TAGS'] },
      { cluster: 'other', services: ['web'], include: ['TAGS'] },
    ])
  })

  it('shares a read that is under way, but not one that began before a write of ours ended', async () => {
    const arrived = Promise.withResolvers<void>()
    const answer = Promise.withResolvers<void>()
    const { aws, of } = awsOver({
      DescribeServices: async (input, nth) => {
        if (nth === 0) {
          arrived.resolve()
          await answer.promise
        }
        return describeAll(input)
      },
      UpdateService: () => ({ result: { service: describedService('web') } }),
    })
    const reference = { cluster: 'shop', name: 'web' }
    const early = [aws.platform.services([reference]), aws.platform.services([reference])]
    await arrived.promise
    await aws.platform.updateService({ service: reference, desiredCount: 3 })
    const late = aws.platform.services([reference])
    await late
    answer.resolve()
    await Promise.all(early)
    expect(of('DescribeServices')).toHaveLength(2)
  })

  it('keeps the newest five events, and the newest of an earlier one that tells of a failed deployment', async () => {
    const messages = [
      'steady',
      'started 2 tasks',
      'steady',
      'started 2 tasks',
      'steady',
      'started 2 tasks',
      '(service web) rolling back to (deployment ecs-svc/1).',
      '(service web) (deployment ecs-svc/2) deployment failed: tasks failed to start.',
    ]
    const events = messages.map((message, index) => ({ createdAt: 1_700_000_000 - index, message }))
    const { aws } = awsOver({
      DescribeServices: () => ({ result: { services: [describedService('web', { events })], failures: [] } }),
    })
    const [service] = await aws.platform.services([{ cluster: 'shop', name: 'web' }])
    expect(service?.events.map(({ message }) => message)).toEqual([...messages.slice(0, 5), messages[6]])
  })

  it('answers null for what is missing or inactive, in the order asked', async () => {
    const { aws } = awsOver({
      DescribeServices: () => ({
        result: {
          services: [describedService('old', { status: 'INACTIVE' }), describedService('web')],
          failures: [{ arn: arnOf('gone'), reason: 'MISSING' }],
        },
      }),
    })
    const seen = await aws.platform.services(
      ['gone', 'web', 'old'].map((name) => ({ cluster: 'shop', name })),
    )
    expect(seen.map((service) => service?.name ?? null)).toEqual([null, 'web', null])
  })

  it('does not take silence for absence', async () => {
    const { aws } = awsOver({ DescribeServices: () => ({ result: { services: [], failures: [] } }) })
    await expect(aws.platform.services(references(1))).rejects.toMatchObject({ code: 'ServiceUnreadable' })
  })

  it('says that the cluster is missing, and where to mend it', async () => {
    const { aws } = awsOver({
      DescribeServices: () => ({ error: 'ClusterNotFoundException', message: 'Cluster not found.' }),
    })
    await expect(aws.platform.services(references(1))).rejects.toMatchObject({
      code: 'ClusterMissing',
      handling: 'stall',
      remedy: expect.stringContaining('service.cluster') as string,
    })
  })

  it('shows settings by their own names, those of the primary deployment included, and the newest five events', async () => {
    const { aws } = awsOver({
      DescribeServices: () => ({
        result: {
          services: [
            describedService('web', {
              loadBalancers: [{ targetGroupArn: 'arn:tg', containerName: 'web', containerPort: 80 }],
              launchType: 'FARGATE',
              healthCheckGracePeriodSeconds: 0,
              createdBy: 'somebody',
              deployments: [
                {
                  id: 'ecs-svc/1',
                  status: 'PRIMARY',
                  taskDefinition: 'td:7',
                  rolloutState: 'COMPLETED',
                  failedTasks: 1,
                  createdAt: 1_700_000_000,
                  serviceConnectConfiguration: { enabled: true },
                },
              ],
              events: Array.from({ length: 9 }, (_, index) => ({
                id: String(index),
                createdAt: 1_700_000_000,
                message: `message ${index}`,
              })),
              tags: [{ key: 'team', value: 'shop' }],
            }),
          ],
        },
      }),
    })
    const [service] = await aws.platform.services([{ cluster: 'shop', name: 'web' }])
    expect(service).toMatchObject({
      cluster: 'shop',
      targetGroupArns: ['arn:tg'],
      settings: {
        launchType: 'FARGATE',
        healthCheckGracePeriodSeconds: 0,
        serviceConnectConfiguration: { enabled: true },
      },
      tags: { team: 'shop' },
      deployments: [{ id: 'ecs-svc/1', status: 'PRIMARY', failedTasks: 1, createdAt: 1_700_000_000_000 }],
    })
    expect(service?.settings).not.toHaveProperty('createdBy')
    expect(service?.events.map(({ message }) => message)).toEqual([0, 1, 2, 3, 4].map((n) => `message ${n}`))
  })
})

describe('tasks', () => {
  const web = { cluster: 'shop', name: 'web' }

  it('describes nothing when the list is empty or the service is gone', async () => {
    const empty = awsOver({ ListTasks: () => ({ result: { taskArns: [] } }) })
    expect(await empty.aws.platform.tasks(web)).toEqual([])
    const gone = awsOver({ ListTasks: () => ({ error: 'ServiceNotFoundException' }) })
    expect(await gone.aws.platform.tasks(web)).toEqual([])
    expect([...empty.of('DescribeTasks'), ...gone.of('DescribeTasks')]).toEqual([])
  })

  it('reads every page of the list and describes a hundred tasks in one call', async () => {
    const page = (from: number): string[] => Array.from({ length: 100 }, (_, index) => `task/${from + index}`)
    const { aws, of } = awsOver({
      ListTasks: (input) => ({
        result:
          input['nextToken'] === undefined
            ? { taskArns: page(0), nextToken: 'more' }
            : { taskArns: ['task/100'] },
      }),
      DescribeTasks: (input) => ({
        result: {
          tasks: (input['tasks'] as string[]).map((taskArn) => ({ taskArn, lastStatus: 'RUNNING' })),
        },
      }),
    })
    expect(await aws.platform.tasks(web)).toHaveLength(101)
    expect(of('DescribeTasks').map((input) => (input['tasks'] as string[]).length)).toEqual([100, 1])
  })

  it('shows the addresses of awsvpc tasks from their attachments and leaves stopped tasks out', async () => {
    const eni = {
      type: 'ElasticNetworkInterface',
      details: [
        { name: 'subnetId', value: 'subnet-1' },
        { name: 'privateIPv4Address', value: '10.0.0.7' },
      ],
    }
    const { aws, of } = awsOver({
      ListTasks: () => ({ result: { taskArns: ['a', 'b'] } }),
      DescribeTasks: () => ({
        result: {
          tasks: [
            {
              taskArn: 'a',
              taskDefinitionArn: 'td:1',
              lastStatus: 'RUNNING',
              createdAt: 1,
              attachments: [eni],
            },
            { taskArn: 'b', lastStatus: 'STOPPED' },
          ],
        },
      }),
    })
    expect(await aws.platform.tasks(web)).toEqual([
      {
        arn: 'a',
        taskDefinition: 'td:1',
        lastStatus: 'RUNNING',
        desiredStatus: '',
        createdAt: 1000,
        targetIds: ['10.0.0.7'],
      },
    ])
    expect(of('DescribeContainerInstances')).toEqual([])
  })

  it('shows bridge tasks as instance and host port, and looks an instance up once', async () => {
    const { aws, of } = awsOver({
      ListTasks: () => ({ result: { taskArns: ['a'] } }),
      DescribeTasks: () => ({
        result: {
          tasks: [
            {
              taskArn: 'a',
              lastStatus: 'RUNNING',
              containerInstanceArn: 'ci/1',
              containers: [{ networkBindings: [{ containerPort: 80, hostPort: 32768 }] }],
            },
          ],
        },
      }),
      DescribeContainerInstances: () => ({
        result: { containerInstances: [{ containerInstanceArn: 'ci/1', ec2InstanceId: 'i-1' }] },
      }),
    })
    await aws.platform.tasks(web)
    const [task] = await aws.platform.tasks(web)
    expect(task?.targetIds).toEqual(['i-1:32768'])
    expect(of('DescribeContainerInstances')).toHaveLength(1)
  })
})
