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
