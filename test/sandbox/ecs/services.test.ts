import { describe, expect, test } from 'vitest'
import { AwsError } from '../../../controller/sandbox/kernel/error.ts'
import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import { behind, ecsWorld, fargateService, partAt, type EcsTestWorld } from '../support/ecs-world.ts'

function refusal(call: () => unknown): string {
  try {
    call()
  } catch (thrown) {
    if (thrown instanceof AwsError) return `${thrown.code}: ${thrown.message}`
    throw thrown
  }
  return 'accepted'
}

describe('CreateService', () => {
  test('answers with every default that AWS fills in', () => {
    const aws = ecsWorld()
    const taskDefinition = aws.define('web:v1')
    const created = aws.service('web', { taskDefinition, desiredCount: 1, ...behind(aws.targetGroup('web')) })
    expect(partAt(created, 'service')).toMatchObject({
      serviceArn: 'arn:aws:ecs:eu-west-1:123456789012:service/demo/web',
      clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/demo',
      status: 'ACTIVE',
      desiredCount: 1,
      runningCount: 0,
      pendingCount: 0,
      launchType: 'FARGATE',
      platformVersion: 'LATEST',
      platformFamily: 'Linux',
      schedulingStrategy: 'REPLICA',
      serviceRegistries: [],
      placementConstraints: [],
      placementStrategy: [],
      propagateTags: 'NONE',
      enableECSManagedTags: false,
      enableExecuteCommand: false,
      healthCheckGracePeriodSeconds: 0,
      deploymentConfiguration: {
        deploymentCircuitBreaker: { enable: false, rollback: false },
        maximumPercent: 200,
        minimumHealthyPercent: 100,
      },
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: ['subnet-a', 'subnet-b'],
          securityGroups: [],
          assignPublicIp: 'DISABLED',
        },
      },
      roleArn: 'arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS',
      tags: [],
    })
  })

  test('answers a repeated client token with the same service, and refuses the name otherwise', () => {
    const aws = ecsWorld()
    const input = { taskDefinition: aws.define('web:v1'), desiredCount: 1, clientToken: 'once' }
    const first = partAt(aws.service('web', input), 'service')
    expect(partAt(aws.service('web', input), 'service')['serviceArn']).toBe(first['serviceArn'])
    aws.clock.advance(5000)
    expect(aws.tasks('web')).toHaveLength(1)
    expect(refusal(() => aws.service('web', { ...input, clientToken: 'twice' }))).toBe(
      'InvalidParameterException: Creation of service was not idempotent.',
    )
  })

  const lonely = (aws: EcsTestWorld): Members => {
    const group = aws.elb('CreateTargetGroup', {
      Name: 'lonely',
      Protocol: 'HTTP',
      Port: 80,
      VpcId: 'vpc-1',
      TargetType: 'ip',
    })
    const [found] = group['TargetGroups'] as { TargetGroupArn: string }[]
    return behind(found?.TargetGroupArn ?? '')
  }

  test.each<[string, (aws: EcsTestWorld) => Members, string]>([
    ['a target group without a load balancer', lonely, 'does not have an associated load balancer.'],
    [
      'a target group that is not there',
      () => behind('arn:aws:none'),
      'The specified target group does not exist',
    ],
    [
      'no network configuration',
      () => ({ networkConfiguration: undefined }),
      'Network Configuration must be provided',
    ],
    [
      'no count',
      () => ({ desiredCount: undefined }),
      'InvalidParameterException: desiredCount can not be blank.',
    ],
    ['an unknown cluster', () => ({ cluster: 'none' }), 'ClusterNotFoundException: Cluster not found.'],
    [
      'an unknown task definition',
      () => ({ taskDefinition: 'none' }),
      'ClientException: TaskDefinition not found.',
    ],
    [
      'percentages that block every deployment',
      () => ({ deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 } }),
      'cannot be 100 as this will block deployments.',
    ],
    [
      'a container that the task definition lacks',
      (aws) => ({
        loadBalancers: [
          { targetGroupArn: aws.targetGroup('web'), containerName: 'sidecar', containerPort: 8080 },
        ],
      }),
      'The container sidecar does not exist in the task definition.',
    ],
    [
      'a port that the container lacks',
      (aws) => ({
        loadBalancers: [{ targetGroupArn: aws.targetGroup('web'), containerName: 'web', containerPort: 1 }],
      }),
      'The container web did not have a container port 1 defined.',
    ],
    ['a text for a number', () => ({ desiredCount: '2' }), 'SerializationException'],
  ])('refuses %s', (_what, change, expected) => {
    const aws = ecsWorld()
    const input = { taskDefinition: aws.define('web:v1'), desiredCount: 1, ...change(aws) }
    expect(refusal(() => aws.service('web', input))).toContain(expected)
  })
})

