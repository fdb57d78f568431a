import { describe, expect, test } from 'vitest'
import { appSpec, APPLICATION, codeDeployWorld } from '../support/code-deploy.ts'
import type { CodeDeployWorld } from '../support/code-deploy.ts'

const MINUTE = 60_000
const WAITS = { deploymentReadyOption: { actionOnTimeout: 'STOP_DEPLOYMENT', waitTimeInMinutes: 60 } }
const refused = (code: string) => expect.objectContaining({ code }) as Error

/** Every state that shows while so many seconds pass, each said once. */
function story(aws: CodeDeployWorld, id: string, seconds: number): string[] {
  const told: string[] = []
  for (let second = 0; second < seconds; second += 1) {
    const line = `${String(aws.deployment(id)['status'])} ${aws.weights('production').join('/')} ${aws.taskSets().join(', ')}`
    if (told.at(-1) !== line) told.push(line)
    aws.clock.advance(1000)
  }
  return told
}

describe('a deployment of CodeDeploy', () => {
  test('replaces the task set, moves all traffic at once, and ends the original one after its wait', () => {
    const aws = codeDeployWorld()
    const id = aws.deploy('web:v2')
    expect(story(aws, id, 400)).toEqual([
      'Created 1/0 PRIMARY web:1',
      'InProgress 1/0 PRIMARY web:1',
      'InProgress 100/0 PRIMARY web:1, ACTIVE web:2',
      'InProgress 0/100 ACTIVE web:1, PRIMARY web:2',
      'Succeeded 0/100 DRAINING web:1, PRIMARY web:2',
      'Succeeded 0/100 PRIMARY web:2',
    ])
    expect(aws.see('web')).toMatchObject({
      taskDefinition: expect.stringMatching(/web:2$/) as string,
      runningCount: 2,
      loadBalancers: [{ targetGroupArn: aws.groups[1] }],
    })
  })

  test('tells its lifecycle events, and where the traffic goes', () => {
    const aws = codeDeployWorld()
    const id = aws.deploy('web:v2')
    expect(aws.events(id)).toHaveLength(8)
    aws.clock.advance(2 * MINUTE)
    expect(aws.events(id)).toEqual([
      'BeforeInstall Succeeded',
      'Install Succeeded',
      'AfterInstall Succeeded',
      'AllowTestTraffic Succeeded',
      'AfterAllowTestTraffic Succeeded',
      'BeforeAllowTraffic Succeeded',
      'AllowTraffic Succeeded',
      'AfterAllowTraffic Succeeded',
    ])
    expect(aws.deployment(id)).toMatchObject({
      status: 'InProgress',
      instanceTerminationWaitTimeStarted: true,
      creator: 'user',
      deploymentConfigName: 'CodeDeployDefault.ECSAllAtOnce',
      deploymentOverview: { InProgress: 1, Succeeded: 0 },
    })
    const [targetId] = aws.codeDeploy('ListDeploymentTargets', { deploymentId: id })['targetIds'] as string[]
    expect(aws.codeDeploy('GetDeploymentTarget', { deploymentId: id, targetId })).toMatchObject({
      deploymentTarget: {
        ecsTarget: {
          taskSetsInfo: [
            { taskSetLabel: 'Blue', trafficWeight: 0, targetGroup: { name: 'web-one' } },
            { taskSetLabel: 'Green', trafficWeight: 100, status: 'PRIMARY', runningCount: 2 },
          ],
        },
      },
    })
  })

  test('waits with the test traffic at its tasks until it is told to go on', () => {
    const aws = codeDeployWorld({}, WAITS)
    const id = aws.deploy('web:v2')
    const goOn = () =>
      aws.codeDeploy('ContinueDeployment', { deploymentId: id, deploymentWaitType: 'READY_WAIT' })
    expect(goOn).toThrow(refused('DeploymentIsNotInReadyStateException'))
    aws.clock.advance(MINUTE)
    expect(aws.deployment(id)['status']).toBe('Ready')
    expect([aws.weights('production'), aws.weights('test')]).toEqual([
      [100, 0],
      [0, 100],
    ])
    goOn()
    aws.clock.advance(10_000)
    expect(aws.weights('production')).toEqual([0, 100])
    aws.codeDeploy('ContinueDeployment', { deploymentId: id, deploymentWaitType: 'TERMINATION_WAIT' })
    aws.clock.advance(2000)
    expect(aws.deployment(id)['status']).toBe('Succeeded')
    expect(goOn).toThrow(refused('DeploymentAlreadyCompletedException'))
  })

  test('is stopped where nobody tells it to go on in time', () => {
    const aws = codeDeployWorld({}, WAITS)
    const id = aws.deploy('web:v2')
    aws.clock.advance(62 * MINUTE)
    expect(aws.deployment(id)).toMatchObject({ status: 'Stopped', errorInformation: { code: 'TIMEOUT' } })
    expect(aws.weights('production')).toEqual([100, 0])
  })

  test('moves a tenth and then the rest where its configuration is a canary', () => {
    const aws = codeDeployWorld()
    const id = aws.deploy('web:v2', { deploymentConfigName: 'CodeDeployDefault.ECSCanary10Percent5Minutes' })
    aws.clock.advance(2 * MINUTE)
    expect(aws.weights('production')).toEqual([90, 10])
    expect(aws.taskSets()).toEqual(['PRIMARY web:1', 'ACTIVE web:2'])
    aws.clock.advance(4 * MINUTE)
    expect(aws.weights('production')).toEqual([0, 100])
    expect(aws.deployment(id)['status']).toBe('InProgress')
  })

  test('moves a tenth every minute where its configuration is linear', () => {
    const aws = codeDeployWorld()
    aws.deploy('web:v2', { deploymentConfigName: 'CodeDeployDefault.ECSLinear10PercentEvery1Minutes' })
    aws.clock.advance(2.5 * MINUTE)
    expect(aws.weights('production')).toEqual([70, 30])
  })

  test('that is stopped is rolled back by a deployment of its own', () => {
    const aws = codeDeployWorld()
    const id = aws.deploy('web:v2', { deploymentConfigName: 'CodeDeployDefault.ECSCanary10Percent5Minutes' })
    aws.clock.advance(2 * MINUTE)
    aws.codeDeploy('StopDeployment', { deploymentId: id, autoRollbackEnabled: true })
    const { status, rollbackInfo } = aws.deployment(id) as {
      status: string
      rollbackInfo: Record<string, string>
    }
    expect(status).toBe('Stopped')
    const back = String(rollbackInfo['rollbackDeploymentId'])
    expect(() => aws.deploy('web:v3')).toThrow(refused('DeploymentLimitExceededException'))
    aws.clock.advance(MINUTE)
    expect(aws.deployment(back)).toMatchObject({
      status: 'Succeeded',
      creator: 'codeDeployRollback',
      rollbackInfo: { rollbackTriggeringDeploymentId: id },
    })
    expect([aws.weights('production'), aws.weights('test')]).toEqual([
      [100, 0],
      [100, 0],
    ])
    expect(aws.taskSets()).toEqual(['PRIMARY web:1'])
    expect(() => aws.codeDeploy('StopDeployment', { deploymentId: id })).toThrow(
      refused('DeploymentAlreadyCompletedException'),
    )
  })

  test('goes back from the traffic that it moved already, within the wait for the end of the original tasks', () => {
    const aws = codeDeployWorld()
    const id = aws.deploy('web:v2')
    aws.clock.advance(2 * MINUTE)
    expect(aws.weights('production')).toEqual([0, 100])
    aws.codeDeploy('StopDeployment', { deploymentId: id, autoRollbackEnabled: true })
    aws.clock.advance(MINUTE)
    expect(aws.weights('production')).toEqual([100, 0])
    expect(aws.taskSets()).toEqual(['PRIMARY web:1'])
  })

  test('that nobody rolls back leaves what it did, and the next one cannot begin', () => {
    const aws = codeDeployWorld()
    const id = aws.deploy('web:v2', { deploymentConfigName: 'CodeDeployDefault.ECSCanary10Percent5Minutes' })
    aws.clock.advance(2 * MINUTE)
    aws.codeDeploy('StopDeployment', { deploymentId: id, autoRollbackEnabled: false })
    aws.clock.advance(MINUTE)
    expect(aws.weights('production')).toEqual([90, 10])
    const next = aws.deploy('web:v3')
    aws.clock.advance(5000)
    expect(aws.deployment(next)).toMatchObject({
      status: 'Failed',
      errorInformation: { code: 'INVALID_ECS_SERVICE' },
    })
  })

  test('fails after an hour where its tasks do not become steady', () => {
    const aws = codeDeployWorld({
      autoRollbackConfiguration: { enabled: true, events: ['DEPLOYMENT_FAILURE'] },
    })
    aws.images.set('web:v2', { status: 500 })
    const id = aws.deploy('web:v2')
    aws.clock.advance(59 * MINUTE)
    expect(aws.deployment(id)['status']).toBe('InProgress')
    aws.clock.advance(3 * MINUTE)
    expect(aws.deployment(id)).toMatchObject({ status: 'Failed', errorInformation: { code: 'TIMEOUT' } })
    expect(aws.events(id)).toContain('Install Failed')
    expect(aws.taskSets()).toContain('PRIMARY web:1')
    expect(aws.weights('production')).toEqual([100, 0])
  })

  test('is stopped and rolled back by an alarm', () => {
    const aws = codeDeployWorld({
      alarmConfiguration: { enabled: true, alarms: [{ name: 'errors' }] },
      autoRollbackConfiguration: { enabled: true, events: ['DEPLOYMENT_STOP_ON_ALARM'] },
    })
    const monitoring = (operation: string, input: Record<string, unknown>) =>
      aws.call('monitoring', operation, input)
    monitoring('PutMetricAlarm', {
      AlarmName: 'errors',
      Namespace: 'Shop',
      MetricName: 'Errors',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 5,
      ComparisonOperator: 'GreaterThanThreshold',
    })
    const id = aws.deploy('web:v2')
    aws.clock.advance(2 * MINUTE)
    expect(aws.weights('production')).toEqual([0, 100])
    monitoring('SetAlarmState', { AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'too many' })
    aws.clock.advance(MINUTE)
    expect(aws.deployment(id)).toMatchObject({
      status: 'Stopped',
      errorInformation: {
        code: 'ALARM_ACTIVE',
        message: expect.stringContaining('Activated alarms: <errors>') as string,
      },
    })
    expect(aws.weights('production')).toEqual([100, 0])
  })

  test.each([
    ['Succeeded', 'InProgress', [0, 100]],
    ['Failed', 'Failed', [100, 0]],
  ])('asks the function of a hook, which answers %s', (status, becomes, weights) => {
    const aws = codeDeployWorld({
      autoRollbackConfiguration: { enabled: true, events: ['DEPLOYMENT_FAILURE'] },
    })
    aws.functions.set({ function: 'smoke', answers: [{ payload: null }] })
    const revision = appSpec(aws.define('web:v2'), { Hooks: [{ AfterAllowTraffic: 'smoke' }] })
    const id = aws.deploy('web:v2', { revision })
    aws.clock.advance(10 * MINUTE)
    expect(aws.events(id).at(-1)).toBe('AfterAllowTraffic InProgress')
    const given = aws.functions.list()[0]?.lastPayload as Record<string, string>
    expect(given['DeploymentId']).toBe(id)
    const lifecycleEventHookExecutionId = given['LifecycleEventHookExecutionId']
    const answer = (input: Record<string, unknown>) =>
      aws.codeDeploy('PutLifecycleEventHookExecutionStatus', { deploymentId: id, ...input })
    expect(() => answer({ lifecycleEventHookExecutionId: 'none', status })).toThrow(
      refused('InvalidLifecycleEventHookExecutionIdException'),
    )
    answer({ lifecycleEventHookExecutionId, status })
    aws.clock.advance(MINUTE)
    expect(aws.deployment(id)['status']).toBe(becomes)
    expect(aws.events(id).at(-1)).toBe(`AfterAllowTraffic ${status}`)
    expect(aws.weights('production')).toEqual(weights)
  })

  test('fails where the function of a hook does not exist, or answers nothing for an hour', () => {
    const aws = codeDeployWorld()
    const hooked = () => appSpec(aws.define('web:v2'), { Hooks: [{ BeforeInstall: 'smoke' }] })
    const first = aws.deploy('web:v2', { revision: hooked() })
    aws.clock.advance(5000)
    const failed = { status: 'Failed', errorInformation: { code: 'HOOK_EXECUTION_FAILURE' } }
    expect(aws.deployment(first)).toMatchObject(failed)
    aws.functions.set({ function: 'smoke', answers: [{ payload: null }] })
    const second = aws.deploy('web:v2', { revision: hooked() })
    aws.clock.advance(59 * MINUTE)
    expect(aws.deployment(second)['status']).toBe('InProgress')
    aws.clock.advance(2 * MINUTE)
    expect(aws.deployment(second)).toMatchObject(failed)
  })

  test('asks for what cannot be deployed are refused', () => {
    const aws = codeDeployWorld()
    const start = (input: Record<string, unknown>) => () =>
      aws.codeDeploy('CreateDeployment', { ...APPLICATION, ...input })
    expect(start({})).toThrow(refused('RevisionRequiredException'))
    const yaml = { revisionType: 'AppSpecContent', appSpecContent: { content: 'version: 0.0' } }
    expect(start({ revision: yaml })).toThrow(refused('InvalidRevisionException'))
    expect(start({ revision: { revisionType: 'S3' } })).toThrow(refused('InvalidRevisionException'))
    const revision = appSpec('web:1')
    expect(start({ revision, deploymentConfigName: 'Custom' })).toThrow(
      refused('DeploymentConfigDoesNotExistException'),
    )
    expect(start({ revision, deploymentGroupName: 'none' })).toThrow(
      refused('DeploymentGroupDoesNotExistException'),
    )
    expect(start({ revision, applicationName: 'none' })).toThrow(refused('ApplicationDoesNotExistException'))
    const hooked = appSpec('web:1', { Hooks: [{ Install: 'smoke' }] })
    expect(start({ revision: hooked })).toThrow(refused('InvalidRevisionException'))
    expect(() => aws.deployment('d-NONE')).toThrow(refused('DeploymentDoesNotExistException'))
  })

  test('of a task definition that does not exist fails with the words of ECS', () => {
    const aws = codeDeployWorld()
    const id = String(
      aws.codeDeploy('CreateDeployment', { ...APPLICATION, revision: appSpec('web:77') })['deploymentId'],
    )
    aws.clock.advance(5000)
    expect(aws.deployment(id)).toMatchObject({
      status: 'Failed',
      errorInformation: { code: 'ECS_UPDATE_ERROR' },
    })
  })

  test('is listed, the newest first, and can be told by its status', () => {
    const aws = codeDeployWorld()
    const first = aws.deploy('web:v2')
    aws.clock.advance(10 * MINUTE)
    const second = aws.deploy('web:v3')
    const listed = (input = {}) =>
      aws.codeDeploy('ListDeployments', { ...APPLICATION, ...input })['deployments']
    expect(listed()).toEqual([second, first])
    expect(listed({ includeOnlyStatuses: ['Succeeded'] })).toEqual([first])
    expect(aws.codeDeploy('BatchGetDeployments', { deploymentIds: [first, 'd-NONE'] })).toMatchObject({
      deploymentsInfo: [{ deploymentId: first, status: 'Succeeded' }],
    })
  })

  test('goes on after the world was saved and loaded', () => {
    const aws = codeDeployWorld()
    const id = aws.deploy('web:v2')
    aws.clock.advance(5000)
    aws.world.load(JSON.parse(JSON.stringify(aws.world.dump())))
    aws.clock.advance(10 * MINUTE)
    expect(aws.deployment(id)['status']).toBe('Succeeded')
  })
})
