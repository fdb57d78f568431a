import { describe, expect, test } from 'vitest'
import { elbWorld, forward, textAt } from '../support/elb-world.ts'

const CHECK = {
  HealthCheckIntervalSeconds: 10,
  HealthCheckTimeoutSeconds: 5,
  HealthyThresholdCount: 3,
  UnhealthyThresholdCount: 2,
}

function used(settings = {}) {
  const sandbox = elbWorld(settings)
  const group = sandbox.targetGroup('blue', CHECK)
  const listener = sandbox.listener(sandbox.loadBalancer(), [forward({ [group]: 0 })])
  const register = (id: string) =>
    sandbox.elb('RegisterTargets', { TargetGroupArn: group, Targets: [{ Id: id }] })
  const deregister = (id: string) =>
    sandbox.elb('DeregisterTargets', { TargetGroupArn: group, Targets: [{ Id: id }] })
  const health = (id: string) => {
    const answer = sandbox.elb('DescribeTargetHealth', { TargetGroupArn: group, Targets: [{ Id: id }] })
    const path = ['TargetHealthDescriptions', 0, 'TargetHealth']
    const state = textAt(answer, [...path, 'State'])
    return state === 'healthy' ? state : `${state} ${textAt(answer, [...path, 'Reason'])}`
  }
  return { ...sandbox, group, listener, register, deregister, of: health }
}

describe('a target of a group in use, even at weight 0', () => {
  test('is initial until one check passes, and healthy from then on', () => {
    const { register, of, tasks, clock } = used()
    tasks.start('10.0.0.1')
    register('10.0.0.1')
    expect(of('10.0.0.1')).toBe('initial Elb.RegistrationInProgress')
    clock.advance(1000)
    expect(of('10.0.0.1')).toBe('healthy')
  })

  test('becomes unhealthy after the unhealthy threshold, and healthy again after the healthy one', () => {
    const { register, of, tasks, clock } = used()
    tasks.start('10.0.0.1')
    register('10.0.0.1')
    clock.advance(1000)
    tasks.start('10.0.0.1', { behavior: { health: { status: 500 } } })
    clock.advance(10_000)
    expect(of('10.0.0.1')).toBe('healthy')
    clock.advance(10_000)
    expect(of('10.0.0.1')).toBe('unhealthy Target.ResponseCodeMismatch')
    tasks.start('10.0.0.1')
    clock.advance(20_000)
    expect(of('10.0.0.1')).toBe('unhealthy Target.ResponseCodeMismatch')
    clock.advance(10_000)
    expect(of('10.0.0.1')).toBe('healthy')
  })

  test.each([
    ['nobody listens', undefined, 'unhealthy Target.FailedHealthChecks'],
    ['the answer has another status', { status: 503 }, 'unhealthy Target.ResponseCodeMismatch'],
    ['the answer takes longer than the timeout', { latencyMs: 6000 }, 'unhealthy Target.Timeout'],
  ])('says why it is unhealthy when %s', (_title, behavior, expected) => {
    const { register, of, tasks, clock } = used()
    if (behavior !== undefined) tasks.start('10.0.0.1', { behavior })
    register('10.0.0.1')
    clock.advance(1000)
    expect(of('10.0.0.1')).toBe('initial Elb.InitialHealthChecking')
    clock.advance(10_000)
    expect(of('10.0.0.1')).toBe(expected)
  })

  test('drains for the deregistration delay, and is then not registered', () => {
    const { register, deregister, of, tasks, clock, elb, group } = used()
    const Attributes = [{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }]
    elb('ModifyTargetGroupAttributes', { TargetGroupArn: group, Attributes })
    tasks.start('10.0.0.1')
    register('10.0.0.1')
    clock.advance(1000)
    deregister('10.0.0.1')
    clock.advance(29_999)
    expect(of('10.0.0.1')).toBe('draining Target.DeregistrationInProgress')
    clock.advance(1)
    expect(of('10.0.0.1')).toBe('unused Target.NotRegistered')
  })

  test('can be registered again while it drains', () => {
    const { register, deregister, of, tasks, clock } = used()
    tasks.start('10.0.0.1')
    register('10.0.0.1')
    clock.advance(1000)
    deregister('10.0.0.1')
    register('10.0.0.1')
    clock.advance(400_000)
    expect(of('10.0.0.1')).toBe('healthy')
  })

  test('waits ten times less at speed 10', () => {
    const { register, of, tasks, clock } = used({ speed: 10 })
    tasks.start('10.0.0.1')
    register('10.0.0.1')
    clock.advance(100)
    expect(of('10.0.0.1')).toBe('healthy')
  })
})

test('a target is unused and not checked until its group is used, and unused again afterwards', () => {
  const { elb, health, targetGroup, loadBalancer, listener, tasks, clock } = elbWorld()
  const group = targetGroup('blue', CHECK)
  tasks.start('10.0.0.1')
  elb('RegisterTargets', { TargetGroupArn: group, Targets: [{ Id: '10.0.0.1' }] })
  clock.advance(60_000)
  expect(health(group)).toEqual({ '10.0.0.1': 'unused' })
  const arn = listener(loadBalancer(), [forward({ [group]: 1 })])
  clock.advance(1000)
  expect(health(group)).toEqual({ '10.0.0.1': 'healthy' })
  elb('DeleteListener', { ListenerArn: arn })
  expect(health(group)).toEqual({ '10.0.0.1': 'unused' })
})

test('whoever listens is told of every change of state and of the end', () => {
  const { world, group, register, deregister, tasks, clock } = used()
  const seen: (string | undefined)[] = []
  world.elb.registry.onHealthChange(({ state }) => seen.push(state))
  tasks.start('10.0.0.1')
  register('10.0.0.1')
  clock.advance(1000)
  deregister('10.0.0.1')
  clock.advance(300_000)
  expect(seen).toEqual(['initial', 'healthy', 'draining', undefined])
  expect(world.elb.registry.health(group, { id: '10.0.0.1', port: 80 })).toBeUndefined()
})

test('a restored state goes on with its checks and its draining', () => {
  const first = used()
  first.tasks.start('10.0.0.1')
  first.register('10.0.0.1')
  first.register('10.0.0.2')
  first.clock.advance(1000)
  first.deregister('10.0.0.2')
  const second = elbWorld()
  second.tasks.start('10.0.0.1')
  second.world.load(JSON.parse(JSON.stringify(first.world.dump())))
  expect(second.health(first.group)).toEqual({ '10.0.0.1': 'healthy', '10.0.0.2': 'draining' })
  second.tasks.stop('10.0.0.1')
  second.clock.advance(300_000)
  expect(second.health(first.group)).toEqual({ '10.0.0.1': 'unhealthy' })
})
