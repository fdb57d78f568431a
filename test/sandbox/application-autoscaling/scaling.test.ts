import { describe, expect, test } from 'vitest'
import { ecsWorld } from '../support/ecs-world.ts'

const dimension = {
  ServiceNamespace: 'ecs',
  ResourceId: 'service/demo/web',
  ScalableDimension: 'ecs:service:DesiredCount',
}
const tracking = {
  ...dimension,
  PolicyName: 'cpu',
  PolicyType: 'TargetTrackingScaling',
  TargetTrackingScalingPolicyConfiguration: {
    TargetValue: 60,
    PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
  },
}
const bounds = { MinCapacity: 1, MaxCapacity: 3 }
const refused = (code: string) => expect.objectContaining({ code }) as Error

/** A world with a service `web` that has no task. */
function world() {
  const aws = ecsWorld()
  const scaling = (operation: string, input: object = {}) =>
    aws.call('application-autoscaling', operation, { ...input })
  aws.service('web', { taskDefinition: aws.define('web:v1'), desiredCount: 0 })
  const targets = () => scaling('DescribeScalableTargets', { ServiceNamespace: 'ecs' })['ScalableTargets']
  const policies = () => scaling('DescribeScalingPolicies', { ServiceNamespace: 'ecs' })['ScalingPolicies']
  return { aws, scaling, targets, policies }
}

describe('Application Auto Scaling', () => {
  test('registers a target, and changes of it what a later call names', () => {
    const { scaling, targets } = world()
    const made = scaling('RegisterScalableTarget', { ...dimension, ...bounds, Tags: { a: 'b' } })
    const nothing = {
      DynamicScalingInSuspended: false,
      DynamicScalingOutSuspended: false,
      ScheduledScalingSuspended: false,
    }
    expect(targets()).toMatchObject([{ ...dimension, ...bounds, SuspendedState: nothing }])
    const SuspendedState = { DynamicScalingInSuspended: true }
    expect(scaling('RegisterScalableTarget', { ...dimension, MaxCapacity: 5, SuspendedState })).toEqual(made)
    expect(targets()).toMatchObject([
      { MinCapacity: 1, MaxCapacity: 5, SuspendedState: { ...nothing, ...SuspendedState } },
    ])
    const ResourceARN = made['ScalableTargetARN']
    scaling('TagResource', { ResourceARN, Tags: { c: 'd' } })
    scaling('UntagResource', { ResourceARN, TagKeys: ['a'] })
    expect(scaling('ListTagsForResource', { ResourceARN })).toEqual({ Tags: { c: 'd' } })
  })

  test('keeps policies, each with the two alarms of a tracked target', () => {
    const { scaling, policies } = world()
    scaling('RegisterScalableTarget', { ...dimension, ...bounds })
    const made = scaling('PutScalingPolicy', tracking)
    const changed = {
      ...tracking,
      TargetTrackingScalingPolicyConfiguration: {
        ...tracking.TargetTrackingScalingPolicyConfiguration,
        TargetValue: 70,
      },
    }
    expect(scaling('PutScalingPolicy', changed)).toEqual(made)
    expect(policies()).toMatchObject([{ ...changed, PolicyARN: made['PolicyARN'], Alarms: made['Alarms'] }])
    expect(made['Alarms']).toHaveLength(2)
    scaling('DeleteScalingPolicy', { ...dimension, PolicyName: 'cpu' })
    expect(policies()).toEqual([])
  })

  test('lets policies go with their target, and a target with its service', () => {
    const { aws, scaling, targets, policies } = world()
    const make = () => {
      scaling('RegisterScalableTarget', { ...dimension, ...bounds })
      scaling('PutScalingPolicy', tracking)
    }
    make()
    scaling('DeregisterScalableTarget', dimension)
    expect([targets(), policies()]).toEqual([[], []])
    make()
    aws.ecs('DeleteService', { cluster: 'demo', service: 'web', force: true })
    aws.clock.advance(600_000)
    expect([targets(), policies()]).toEqual([[], []])
  })

  test.each([
    ['RegisterScalableTarget', { ...dimension, MinCapacity: 1 }, 'ValidationException'],
    ['RegisterScalableTarget', { ...dimension, MinCapacity: 4, MaxCapacity: 3 }, 'ValidationException'],
    ['RegisterScalableTarget', { ...dimension, ...bounds, ResourceId: 'demo/web' }, 'ValidationException'],
    ['DescribeScalableTargets', { ServiceNamespace: 'dynamodb' }, 'ValidationException'],
    ['DeregisterScalableTarget', dimension, 'ObjectNotFoundException'],
    ['PutScalingPolicy', tracking, 'ObjectNotFoundException'],
    ['DeleteScalingPolicy', { ...dimension, PolicyName: 'x' }, 'ObjectNotFoundException'],
    ['ListTagsForResource', { ResourceARN: 'arn' }, 'ResourceNotFoundException'],
  ])('refuses %s %j', (operation, input, code) => {
    expect(() => world().scaling(operation, input)).toThrow(refused(code))
  })

  test('refuses a service that is not there in the words of AWS', () => {
    const ResourceId = 'service/demo/other'
    expect(() => world().scaling('RegisterScalableTarget', { ...dimension, ...bounds, ResourceId })).toThrow(
      "ECS service doesn't exist: service/demo/other",
    )
  })
})

describe('the count of a service', () => {
  const count = (aws: ReturnType<typeof ecsWorld>): unknown =>
    (
      aws.ecs('DescribeServices', { cluster: 'demo', services: ['web'] })['services'] as {
        desiredCount: number
      }[]
    )[0]?.desiredCount
  const none = { DynamicScalingInSuspended: false, DynamicScalingOutSuspended: false }

  test.each([
    [0, bounds, 1],
    [5, bounds, 3],
    [2, bounds, 2],
    [2, { MinCapacity: 0, MaxCapacity: 0 }, 0],
  ])('%i is brought into %j by a registration, also a suspended one', (before, given, after) => {
    const { aws, scaling } = world()
    aws.ecs('UpdateService', { cluster: 'demo', service: 'web', desiredCount: before })
    const SuspendedState = { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: true }
    scaling('RegisterScalableTarget', { ...dimension, ...given, SuspendedState })
    expect(count(aws)).toBe(after)
  })

  test.each([
    [2, none, 3, 3],
    [2, none, 9, 3],
    [2, none, 0, 1],
    [2, { DynamicScalingInSuspended: true }, 1, 2],
    [2, { DynamicScalingInSuspended: true }, 3, 3],
    [2, { DynamicScalingOutSuspended: true }, 3, 2],
    [2, { DynamicScalingOutSuspended: true }, 1, 1],
    [5, none, 6, 5],
    [0, none, 0, 0],
  ])('%i with %j whose policies want %i is %i then', (before, SuspendedState, wanted, after) => {
    const { aws, scaling } = world()
    scaling('RegisterScalableTarget', { ...dimension, ...bounds, SuspendedState })
    scaling('PutScalingPolicy', tracking)
    aws.ecs('UpdateService', { cluster: 'demo', service: 'web', desiredCount: before })
    expect(aws.world.demand('demo/web', wanted)).toBe(after)
    expect(count(aws)).toBe(after)
  })

  test('without a target, or without a policy, follows nobody', () => {
    const { aws, scaling } = world()
    const refusal = 'demo/web has no scalable target with a policy'
    expect(() => aws.world.demand('demo/web', 2)).toThrow(refusal)
    scaling('RegisterScalableTarget', { ...dimension, ...bounds })
    expect(() => aws.world.demand('demo/web', 2)).toThrow(refusal)
  })
})
