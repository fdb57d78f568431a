import { describe, expect, test } from 'vitest'
import { blueGreenService, blueGreenWorld, servingBlueGreen } from '../support/blue-green.ts'
import type { BlueGreenWorld } from '../support/blue-green.ts'

const BLUE_GREEN = { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 }
const MINUTE = 60_000

const pausedAt = (...lifecycleStages: string[]) => ({
  ...BLUE_GREEN,
  lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages }],
})

/** Every stage that shows while so many seconds pass, with the weights of the production rule, each said once. */
function story(aws: BlueGreenWorld, seconds: number): string[] {
  const told: string[] = []
  for (let second = 0; second < seconds; second += 1) {
    const line = `${String(aws.newest()['lifecycleStage'])} ${aws.weights(aws.productionRule).join('/')}`
    if (told.at(-1) !== line) told.push(line)
    aws.clock.advance(1000)
  }
  return told
}

function advanceTo(aws: BlueGreenWorld, stage: string): void {
  for (let second = 0; second < 3600; second += 1) {
    if (aws.newest()['lifecycleStage'] === stage) return
    aws.clock.advance(1000)
  }
  throw new Error(`the deployment never came to ${stage}: ${JSON.stringify(aws.newest())}`)
}

const answerPause = (aws: BlueGreenWorld, action?: string): void => {
  const { serviceDeploymentArn, lifecycleHookDetails } = aws.newest()
  const hookId = lifecycleHookDetails?.[0]?.['hookId']
  aws.ecs('ContinueServiceDeployment', { serviceDeploymentArn, hookId, action })
}

describe('a blue/green deployment', () => {
  test('begins with all traffic at the target group of its first revision', () => {
    const aws = servingBlueGreen(BLUE_GREEN)
    expect(aws.newest()).toMatchObject({ status: 'SUCCESSFUL', lifecycleStage: 'CLEAN_UP' })
    expect(aws.weights(aws.productionRule)).toEqual([100, 0])
    expect(aws.see('web')).toMatchObject({ runningCount: 2 })
  })

  test('goes through its stages, bakes both revisions, and ends with the new one alone', () => {
    const aws = servingBlueGreen(BLUE_GREEN)
    aws.deploy('web:v2')
    expect(story(aws, 400)).toEqual([
      'PRE_SCALE_UP 100/0',
      'SCALE_UP 100/0',
      'POST_SCALE_UP 100/0',
      'TEST_TRAFFIC_SHIFT 100/0',
      'POST_TEST_TRAFFIC_SHIFT 100/0',
      'PRE_PRODUCTION_TRAFFIC_SHIFT 100/0',
      'PRODUCTION_TRAFFIC_SHIFT 0/100',
      'POST_PRODUCTION_TRAFFIC_SHIFT 0/100',
      'BAKE_TIME 0/100',
      'CLEAN_UP 0/100',
    ])
    expect(aws.newest()).toMatchObject({ status: 'SUCCESSFUL' })
    expect(aws.weights(aws.testRule)).toEqual([0, 100])
    expect(aws.see('web').deployments).toMatchObject([{ rolloutState: 'COMPLETED', runningCount: 2 }])
  })

  test('keeps the old revision at its full count until the bake time is over', () => {
    const aws = servingBlueGreen(BLUE_GREEN)
    aws.deploy('web:v2')
    advanceTo(aws, 'BAKE_TIME')
    expect(aws.see('web').deployments).toMatchObject([{ runningCount: 2 }, { runningCount: 2 }])
    expect(aws.newest()).toMatchObject({
      status: 'IN_PROGRESS',
      targetServiceRevision: { requestedProductionTrafficWeight: 100, requestedTestTrafficWeight: 100 },
      sourceServiceRevisions: [{ requestedProductionTrafficWeight: 0, runningTaskCount: 2 }],
    })
  })

  test('alternates between the two target groups', () => {
    const aws = servingBlueGreen({ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 })
    for (const [image, weights] of [
      ['web:v2', [0, 100]],
      ['web:v3', [100, 0]],
    ] as const) {
      aws.deploy(image)
      aws.clock.advance(2 * MINUTE)
      expect(aws.newest()).toMatchObject({ status: 'SUCCESSFUL' })
      expect(aws.weights(aws.productionRule)).toEqual(weights)
    }
  })

  test('starts no deployment where only the count changes, and scales both revisions meanwhile', () => {
    const aws = servingBlueGreen(BLUE_GREEN)
    const arn = aws.deploy('web:v2')
    advanceTo(aws, 'BAKE_TIME')
    aws.ecs('UpdateService', { cluster: 'demo', service: 'web', desiredCount: 3 })
    aws.clock.advance(30_000)
    expect(aws.newest()).toMatchObject({ serviceDeploymentArn: arn })
    expect(aws.see('web').deployments).toMatchObject([{ runningCount: 3 }, { runningCount: 3 }])
  })
})