describe('UpdateService', () => {
  test('deploys when what a revision carries changes, and not when it is only said again', () => {
    const aws = ecsWorld()
    const taskDefinition = aws.define('web:v1')
    aws.service('web', { taskDefinition, desiredCount: 1 })
    aws.clock.advance(5000)
    const same = { ...fargateService('web'), service: 'web', taskDefinition, desiredCount: 1 }
    aws.ecs('UpdateService', same)
    expect(aws.see('web').deployments).toHaveLength(1)
    const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-c'] } }
    aws.ecs('UpdateService', { ...same, networkConfiguration })
    expect(aws.see('web').deployments).toHaveLength(2)
    expect(aws.see('web').deployments[0]).toMatchObject({ networkConfiguration })
  })

  test('changes providers only with a forced deployment, and an empty list leads back to the launch type', () => {
    const aws = ecsWorld()
    aws.service('web', { taskDefinition: aws.define('web:v1'), desiredCount: 1 })
    aws.clock.advance(5000)
    const update = (providers: Members[], more: Members = {}): string =>
      refusal(() =>
        aws.ecs('UpdateService', {
          cluster: 'demo',
          service: 'web',
          capacityProviderStrategy: providers,
          ...more,
        }),
      )
    const force = { forceNewDeployment: true }
    const spot = { capacityProvider: 'FARGATE_SPOT', weight: 1 }
    const refused =
      'InvalidParameterException: When switching from launch type to capacity provider strategy on an existing service, or making a change to a capacity provider strategy on a service that is already using one, you must force a new deployment.'
    expect(update([spot])).toBe(refused)
    expect(aws.see('web')).toMatchObject({ launchType: 'FARGATE' })
    expect(update([spot], force)).toBe('accepted')
    expect(aws.see('web')).toMatchObject({ capacityProviderStrategy: [spot] })
    expect(aws.see('web')['launchType']).toBeUndefined()
    expect(update([{ ...spot, base: 0 }])).toBe('accepted')
    expect(update([])).toBe(refused)
    expect(update([], force)).toBe('accepted')
    expect(aws.see('web')).toMatchObject({ launchType: 'FARGATE' })
    expect(aws.see('web')['capacityProviderStrategy']).toBeUndefined()
  })

  test('names the digests that the revision runs, by tag and by digest', () => {
    const aws = ecsWorld()
    const digest = aws.images.find('web:v1')?.digest
    aws.service('web', { taskDefinition: aws.define(`web@${digest}`), desiredCount: 1 })
    aws.clock.advance(5000)
    const [revision] = aws.see('web')['currentServiceRevisions'] as { arn: string }[]
    const described = aws.ecs('DescribeServiceRevisions', { serviceRevisionArns: [revision?.arn] })
    expect(described['serviceRevisions']).toMatchObject([
      { containerImages: [{ containerName: 'web', imageDigest: digest }] },
    ])
  })
})

describe('DeleteService', () => {
  test('refuses a service that is scaled above zero, and drains it when forced', () => {
    const aws = ecsWorld()
    aws.service('web', { taskDefinition: aws.define('web:v1'), desiredCount: 1 })
    aws.clock.advance(5000)
    expect(refusal(() => aws.ecs('DeleteService', { cluster: 'demo', service: 'web' }))).toBe(
      'InvalidParameterException: The service cannot be stopped while it is scaled above 0.',
    )
    aws.ecs('DeleteService', { cluster: 'demo', service: 'web', force: true })
    expect(aws.see('web')['status']).toBe('DRAINING')
    expect(refusal(() => aws.ecs('UpdateService', { cluster: 'demo', service: 'web' }))).toBe(
      'ServiceNotActiveException: Service was not ACTIVE.',
    )
    aws.clock.advance(5000)
    expect(aws.see('web')).toMatchObject({ status: 'INACTIVE', deployments: [] })
    aws.service('web', { taskDefinition: aws.define('web:v1'), desiredCount: 0 })
    expect(aws.see('web')['status']).toBe('ACTIVE')
  })
})

describe('DescribeServices', () => {
  test('takes ten services, and says which are missing', () => {
    const aws = ecsWorld()
    const services = Array.from({ length: 11 }, (_, index) => `web-${index}`)
    expect(refusal(() => aws.ecs('DescribeServices', { cluster: 'demo', services }))).toContain('at most 10')
    expect(aws.ecs('DescribeServices', { cluster: 'demo', services: ['web'] })['failures']).toEqual([
      { arn: 'arn:aws:ecs:eu-west-1:123456789012:service/demo/web', reason: 'MISSING' },
    ])
  })

  test('shows the world as it was under a staleness fault', () => {
    const aws = ecsWorld()
    aws.service('web', { taskDefinition: aws.define('web:v1'), desiredCount: 1 })
    aws.clock.advance(10_000)
    aws.ecs('UpdateService', { cluster: 'demo', service: 'web', desiredCount: 3 })
    aws.world.faults.add({ service: 'ecs', operation: 'DescribeServices', staleForMs: 5000, rate: 1 })
    expect(aws.see('web')['desiredCount']).toBe(1)
    aws.clock.advance(6000)
    expect(aws.see('web')['desiredCount']).toBe(3)
  })
})

describe('task sets', () => {
  test('share the desired count by their scale, and are drained when deleted', () => {
    const aws = ecsWorld()
    const taskDefinition = aws.define('web:v1')
    aws.ecs('CreateService', {
      cluster: 'demo',
      serviceName: 'web',
      desiredCount: 4,
      deploymentController: { type: 'EXTERNAL' },
    })
    const { serviceName: _name, ...launch } = fargateService('web')
    const scale = { value: 50, unit: 'PERCENT' }
    const created = aws.ecs('CreateTaskSet', { ...launch, service: 'web', taskDefinition, scale })
    const taskSet = partAt(created, 'taskSet')['id']
    aws.ecs('UpdateServicePrimaryTaskSet', { cluster: 'demo', service: 'web', primaryTaskSet: taskSet })
    aws.clock.advance(10_000)
    expect(aws.see('web')['taskSets']).toMatchObject([
      {
        id: taskSet,
        status: 'PRIMARY',
        computedDesiredCount: 2,
        runningCount: 2,
        stabilityStatus: 'STEADY_STATE',
      },
    ])
    aws.ecs('DeleteTaskSet', { cluster: 'demo', service: 'web', taskSet, force: true })
    aws.clock.advance(10_000)
    expect(aws.ecs('DescribeTaskSets', { cluster: 'demo', service: 'web' })['taskSets']).toEqual([])
  })
})
