import { describe, expect, test } from 'vitest'
import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import { ecsWorld, fargateDefinition, partAt } from '../support/ecs-world.ts'

const ECR_IMAGE = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:v1'

describe('RegisterTaskDefinition', () => {
  test('answers with every default that AWS fills in', () => {
    const aws = ecsWorld()
    const registered = aws.ecs('RegisterTaskDefinition', fargateDefinition(ECR_IMAGE))
    const {
      registeredAt: _time,
      requiresAttributes: _attributes,
      ...definition
    } = partAt(registered, 'taskDefinition')
    expect(definition).toEqual({
      taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1',
      family: 'web',
      revision: 1,
      status: 'ACTIVE',
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
      compatibilities: ['EC2', 'FARGATE'],
      requiresCompatibilities: ['FARGATE'],
      placementConstraints: [],
      volumes: [],
      registeredBy: 'arn:aws:iam::123456789012:root',
      containerDefinitions: [
        {
          name: 'web',
          image: ECR_IMAGE,
          cpu: 0,
          essential: true,
          portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: 'tcp' }],
          environment: [],
          mountPoints: [],
          volumesFrom: [],
          systemControls: [],
        },
      ],
    })
  })

  test.each<[string, Members, string]>([
    ['no family', { family: '' }, 'Family should not be null or empty.'],
    ['no container', { containerDefinitions: [] }, 'Container list cannot be empty.'],
    ['a memory size that Fargate has not', { memory: '513' }, 'No Fargate configuration exists'],
    [
      'no task memory on Fargate',
      { memory: undefined, container: { memory: 128 } },
      "Fargate requires that 'cpu'",
    ],
    [
      'another network mode on Fargate',
      { networkMode: 'bridge' },
      "Fargate only supports network mode 'awsvpc'.",
    ],
    ['an ECR image without an execution role', { executionRoleArn: undefined }, 'to support ECR images.'],
    [
      'host ports that differ from container ports',
      { container: { portMappings: [{ containerPort: 80, hostPort: 81 }] } },
      'the host ports and container ports in port mappings must match.',
    ],
    [
      'a volume that is not there',
      { container: { mountPoints: [{ sourceVolume: 'data' }] } },
      "Unknown volume 'data'.",
    ],
    ['no essential container', { container: { essential: false } }, 'at least one essential container'],
  ])('refuses %s', (_what, change, message) => {
    const aws = ecsWorld()
    expect(() => aws.ecs('RegisterTaskDefinition', fargateDefinition(ECR_IMAGE, change))).toThrow(message)
  })

  test.each([
    ['.25 vCPU', '0.5 GB', '256', '512'],
    ['1 vCPU', '2 GB', '1024', '2048'],
  ])('takes %s and %s as units', (cpu, memory, units, mebibytes) => {
    const aws = ecsWorld()
    const registered = aws.ecs('RegisterTaskDefinition', fargateDefinition('web:v1', { cpu, memory }))
    expect(partAt(registered, 'taskDefinition')).toMatchObject({ cpu: units, memory: mebibytes })
  })
})

describe('a family', () => {
  test('means its newest active revision, and never uses a revision number twice', () => {
    const aws = ecsWorld()
    aws.define('web:v1')
    const second = aws.define('web:v2', { tags: [{ key: 'steersman.dev/digest', value: 'abc' }] })
    const described = aws.ecs('DescribeTaskDefinition', { taskDefinition: 'web', include: ['TAGS'] })
    expect(partAt(described, 'taskDefinition')['taskDefinitionArn']).toBe(second)
    expect(described['tags']).toEqual([{ key: 'steersman.dev/digest', value: 'abc' }])
    aws.ecs('DeregisterTaskDefinition', { taskDefinition: 'web:2' })
    const older = aws.ecs('DescribeTaskDefinition', { taskDefinition: 'web' })
    expect(partAt(older, 'taskDefinition')['revision']).toBe(1)
    expect(aws.ecs('DeleteTaskDefinitions', { taskDefinitions: ['web:2', 'web:1'] })).toMatchObject({
      taskDefinitions: [{ revision: 2, status: 'DELETE_IN_PROGRESS' }],
      failures: [{ reason: 'TASK_DEFINITION_NOT_INACTIVE' }],
    })
    expect(aws.define('web:v3')).toMatch(/:3$/)
  })

  test('is listed by revision, in pages, up and down', () => {
    const aws = ecsWorld()
    for (let revision = 1; revision <= 12; revision += 1) aws.define('web:v1')
    aws.define('web:v1', { family: 'api' })
    const listed: string[] = []
    let nextToken: unknown
    do {
      const page = aws.ecs('ListTaskDefinitions', { familyPrefix: 'web', maxResults: 5, nextToken })
      listed.push(...(page['taskDefinitionArns'] as string[]))
      nextToken = page['nextToken']
    } while (nextToken !== undefined)
    expect(listed.map((arn) => Number(arn.split(':').at(-1)))).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
    ])
    const [newest] = aws.ecs('ListTaskDefinitions', { familyPrefix: 'web', sort: 'DESC', maxResults: 1 })[
      'taskDefinitionArns'
    ] as string[]
    expect(newest).toMatch(/web:12$/)
    expect(aws.ecs('ListTaskDefinitionFamilies')['families']).toEqual(['api', 'web'])
  })

  test('that nobody registered can not be described', () => {
    const aws = ecsWorld()
    expect(() => aws.ecs('DescribeTaskDefinition', { taskDefinition: 'none' })).toThrow(
      'Unable to describe task definition.',
    )
  })
})