describe('steps of the production traffic', () => {
  test('are one and then all of it for a canary', () => {
    const canaryConfiguration = { canaryPercent: 10, canaryBakeTimeInMinutes: 2 }
    const aws = servingBlueGreen({ strategy: 'CANARY', bakeTimeInMinutes: 1, canaryConfiguration })
    aws.deploy('web:v2')
    expect(story(aws, 300).filter((line) => line.startsWith('PRODUCTION'))).toEqual([
      'PRODUCTION_TRAFFIC_SHIFT 90/10',
      'PRODUCTION_TRAFFIC_SHIFT 0/100',
    ])
  })

  test('are equal ones for linear, each after its bake time and a stage before it', () => {
    const linearConfiguration = { stepPercent: 40, stepBakeTimeInMinutes: 1 }
    const aws = servingBlueGreen({ strategy: 'LINEAR', bakeTimeInMinutes: 0, linearConfiguration })
    aws.deploy('web:v2')
    advanceTo(aws, 'PRODUCTION_TRAFFIC_SHIFT')
    expect(story(aws, 180)).toEqual([
      'PRODUCTION_TRAFFIC_SHIFT 60/40',
      'PRE_PRODUCTION_TRAFFIC_SHIFT 60/40',
      'PRODUCTION_TRAFFIC_SHIFT 20/80',
      'PRE_PRODUCTION_TRAFFIC_SHIFT 20/80',
      'PRODUCTION_TRAFFIC_SHIFT 0/100',
      'POST_PRODUCTION_TRAFFIC_SHIFT 0/100',
      'CLEAN_UP 0/100',
    ])
  })
})

describe('another strategy', () => {
  test('comes without the steps of the one before', () => {
    const canaryConfiguration = { canaryPercent: 10, canaryBakeTimeInMinutes: 1 }
    const aws = servingBlueGreen({ strategy: 'CANARY', canaryConfiguration })
    aws.deploy('web:v2', { deploymentConfiguration: { strategy: 'BLUE_GREEN' } })
    aws.clock.advance(2 * MINUTE)
    expect(aws.newest()).toMatchObject({ status: 'SUCCESSFUL' })
    expect(aws.see('web')).not.toHaveProperty('deploymentConfiguration.canaryConfiguration')
  })
})

