import { describe, expect, test } from 'vitest'
import { behind, ecsWorld, type EcsTestWorld } from '../support/ecs-world.ts'

/** A service of `count` tasks of v1 behind a target group, in its steady state. */
function steady(count: number, more: Record<string, unknown> = {}): EcsTestWorld {
  const aws = ecsWorld()
  const taskDefinition = aws.define('web:v1')
  const group = aws.targetGroup('web')
  aws.service('web', { taskDefinition, desiredCount: count, ...behind(group), ...more })
  aws.clock.advance(10_000)
  return aws
}

const statuses = (aws: EcsTestWorld): string[] =>
  aws
    .tasks('web')
    .map((task) => String(task['lastStatus']))
    .toSorted((one, other) => one.localeCompare(other))

describe('a rolling deployment', () => {
  test('goes from PROVISIONING to RUNNING, registers its tasks and reaches a steady state', () => {
    const aws = ecsWorld()
    const taskDefinition = aws.define('web:v1')
    aws.service('web', { taskDefinition, desiredCount: 2, ...behind(aws.targetGroup('web')) })
    aws.clock.advance(1)
    expect(statuses(aws)).toEqual(['PROVISIONING', 'PROVISIONING'])
    expect(aws.see('web')).toMatchObject({ runningCount: 0, pendingCount: 2, desiredCount: 2 })
    aws.clock.advance(500)
    expect(statuses(aws)).toEqual(['PENDING', 'PENDING'])
    aws.clock.advance(500)
    expect(statuses(aws)).toEqual(['RUNNING', 'RUNNING'])
    expect(aws.see('web').deployments).toMatchObject([{ rolloutState: 'IN_PROGRESS', status: 'PRIMARY' }])
    aws.clock.advance(2000)
    expect(aws.see('web')).toMatchObject({ runningCount: 2, pendingCount: 0 })
    expect(aws.see('web').deployments).toMatchObject([{ rolloutState: 'COMPLETED', failedTasks: 0 }])
    const told = aws
      .told('web')
      .map((message) => message.replaceAll(/ecs-svc\/\d+|\(task \w+\)|arn:\S+(?=\))/g, '_'))
    expect(told).toEqual([
      '(service web) has started 2 tasks: _ _.',
      '(service web) registered 1 targets in (target-group _)',
      '(service web) registered 1 targets in (target-group _)',
      '(service web) (deployment _) deployment completed.',
      '(service web) has reached a steady state.',
    ])
  })

  test('starts the new tasks first, and keeps the old deployment until its tasks have drained', () => {
    const aws = steady(2)
    const next = aws.define('web:v2')
    aws.ecs('UpdateService', { cluster: 'demo', service: 'web', taskDefinition: next })
    aws.clock.advance(5000)
    expect(aws.see('web').deployments).toMatchObject([
      { status: 'PRIMARY', taskDefinition: next, runningCount: 2, rolloutState: 'IN_PROGRESS' },
      { status: 'ACTIVE', runningCount: 2, desiredCount: 0 },
    ])
    expect(statuses(aws)).toEqual(['DEACTIVATING', 'DEACTIVATING', 'RUNNING', 'RUNNING'])
    aws.clock.advance(40_000)
    expect(aws.see('web').deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED' }])
    expect(statuses(aws)).toEqual(['RUNNING', 'RUNNING', 'STOPPED', 'STOPPED'])
    const stopped = aws.tasks('web').find((task) => task['lastStatus'] === 'STOPPED')
    expect(stopped).toMatchObject({ stopCode: 'ServiceSchedulerInitiated', desiredStatus: 'STOPPED' })
  })

  test('only scales, without a new deployment, when nothing but the desired count changes', () => {
    const aws = steady(2)
    const [before] = aws.see('web').deployments
    aws.ecs('UpdateService', { cluster: 'demo', service: 'web', desiredCount: 1 })
    aws.clock.advance(2000)
    expect(aws.see('web').deployments).toMatchObject([{ id: before?.['id'], desiredCount: 1 }])
    expect(aws.see('web')).toMatchObject({ runningCount: 2 })
    aws.clock.advance(40_000)
    expect(aws.see('web')).toMatchObject({ runningCount: 1, pendingCount: 0 })
  })

  test('starts the same revision again when a new deployment is forced', () => {
    const aws = steady(1)
    const [before] = aws.see('web').deployments
    aws.ecs('UpdateService', { cluster: 'demo', service: 'web', forceNewDeployment: true })
    aws.clock.advance(60_000)
    expect(aws.see('web').deployments).toMatchObject([{ rolloutState: 'COMPLETED' }])
    expect(aws.see('web').deployments[0]?.['id']).not.toBe(before?.['id'])
  })

  test('replaces a task that crashes and one that turns unhealthy', () => {
    const aws = steady(1)
    const first = aws.tasks('web')[0]?.['taskArn']
    aws.images.set('web:v1', { crashAfterSeconds: 12 })
    aws.clock.advance(4000)
    expect(aws.tasks('web').find((task) => task['taskArn'] === first)).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ exitCode: 1 }],
    })
    aws.images.set('web:v1', {})
    aws.clock.advance(10_000)
    expect(aws.see('web')).toMatchObject({ runningCount: 1 })
    aws.images.set('web:v1', { health: { status: 500 } })
    aws.clock.advance(20_000)
    expect(aws.told('web').join('\n')).toContain('is unhealthy in (target-group')
    aws.images.set('web:v1', {})
    aws.clock.advance(60_000)
    expect(aws.see('web')).toMatchObject({ runningCount: 1, pendingCount: 0 })
  })

  test('leaves failing health checks alone within the grace period', () => {
    const aws = ecsWorld()
    aws.images.set('web:v1', { healthyAfterSeconds: 40 })
    const grace = { healthCheckGracePeriodSeconds: 60 }
    const taskDefinition = aws.define('web:v1')
    aws.service('web', { taskDefinition, desiredCount: 1, ...behind(aws.targetGroup('web')), ...grace })
    aws.clock.advance(60_000)
    expect(aws.tasks('web')).toMatchObject([{ lastStatus: 'RUNNING' }])
    expect(aws.see('web').deployments).toMatchObject([{ rolloutState: 'COMPLETED' }])
  })
})

