import { describe, expect, test } from 'vitest'
import { APPLICATION, appSpec, codeDeployWorld, deploymentGroup } from '../support/code-deploy.ts'

const refused = (code: string) => expect.objectContaining({ code }) as Error

describe('CodeDeploy', () => {
  test('knows its applications and deployment groups, and forgets them', () => {
    const aws = codeDeployWorld()
    expect(aws.codeDeploy('ListApplications')).toEqual({ applications: ['shop'] })
    expect(aws.codeDeploy('GetApplication', { applicationName: 'shop' })).toMatchObject({
      application: { applicationName: 'shop', computePlatform: 'ECS' },
    })
    expect(aws.codeDeploy('ListDeploymentGroups', { applicationName: 'shop' })).toEqual({
      applicationName: 'shop',
      deploymentGroups: ['web'],
    })
    aws.codeDeploy('UpdateDeploymentGroup', {
      applicationName: 'shop',
      currentDeploymentGroupName: 'web',
      deploymentConfigName: 'CodeDeployDefault.ECSCanary10Percent15Minutes',
    })
    const id = aws.deploy('web:v2')
    expect(aws.codeDeploy('GetDeploymentGroup', APPLICATION)).toMatchObject({
      deploymentGroupInfo: {
        applicationName: 'shop',
        deploymentGroupName: 'web',
        deploymentConfigName: 'CodeDeployDefault.ECSCanary10Percent15Minutes',
        ecsServices: [{ serviceName: 'web', clusterName: 'demo' }],
        lastAttemptedDeployment: { deploymentId: id, status: 'Created' },
      },
    })
    aws.codeDeploy('DeleteDeploymentGroup', APPLICATION)
    aws.clock.advance(5000)
    expect(aws.deployment(id)).toMatchObject({
      status: 'Failed',
      errorInformation: { code: 'DEPLOYMENT_GROUP_MISSING' },
    })
    aws.codeDeploy('DeleteApplication', { applicationName: 'shop' })
    expect(aws.codeDeploy('ListApplications')).toEqual({ applications: [] })
  })

  test.each([
    ['InvalidDeploymentStyleException', { deploymentStyle: { deploymentType: 'IN_PLACE' } }],
    ['InvalidBlueGreenDeploymentConfigurationException', { blueGreenDeploymentConfiguration: {} }],
    ['InvalidTargetGroupPairException', { loadBalancerInfo: {} }],
    ['InvalidECSServiceException', { ecsServices: [{ serviceName: 'none', clusterName: 'demo' }] }],
    ['InvalidECSServiceException', { ecsServices: [{ serviceName: 'web', clusterName: 'none' }] }],
    ['DeploymentConfigDoesNotExistException', { deploymentConfigName: 'Mine' }],
    ['RoleRequiredException', { serviceRoleArn: '' }],
    ['ECSServiceMappingLimitExceededException', {}],
  ])('refuses a deployment group with %s', (code, more) => {
    const aws = codeDeployWorld()
    const shown = aws.codeDeploy('GetDeploymentGroup', APPLICATION)['deploymentGroupInfo'] as object
    const input = { ...shown, ...APPLICATION, deploymentGroupName: 'other', ...more }
    expect(() => aws.codeDeploy('CreateDeploymentGroup', input)).toThrow(refused(code))
  })

  test('refuses a group for a service whose deployments are ECS’s, and names that are taken', () => {
    const aws = codeDeployWorld()
    aws.service('rolling', { taskDefinition: 'web:1', desiredCount: 0 })
    const group = {
      ...deploymentGroup({ production: 'arn' }),
      deploymentGroupName: 'other',
      ecsServices: [{ serviceName: 'rolling', clusterName: 'demo' }],
    }
    expect(() => aws.codeDeploy('CreateDeploymentGroup', group)).toThrow(
      refused('InvalidECSServiceException'),
    )
    expect(() => aws.codeDeploy('CreateDeploymentGroup', { ...group, ...APPLICATION })).toThrow(
      refused('DeploymentGroupAlreadyExistsException'),
    )
    const application = { applicationName: 'shop', computePlatform: 'ECS' }
    expect(() => aws.codeDeploy('CreateApplication', application)).toThrow(
      refused('ApplicationAlreadyExistsException'),
    )
    expect(() =>
      aws.codeDeploy('CreateApplication', { applicationName: 'x', computePlatform: 'Lambda' }),
    ).toThrow(refused('InvalidComputePlatformException'))
  })
})

describe('a service with the deployment controller CODE_DEPLOY', () => {
  test('begins with one primary task set', () => {
    const aws = codeDeployWorld()
    expect(aws.taskSets()).toEqual(['PRIMARY web:1'])
    expect(aws.see('web')).toMatchObject({ runningCount: 2, deployments: [] })
  })

  test.each([
    ['update task definition', { taskDefinition: 'web:1' }],
    ['force a new deployment', { forceNewDeployment: true }],
    ['update load balancers', { loadBalancers: [] }],
    [
      'update network parameters',
      { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } } },
    ],
    ['update platform version', { platformVersion: '1.4.0' }],
  ])('refuses to %s by UpdateService, which only CodeDeploy does', (what, input) => {
    const aws = codeDeployWorld()
    expect(() => aws.ecs('UpdateService', { cluster: 'demo', service: 'web', ...input })).toThrow(
      `Unable to ${what} on services with a CODE_DEPLOY deployment controller.`,
    )
  })

  test('takes a new count, keeps its task sets from other hands, and needs one load balancer', () => {
    const aws = codeDeployWorld()
    aws.ecs('UpdateService', { cluster: 'demo', service: 'web', desiredCount: 3, forceNewDeployment: false })
    aws.clock.advance(30_000)
    expect(aws.see('web')['runningCount']).toBe(3)
    expect(() =>
      aws.ecs('CreateTaskSet', { cluster: 'demo', service: 'web', taskDefinition: 'web:1' }),
    ).toThrow('EXTERNAL deployment controller')
    const deploymentController = { type: 'CODE_DEPLOY' }
    expect(() =>
      aws.service('bare', { taskDefinition: 'web:1', desiredCount: 1, deploymentController }),
    ).toThrow('exactly one load balancer')
  })

  test('gets what the AppSpec says of its network, its platform and its capacity', () => {
    const aws = codeDeployWorld()
    const Resources = [
      {
        TargetService: {
          Type: 'AWS::ECS::Service',
          Properties: {
            TaskDefinition: aws.define('web:v2'),
            LoadBalancerInfo: { ContainerName: 'web', ContainerPort: 8080 },
            PlatformVersion: '1.4.0',
            NetworkConfiguration: {
              AwsvpcConfiguration: { Subnets: ['subnet-c'], AssignPublicIp: 'DISABLED' },
            },
            CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1, Base: 0 }],
          },
        },
      },
    ]
    aws.deploy('web:v2', { revision: appSpec('', { Resources }) })
    aws.clock.advance(60_000)
    expect(aws.see('web')['taskSets']).toMatchObject([
      {},
      {
        platformVersion: '1.4.0',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-c'] } },
        capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }],
      },
    ])
  })
})