describe('a pause', () => {
  test('holds the deployment until it is continued', () => {
    const aws = servingBlueGreen(pausedAt('POST_TEST_TRAFFIC_SHIFT'))
    answerFirst(aws)
    aws.deploy('web:v2')
    advanceTo(aws, 'POST_TEST_TRAFFIC_SHIFT')
    aws.clock.advance(30 * MINUTE)
    expect(aws.newest()).toMatchObject({
      status: 'IN_PROGRESS',
      lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT',
      lifecycleHookDetails: [{ targetType: 'PAUSE', status: 'AWAITING_ACTION', timeoutAction: 'ROLLBACK' }],
    })
    expect(aws.weights(aws.productionRule)).toEqual([100, 0])
    answerPause(aws)
    aws.clock.advance(3000)
    expect(aws.weights(aws.productionRule)).toEqual([0, 100])
    expect(() => answerPause(aws)).toThrow(/hookId can not be blank|not awaiting/i)
  })

  test('is asked before each step of linear and canary', () => {
    const canaryConfiguration = { canaryPercent: 10, canaryBakeTimeInMinutes: 1 }
    const paused = pausedAt('PRE_PRODUCTION_TRAFFIC_SHIFT')
    const aws = servingBlueGreen({ ...paused, strategy: 'CANARY', canaryConfiguration })
    answerFirst(aws)
    aws.deploy('web:v2')
    for (const weights of [
      [90, 10],
      [0, 100],
    ]) {
      advanceTo(aws, 'PRE_PRODUCTION_TRAFFIC_SHIFT')
      answerPause(aws, 'CONTINUE')
      aws.clock.advance(3000)
      expect(aws.weights(aws.productionRule)).toEqual(weights)
    }
  })

  test('rolls back on request, and by itself after a day', () => {
    for (const act of [
      (aws: BlueGreenWorld) => answerPause(aws, 'ROLLBACK'),
      (aws: BlueGreenWorld) => aws.clock.advance(24 * 60 * MINUTE),
    ]) {
      const aws = servingBlueGreen(pausedAt('POST_TEST_TRAFFIC_SHIFT'))
      answerFirst(aws)
      aws.deploy('web:v2')
      advanceTo(aws, 'POST_TEST_TRAFFIC_SHIFT')
      act(aws)
      aws.clock.advance(MINUTE)
      expect(aws.newest()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL', rollback: { reason: /hook/ } })
      expect(aws.weights(aws.testRule)).toEqual([100, 0])
      expect(aws.see('web').deployments).toMatchObject([{ runningCount: 2, rolloutState: 'COMPLETED' }])
    }
  })
})

/** The first deployment of a service pauses as well. */
function answerFirst(aws: BlueGreenWorld): void {
  answerPause(aws)
  aws.clock.advance(30_000)
}

describe('a rollback', () => {
  test('of a stopped deployment brings the traffic back at once, then takes the new tasks away', () => {
    const aws = servingBlueGreen(BLUE_GREEN)
    const first = aws.see('web')['taskDefinition']
    const serviceDeploymentArn = aws.deploy('web:v2')
    advanceTo(aws, 'BAKE_TIME')
    aws.ecs('StopServiceDeployment', { serviceDeploymentArn, stopType: 'ROLLBACK' })
    aws.clock.advance(1)
    expect(aws.weights(aws.productionRule)).toEqual([100, 0])
    expect(aws.newest()).toMatchObject({ status: 'ROLLBACK_IN_PROGRESS' })
    aws.ecs('StopServiceDeployment', { serviceDeploymentArn, stopType: 'ROLLBACK' })
    aws.clock.advance(MINUTE)
    expect(aws.newest()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' })
    expect(aws.see('web')).toMatchObject({ taskDefinition: first, runningCount: 2 })
    expect(aws.see('web').deployments).toHaveLength(1)
  })

  test('waits at no pause, also where it began at one', () => {
    const aws = servingBlueGreen(pausedAt('POST_TEST_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'))
    answerPause(aws)
    aws.clock.advance(5_000)
    answerPause(aws)
    aws.clock.advance(30_000)
    const serviceDeploymentArn = aws.deploy('web:v2')
    advanceTo(aws, 'POST_TEST_TRAFFIC_SHIFT')
    aws.ecs('StopServiceDeployment', { serviceDeploymentArn, stopType: 'ROLLBACK' })
    aws.clock.advance(30_000)
    expect(aws.newest()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' })
    expect(aws.weights(aws.productionRule)).toEqual([100, 0])
  })

  test('starts no task of a revision that never became healthy once more', () => {
    const aws = servingBlueGreen(BLUE_GREEN)
    aws.images.set('web:v2', { health: { status: 500 } })
    const serviceDeploymentArn = aws.deploy('web:v2')
    aws.clock.advance(5 * MINUTE)
    expect(aws.newest()).toMatchObject({ lifecycleStage: 'SCALE_UP', status: 'IN_PROGRESS' })
    aws.ecs('StopServiceDeployment', { serviceDeploymentArn })
    aws.clock.advance(MINUTE)
    expect(aws.newest()).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' })
    expect(aws.weights(aws.productionRule)).toEqual([100, 0])
  })

  test('follows an alarm, also while both revisions bake', () => {
    const alarms = { alarmNames: ['errors'], enable: true, rollback: true }
    const aws = servingBlueGreen({ ...BLUE_GREEN, alarms })
    aws.call('monitoring', 'PutMetricAlarm', {
      AlarmName: 'errors',
      MetricName: 'Errors',
      Namespace: 'shop',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
    })
    aws.deploy('web:v2')
    advanceTo(aws, 'BAKE_TIME')
    expect(aws.newest()).toMatchObject({ alarms: { status: 'MONITORING', alarmNames: ['errors'] } })
    aws.call('monitoring', 'SetAlarmState', { AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'test' })
    aws.clock.advance(MINUTE)
    expect(aws.newest()).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      rollback: { reason: 'Service deployment rolled back because of a CloudWatch alarm: errors.' },
      alarms: { status: 'TRIGGERED', triggeredAlarmNames: ['errors'] },
    })
  })
})

test('a deployment that another one cuts off is cleared away first, and its traffic comes back', () => {
  const aws = servingBlueGreen(BLUE_GREEN)
  aws.deploy('web:v2')
  advanceTo(aws, 'BAKE_TIME')
  aws.deploy('web:v3')
  expect(story(aws, 60).slice(0, 3)).toEqual([
    'RECONCILE_SERVICE 0/100',
    'RECONCILE_SERVICE 100/0',
    'PRE_SCALE_UP 100/0',
  ])
  aws.clock.advance(6 * MINUTE)
  expect(aws.newest()).toMatchObject({ status: 'SUCCESSFUL' })
  expect(aws.weights(aws.productionRule)).toEqual([0, 100])
})

describe('ECS refuses', () => {
  const hook = (more: object) => ({ ...BLUE_GREEN, lifecycleHooks: [{ targetType: 'PAUSE', ...more }] })
  test.each([
    ['a strategy that it does not have', { strategy: 'SLOW' }, /Invalid deployment strategy/],
    [
      'the circuit breaker',
      { ...BLUE_GREEN, deploymentCircuitBreaker: { enable: true, rollback: true } },
      /circuit breaker/,
    ],
    ['a bake time of more than a day', { ...BLUE_GREEN, bakeTimeInMinutes: 1441 }, /bakeTimeInMinutes/],
    [
      'a canary configuration without a canary',
      { ...BLUE_GREEN, canaryConfiguration: { canaryPercent: 5 } },
      /only valid when the deployment strategy is CANARY/,
    ],
    [
      'linear steps below 3 percent',
      { strategy: 'LINEAR', linearConfiguration: { stepPercent: 2 } },
      /stepPercent must be between/,
    ],
    [
      'a pause while traffic shifts',
      hook({ lifecycleStages: ['PRODUCTION_TRAFFIC_SHIFT'] }),
      /PAUSE hooks can not be configured/,
    ],
    ['a hook without a stage', hook({ lifecycleStages: [] }), /lifecycleStages can not be empty/],
  ])('%s', (_what, configuration, message) => {
    const aws = blueGreenWorld()
    expect(() => aws.service('web', blueGreenService(aws, configuration))).toThrow(message)
  })

  test.each([
    ['a service without its role', { roleArn: undefined }, /roleArn can not be blank/],
    ['an alternate group that is not there', { alternateTargetGroupArn: 'arn:gone' }, /does not exist/],
    ['a rule that is not there', { productionListenerRule: 'arn:gone' }, /listener rule does not exist/],
  ])('%s', (_what, advanced, message) => {
    const aws = blueGreenWorld()
    expect(() => aws.service('web', blueGreenService(aws, BLUE_GREEN, advanced))).toThrow(message)
  })
})