describe('a deployment that fails', () => {
  const breaker = (rollback: boolean) => ({
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback } },
  })

  test('stops being tried after three failed tasks, and the old tasks go on', () => {
    const aws = steady(2, breaker(false))
    aws.images.set('web:v2', { health: { status: 500 } })
    aws.ecs('UpdateService', { cluster: 'demo', service: 'web', taskDefinition: aws.define('web:v2') })
    aws.clock.advance(120_000)
    expect(aws.see('web').deployments).toMatchObject([
      {
        rolloutState: 'FAILED',
        rolloutStateReason: 'ECS deployment circuit breaker: tasks failed to start.',
      },
      { status: 'ACTIVE', runningCount: 2 },
    ])
    const count = aws.tasks('web').length
    aws.clock.advance(120_000)
    expect(aws.tasks('web')).toHaveLength(count)
  })

  test('goes back to the last completed revision when rollback is on', () => {
    const aws = steady(2, breaker(true))
    const before = aws.see('web')
    const good = aws.tasks('web').map((task) => task['taskArn'])
    aws.images.set('web:v2', { missing: true })
    aws.ecs('UpdateService', { cluster: 'demo', service: 'web', taskDefinition: aws.define('web:v2') })
    aws.clock.advance(60_000)
    const after = aws.see('web')
    expect(after['taskDefinition']).toBe(before['taskDefinition'])
    expect(after.deployments).toMatchObject([{ rolloutState: 'COMPLETED', runningCount: 2 }])
    expect(aws.tasks('web').filter((task) => task['lastStatus'] === 'RUNNING')).toMatchObject(
      good.map((taskArn) => ({ taskArn })),
    )
    const { serviceDeployments } = aws.ecs('ListServiceDeployments', { cluster: 'demo', service: 'web' })
    expect(serviceDeployments).toMatchObject([{ status: 'ROLLBACK_SUCCESSFUL' }, { status: 'SUCCESSFUL' }])
  })

  test('without a circuit breaker retries with growing pauses, and heals when the image is pushed', () => {
    const aws = ecsWorld()
    aws.images.set('web:v1', { missing: true })
    aws.service('web', { taskDefinition: aws.define('web:v1'), desiredCount: 1 })
    aws.clock.advance(120_000)
    const [task] = aws.tasks('web')
    expect(task).toMatchObject({ stopCode: 'TaskFailedToStart' })
    expect(task?.['stoppedReason']).toMatch(/^CannotPullContainerError: .*web:v1: not found$/)
    const tried = aws.tasks('web').length
    expect(tried).toBeGreaterThan(3)
    expect(tried).toBeLessThan(10)
    aws.images.set('web:v1', {})
    aws.clock.advance(130_000)
    expect(aws.see('web').deployments).toMatchObject([{ rolloutState: 'COMPLETED', failedTasks: 0 }])
  })

  test('hangs in PENDING when the image never starts', () => {
    const aws = ecsWorld()
    aws.images.set('web:v1', { neverStarts: true })
    aws.service('web', { taskDefinition: aws.define('web:v1'), desiredCount: 1 })
    aws.clock.advance(3_600_000)
    expect(aws.tasks('web')).toMatchObject([{ lastStatus: 'PENDING' }])
    expect(aws.see('web').deployments).toMatchObject([{ rolloutState: 'IN_PROGRESS' }])
  })

  test('can be stopped by hand, back to the last completed revision', () => {
    const aws = steady(1)
    const before = aws.see('web')['taskDefinition']
    aws.images.set('web:v2', { neverStarts: true })
    aws.ecs('UpdateService', { cluster: 'demo', service: 'web', taskDefinition: aws.define('web:v2') })
    aws.clock.advance(5000)
    const serviceDeploymentArn = aws.see('web')['currentServiceDeployment']
    aws.ecs('StopServiceDeployment', { serviceDeploymentArn })
    aws.clock.advance(5000)
    expect(aws.see('web')).toMatchObject({ taskDefinition: before, runningCount: 1 })
    expect(aws.see('web').deployments).toMatchObject([{ rolloutState: 'COMPLETED' }])
  })
})

describe('the whole world', () => {
  test('goes on where it was after its state was dumped and loaded elsewhere', () => {
    const aws = steady(2)
    aws.ecs('UpdateService', { cluster: 'demo', service: 'web', taskDefinition: aws.define('web:v2') })
    aws.clock.advance(1500)
    const state: unknown = JSON.parse(JSON.stringify(aws.world.dump()))
    const other = ecsWorld({}, 2)
    other.clock.advance(aws.clock.now() - other.clock.now())
    other.world.load(state)
    other.clock.advance(60_000)
    expect(other.see('web').deployments).toMatchObject([{ rolloutState: 'COMPLETED', runningCount: 2 }])
    expect(statuses(other)).toEqual(['RUNNING', 'RUNNING', 'STOPPED', 'STOPPED'])
  })

  test('goes ten times as fast at speed 10', () => {
    const aws = ecsWorld({ speed: 10 })
    const taskDefinition = aws.define('web:v1')
    aws.service('web', { taskDefinition, desiredCount: 1, ...behind(aws.targetGroup('web')) })
    aws.clock.advance(400)
    expect(aws.see('web').deployments).toMatchObject([{ rolloutState: 'COMPLETED' }])
  })
})
