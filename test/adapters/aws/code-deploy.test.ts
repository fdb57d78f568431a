import { describe, expect, it } from 'vitest'
import { awsOver } from './fake-aws.ts'

const place = { application: 'shop', deploymentGroup: 'web' }
const named = { applicationName: 'shop', deploymentGroupName: 'web' }
const groupInfo = {
  ecsServices: [{ serviceName: 'web', clusterName: 'demo' }],
  loadBalancerInfo: {
    targetGroupPairInfoList: [
      {
        targetGroups: [{ name: 'web-blue' }, { name: 'web-green' }],
        prodTrafficRoute: { listenerArns: ['arn:80'] },
        testTrafficRoute: { listenerArns: ['arn:8443'] },
      },
    ],
  },
  blueGreenDeploymentConfiguration: {
    deploymentReadyOption: { actionOnTimeout: 'STOP_DEPLOYMENT', waitTimeInMinutes: 60 },
  },
  lastAttemptedDeployment: { deploymentId: 'd-2' },
}
const answers = {
  GetDeploymentGroup: () => ({ result: { deploymentGroupInfo: groupInfo } }),
  ListDeployments: () => ({ result: { deployments: ['d-1'] } }),
  BatchGetDeployments: () => ({
    result: {
      deploymentsInfo: [
        { deploymentId: 'd-1', status: 'Succeeded', createTime: 1_700_000_000 },
        {
          deploymentId: 'd-2',
          status: 'Stopped',
          createTime: 1_700_000_100,
          description: 'steersman prod-web-2',
          errorInformation: { code: 'ALARM_ACTIVE', message: 'errors' },
          rollbackInfo: { rollbackDeploymentId: 'd-3' },
          instanceTerminationWaitTimeStarted: true,
        },
        {
          deploymentId: 'd-0',
          status: 'SomethingNew',
          rollbackInfo: { rollbackTriggeringDeploymentId: 'd-9' },
        },
      ],
    },
  }),
}

