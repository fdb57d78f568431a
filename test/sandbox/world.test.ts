import { describe, expect, test } from 'vitest'
import { elbWorld } from './support/elb-world.ts'

const call = (operation: string, input = {}) => ({ service: 'elasticloadbalancing', operation, input })
const group = (name: string) =>
  call('CreateTargetGroup', { Name: name, Protocol: 'HTTP', Port: 80, VpcId: 'vpc-1', TargetType: 'ip' })

describe('throttling', () => {
  test('lets a burst through, then the sustained rate of the bucket that all reads share', () => {
    const { world, clock } = elbWorld({ throttling: true })
    const reads = ['DescribeTargetGroups', 'DescribeLoadBalancers']
    const codes = Array.from(
      { length: 42 },
      (_value, index) => world.attempt(call(reads[index % 2] ?? '')).error?.code,
    )
    expect(codes.filter((code) => code === undefined)).toHaveLength(40)
    expect(codes.at(-1)).toBe('Throttling')
    clock.advance(1000)
    const later = Array.from({ length: 12 }, () => world.attempt(call('DescribeTargetGroups')).error?.code)
    expect(later.filter((code) => code === undefined)).toHaveLength(10)
  })

  test('keeps writes and reads, and regions, in buckets of their own', () => {
    const { world } = elbWorld({ throttling: true })
    for (let index = 0; index < 20; index += 1) world.attempt(group(`g${index}`))
    expect(world.attempt(group('more')).error?.code).toBe('Throttling')
    expect(world.attempt(call('DescribeTargetGroups')).error).toBeUndefined()
    expect(world.attempt({ ...group('more'), region: 'us-east-1' }).error).toBeUndefined()
  })

  test('is off unless asked for, and counts what it refused when on', () => {
    const { world } = elbWorld()
    for (let index = 0; index < 100; index += 1)
      expect(world.attempt(call('DescribeTargetGroups')).error).toBeUndefined()
    world.settings.throttling = true
    for (let index = 0; index < 100; index += 1) world.attempt(call('DescribeTargetGroups'))
    expect(world.calls.list()).toEqual([
      {
        service: 'elasticloadbalancing',
        operation: 'DescribeTargetGroups',
        count: 200,
        writes: false,
        known: true,
      },
    ])
  })
})

describe('a fault', () => {
  const at = { service: 'elasticloadbalancing', operation: '*' }

  test('with an error refuses as many calls as it counts, and nothing happens', () => {
    const { world } = elbWorld()
    world.faults.add({ ...at, operation: 'CreateTargetGroup', error: 'ServiceUnavailable', count: 2 })
    const replies = [1, 2, 3].map(() => world.attempt(group('blue')))
    expect(replies.map((reply) => reply.error?.status)).toEqual([503, 503, undefined])
    expect(world.elb.tables.targetGroups.list()).toHaveLength(1)
  })

  test.each([
    ['ConnectionReset', 'reset', 0],
    ['TimeoutAfterWrite', 'never', 1],
  ])('of delivery: %s is delivered as %s with %i rows written', (error, delivery, rows) => {
    const { world } = elbWorld()
    world.faults.add({ ...at, error })
    expect(world.attempt(group('blue')).delivery).toBe(delivery)
    expect(world.elb.tables.targetGroups.list()).toHaveLength(rows)
  })

  test('of staleness shows reads the world before a write, and writes the present', () => {
    const { world, clock, elb } = elbWorld()
    clock.advance(10_000)
    elb('CreateTargetGroup', group('blue').input)
    world.faults.add({ ...at, staleForMs: 5000 })
    expect(elb('DescribeTargetGroups')).toEqual({ TargetGroups: [] })
    expect(() => elb('DescribeTargetGroups', { Names: ['blue'] })).toThrow(
      'One or more target groups not found',
    )
    expect(() => elb('CreateTargetGroup', { ...group('blue').input, Port: 81 })).toThrow(/same name/)
    clock.advance(5000)
    expect(elb('DescribeTargetGroups')).toMatchObject({ TargetGroups: [{ TargetGroupName: 'blue' }] })
  })

  test('with a rate strikes its share of calls, and the latencies of all faults add up', () => {
    const { world } = elbWorld()
    world.faults.add({ ...at, latencyMs: 100 })
    world.faults.add({ ...at, latencyMs: 50, rate: 0.25 })
    const latencies = Array.from(
      { length: 1000 },
      () => world.attempt(call('DescribeTargetGroups')).latencyMs,
    )
    expect(new Set(latencies)).toEqual(new Set([100, 150]))
    const share = latencies.filter((latency) => latency === 150).length / 1000
    expect(share).toBeGreaterThan(0.2)
    expect(share).toBeLessThan(0.3)
  })
})

test.each([
  ['elasticloadbalancing', 'NoSuchThing', 'InvalidAction', true],
  ['ec2', 'DescribeVpcs', 'InvalidAction', false],
  ['ec2', 'toString', 'InvalidAction', true],
])(
  'an operation that is not there is refused and counted as unknown: %s %s',
  (service, operation, code, writes) => {
    const { world } = elbWorld()
    expect(world.attempt({ service, operation, input: {} }).error?.code).toBe(code)
    expect(world.calls.list()).toEqual([{ service, operation, count: 1, writes, known: false }])
  },
)

test('the same seed makes the same ids', () => {
  const arns = [7, 7, 8].map((seed) => elbWorld({}, seed).targetGroup('blue'))
  expect(arns[0]).toBe(arns[1])
  expect(arns[0]).not.toBe(arns[2])
})

test('a state that is not one is refused before anything is replaced', () => {
  const { world, targetGroup } = elbWorld()
  targetGroup('blue')
  expect(() => world.load([])).toThrow(RangeError)
  expect(() => world.load({})).toThrow('the state has no elasticloadbalancing')
  expect(world.elb.tables.targetGroups.list()).toHaveLength(1)
})
