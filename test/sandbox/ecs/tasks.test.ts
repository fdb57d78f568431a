import { describe, expect, test } from 'vitest'
import { behind, ecsWorld, fargateService, partsAt, type EcsTestWorld } from '../support/ecs-world.ts'

const run = (aws: EcsTestWorld, input: Record<string, unknown>) => {
  const { serviceName: _name, ...launch } = fargateService('web')
  return aws.ecs('RunTask', { ...launch, ...input })
}

describe('RunTask', () => {
  test('gives the same tasks for the same client token, for a day', () => {
    const aws = ecsWorld()
    const input = { taskDefinition: aws.define('web:v1'), clientToken: 'once' }
    const first = partsAt(run(aws, input), 'tasks').map((task) => task['taskArn'])
    expect(partsAt(run(aws, input), 'tasks').map((task) => task['taskArn'])).toEqual(first)
    expect(() => run(aws, { ...input, count: 2 })).toThrow('different parameters')
    aws.clock.advance(24 * 3_600_000)
    expect(partsAt(run(aws, input), 'tasks').map((task) => task['taskArn'])).not.toEqual(first)
  })

  test('shows the network interface, the digest and the tags of a task', () => {
    const aws = ecsWorld()
    const tags = [{ key: 'why', value: 'gate' }]
    const [started] = partsAt(
      run(aws, { taskDefinition: aws.define('web:v1'), tags, startedBy: 'me' }),
      'tasks',
    )
    aws.clock.advance(2000)
    const tasks = [started?.['taskArn']]
    const described = aws.ecs('DescribeTasks', { cluster: 'demo', tasks, include: ['TAGS'] })
    const [task] = partsAt(described, 'tasks')
    expect(task).toMatchObject({
      lastStatus: 'RUNNING',
      desiredStatus: 'RUNNING',
      group: 'family:web',
      startedBy: 'me',
      launchType: 'FARGATE',
      platformVersion: '1.4.0',
      cpu: '256',
      memory: '512',
      tags,
      containers: [{ name: 'web', image: 'web:v1', lastStatus: 'RUNNING', healthStatus: 'UNKNOWN' }],
      attachments: [{ type: 'ElasticNetworkInterface', status: 'ATTACHED' }],
    })
    const [attachment] = (task?.['attachments'] ?? []) as { details: { name: string; value: string }[] }[]
    const details = Object.fromEntries((attachment?.details ?? []).map(({ name, value }) => [name, value]))
    expect(details['privateIPv4Address']).toMatch(/^10\.0\.\d+\.\d+$/)
    expect(details['networkInterfaceId']).toMatch(/^eni-[0-9a-f]{17}$/)
    expect(['subnet-a', 'subnet-b']).toContain(details['subnetId'])
    const [container] = (task?.['containers'] ?? []) as { imageDigest: string }[]
    expect(container?.imageDigest).toBe(aws.images.find('web:v1')?.digest)
  })

  test('stops by hand with the reason given, and is seen for another hour', () => {
    const aws = ecsWorld()
    const [started] = partsAt(run(aws, { taskDefinition: aws.define('web:v1') }), 'tasks')
    aws.clock.advance(2000)
    const task = started?.['taskArn']
    aws.ecs('StopTask', { cluster: 'demo', task, reason: 'enough' })
    aws.clock.advance(2000)
    const look = () => aws.ecs('DescribeTasks', { cluster: 'demo', tasks: [task] })
    expect(look()['tasks']).toMatchObject([
      {
        lastStatus: 'STOPPED',
        stopCode: 'UserInitiated',
        stoppedReason: 'enough',
        containers: [{ exitCode: 0 }],
      },
    ])
    aws.clock.advance(3_590_000)
    expect(look()['tasks']).toHaveLength(1)
    aws.clock.advance(15_000)
    expect(look()['failures']).toEqual([{ arn: task, reason: 'MISSING' }])
  })

  test('needs a container instance on EC2, and binds a port of it', () => {
    const aws = ecsWorld()
    const [definition] = [
      aws.define('web:v1', {
        networkMode: 'bridge',
        requiresCompatibilities: ['EC2'],
        executionRoleArn: undefined,
      }),
    ]
    const input = { cluster: 'demo', taskDefinition: definition, launchType: 'EC2' }
    expect(() => aws.ecs('RunTask', input)).toThrow('No Container Instances were found in your cluster.')
    aws.ecs('RegisterContainerInstance', { cluster: 'demo' })
    aws.ecs('RunTask', input)
    aws.clock.advance(2000)
    const taskArns = aws.ecs('ListTasks', { cluster: 'demo', family: 'web' })['taskArns']
    const described = aws.ecs('DescribeTasks', { cluster: 'demo', tasks: taskArns })
    expect(described['tasks']).toMatchObject([
      { attachments: [], containers: [{ networkBindings: [{ containerPort: 8080, bindIP: '0.0.0.0' }] }] },
    ])
  })
})