describe('CodeDeploy', () => {
  it('is looked at by its group and its newest deployments, newest first', async () => {
    const { aws, of } = awsOver(answers)
    expect(await aws.codeDeploy.look(place)).toEqual({
      group: {
        services: [{ cluster: 'demo', name: 'web' }],
        targetGroups: ['web-blue', 'web-green'],
        productionListeners: ['arn:80'],
        testListeners: ['arn:8443'],
        waitMs: 3_600_000,
      },
      deployments: [
        expect.objectContaining({
          id: 'd-2',
          status: 'Stopped',
          error: 'ALARM_ACTIVE: errors',
          endsOriginal: true,
          rolledBackBy: 'd-3',
        }),
        expect.objectContaining({ id: 'd-1', status: 'Succeeded', error: undefined, endsOriginal: false }),
        expect.objectContaining({ id: 'd-0', status: 'InProgress', rollsBack: 'd-9', createdAt: 0 }),
      ],
    })
    expect(of('BatchGetDeployments')).toEqual([{ deploymentIds: ['d-2', 'd-1'] }])
    expect(of('ListDeployments')).toEqual([named])
  })

  it('moves traffic by itself where its group does not wait', async () => {
    const continues = {
      ...groupInfo,
      lastAttemptedDeployment: undefined,
      blueGreenDeploymentConfiguration: { deploymentReadyOption: { actionOnTimeout: 'CONTINUE_DEPLOYMENT' } },
    }
    const { aws } = awsOver({
      ...answers,
      GetDeploymentGroup: () => ({ result: { deploymentGroupInfo: continues } }),
      ListDeployments: () => ({ result: {} }),
    })
    expect(await aws.codeDeploy.look(place)).toMatchObject({ group: { waitMs: undefined }, deployments: [] })
  })

  it.each(['DeploymentGroupDoesNotExistException', 'ApplicationDoesNotExistException'])(
    'has no group where it says %s',
    async (error) => {
      const { aws } = awsOver({ GetDeploymentGroup: () => ({ error }), ListDeployments: () => ({ error }) })
      expect(await aws.codeDeploy.look(place)).toEqual({ group: null, deployments: [] })
    },
  )

  it('does not take a refusal for a group that is missing', async () => {
    const { aws } = awsOver({ ...answers, GetDeploymentGroup: () => ({ error: 'AccessDeniedException' }) })
    await expect(aws.codeDeploy.look(place)).rejects.toMatchObject({ code: 'AccessDenied' })
  })

  it.each([
    { deploymentsInfo: [{ status: 'Ready' }] },
    { deploymentsInfo: 'many' },
    { deploymentsInfo: [{ deploymentId: 'd-1', createTime: 'yesterday' }] },
  ])('is not taken out of %j', async (result) => {
    const { aws } = awsOver(
      { ...answers, BatchGetDeployments: () => ({ result }) },
      { random: { next: () => 0 } },
    )
    await expect(aws.codeDeploy.look(place)).rejects.toMatchObject({ code: expect.any(String) as string })
  })

  it('begins a deployment whose rollback is automatic', async () => {
    const { aws, of } = awsOver({ CreateDeployment: () => ({ result: { deploymentId: 'd-4' } }) })
    await aws.codeDeploy.startDeployment({
      ...place,
      appSpec: '{}',
      description: 'steersman prod-web-3',
      configuration: 'CodeDeployDefault.ECSAllAtOnce',
    })
    expect(of('CreateDeployment')).toEqual([
      {
        ...named,
        deploymentConfigName: 'CodeDeployDefault.ECSAllAtOnce',
        description: 'steersman prod-web-3',
        revision: { revisionType: 'AppSpecContent', appSpecContent: { content: '{}' } },
        autoRollbackConfiguration: {
          enabled: true,
          events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
        },
      },
    ])
  })

  it('shows in a service the task set that serves, and what it was given', async () => {
    const network = (subnet: string) => ({ awsvpcConfiguration: { subnets: [subnet] } })
    const service = {
      serviceArn: 'arn:aws:ecs:eu-west-1:123456789012:service/shop/web',
      serviceName: 'web',
      status: 'ACTIVE',
      deploymentController: { type: 'CODE_DEPLOY' },
      networkConfiguration: network('old'),
      launchType: 'FARGATE',
      taskSets: [
        {
          status: 'PRIMARY',
          taskDefinition: 'arn:web:2',
          externalId: 'd-2',
          computedDesiredCount: 2,
          runningCount: 1,
          networkConfiguration: network('new'),
          loadBalancers: [{ targetGroupArn: 'arn:green' }],
        },
        { status: 'DRAINING', taskDefinition: 'arn:web:1' },
      ],
    }
    const { aws } = awsOver({ DescribeServices: () => ({ result: { services: [service] } }) })
    const [seen] = await aws.platform.services([{ cluster: 'shop', name: 'web' }])
    expect(seen?.taskSets).toEqual([
      {
        status: 'PRIMARY',
        taskDefinition: 'arn:web:2',
        targetGroupArn: 'arn:green',
        externalId: 'd-2',
        desiredCount: 2,
        runningCount: 1,
      },
      {
        status: 'DRAINING',
        taskDefinition: 'arn:web:1',
        targetGroupArn: undefined,
        externalId: undefined,
        desiredCount: 0,
        runningCount: 0,
      },
    ])
    expect(seen?.settings).toMatchObject({ networkConfiguration: network('new'), launchType: 'FARGATE' })
  })

  it('lets a deployment go on, and stops one with its rollback', async () => {
    const { aws, of } = awsOver({
      ContinueDeployment: () => ({ result: {} }),
      StopDeployment: () => ({ result: { status: 'Pending' } }),
    })
    await aws.codeDeploy.continueDeployment({ deployment: 'd-1', wait: 'READY_WAIT' })
    await aws.codeDeploy.stopDeployment({ deployment: 'd-1' })
    expect(of('ContinueDeployment')).toEqual([{ deploymentId: 'd-1', deploymentWaitType: 'READY_WAIT' }])
    expect(of('StopDeployment')).toEqual([{ deploymentId: 'd-1', autoRollbackEnabled: true }])
  })

  it.each(['DeploymentIsNotInReadyStateException', 'DeploymentAlreadyCompletedException'])(
    'is looked at again after %s, which says that nothing was done',
    async (error) => {
      const { aws } = awsOver({ ContinueDeployment: () => ({ error }) })
      await expect(
        aws.codeDeploy.continueDeployment({ deployment: 'd-1', wait: 'READY_WAIT' }),
      ).rejects.toMatchObject({ code: 'Conflict', handling: 'retry', ambiguous: false })
    },
  )
})