describe('what a task answers', () => {
  const addressOf = (aws: EcsTestWorld, name: string): string => {
    const [task] = aws.tasks(name)
    const [container] = (task?.['containers'] ?? []) as {
      networkInterfaces: { privateIpv4Address: string }[]
    }[]
    return container?.networkInterfaces[0]?.privateIpv4Address ?? ''
  }

  test.each([
    { name: 'web-blue', image: 'web:v1', side: 'blue', version: 'v1' },
    {
      name: 'web-green',
      image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:v2',
      side: 'green',
      version: 'v2',
    },
    { name: 'worker', image: 'worker', side: null, version: 'latest' },
  ])('of $name with $image: version and side', ({ name, image, side, version }) => {
    const aws = ecsWorld()
    aws.service(name, { taskDefinition: aws.define(image), desiredCount: 1 })
    aws.clock.advance(2000)
    const answer = aws.world.network.taskAt(addressOf(aws, name), 8080)?.answer('/')
    expect(answer?.status).toBe(200)
    const taskArn = aws.tasks(name)[0]?.['taskArn']
    expect(answer?.body).toBe(JSON.stringify({ image, version, side, taskArn }))
  })

  test('names the tag as its version also when it runs by digest', () => {
    const aws = ecsWorld()
    const digest = aws.images.find('web:v7')?.digest
    aws.images.set('web:v7', { latencyMs: 40 })
    aws.service('web-blue', { taskDefinition: aws.define(`web@${digest}`), desiredCount: 1 })
    aws.clock.advance(2000)
    const task = aws.world.network.taskAt(addressOf(aws, 'web-blue'), 8080)
    expect(task).toMatchObject({ version: 'v7', behavior: { latencyMs: 40 } })
    expect(task?.answer('/').latencyMs).toBe(40)
  })

  test('tells health checks apart from other requests', () => {
    const aws = ecsWorld()
    aws.images.set('web:v1', { status: 500, health: { status: 200 }, healthyAfterSeconds: 3, body: 'hello' })
    const group = aws.targetGroup('web')
    aws.service('web', { taskDefinition: aws.define('web:v1'), desiredCount: 1, ...behind(group) })
    aws.clock.advance(2500)
    const address = addressOf(aws, 'web')
    const { network } = aws.world
    expect(network.probe(address, 8080, '/healthz')).toEqual({ status: 503, latencyMs: 0 })
    aws.clock.advance(3000)
    expect(network.probe(address, 8080, '/healthz')).toEqual({ status: 200, latencyMs: 0 })
    expect(network.taskAt(address, 8080)?.answer('/healthz?deep')).toMatchObject({ status: 200 })
    expect(network.taskAt(address, 8080)?.answer('/')).toMatchObject({ status: 500, body: 'hello' })
    expect(network.taskAt(address, 81)).toBeUndefined()
  })

  test('goes on while the target drains, and ends when the task is stopped', () => {
    const aws = ecsWorld()
    const group = aws.targetGroup('web')
    aws.service('web', { taskDefinition: aws.define('web:v1'), desiredCount: 1, ...behind(group) })
    aws.clock.advance(5000)
    const address = addressOf(aws, 'web')
    aws.ecs('UpdateService', { cluster: 'demo', service: 'web', desiredCount: 0 })
    aws.clock.advance(20_000)
    expect(aws.world.network.taskAt(address, 8080)?.version).toBe('v1')
    aws.clock.advance(20_000)
    expect(aws.world.network.taskAt(address, 8080)).toBeUndefined()
  })
})

describe('a container health check', () => {
  const healthCheck = { command: ['CMD-SHELL', 'curl -f localhost:8080'], interval: 5, retries: 2 }

  test.each([
    { behavior: {}, health: 'HEALTHY', rolloutState: 'COMPLETED' },
    { behavior: { health: { status: 500 } }, health: 'UNKNOWN', rolloutState: 'IN_PROGRESS' },
  ])('that sees $behavior leads to $rolloutState', ({ behavior, health, rolloutState }) => {
    const aws = ecsWorld()
    aws.images.set('web:v1', behavior)
    const taskDefinition = aws.define('web:v1', { container: { healthCheck } })
    aws.service('web', { taskDefinition, desiredCount: 1 })
    aws.clock.advance(6000)
    expect(aws.tasks('web')).toMatchObject([{ healthStatus: health }])
    aws.clock.advance(10_000)
    expect(aws.see('web').deployments).toMatchObject([{ rolloutState }])
  })
})
