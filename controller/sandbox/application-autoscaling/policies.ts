import { timestamp, type CallContext, type Members, type Operation } from '../kernel/operation.ts'
import { uuid, type Random } from '../kernel/random.ts'
import { optionalRecord, optionalText, present, texts } from '../members.ts'
import { pageOf } from '../paging.ts'
import {
  dimensionOf,
  keyOf,
  livingTargets,
  namespaceOf,
  objectNotFound,
  required,
  validation,
  words,
  type Dimension,
  type ScalingPolicy,
  type ScalingWorld,
} from './state.ts'

/** PutScalingPolicy, DescribeScalingPolicies and DeleteScalingPolicy. */
export function policyOperations(world: ScalingWorld): Record<string, Operation> {
  return {
    PutScalingPolicy: {
      writes: true,
      bucket: 'other',
      handle: (input, context) => put(world, input, context),
    },
    DescribeScalingPolicies: {
      writes: false,
      bucket: 'other',
      handle: (input, context) => describe(world, input, context),
    },
    DeleteScalingPolicy: {
      writes: true,
      bucket: 'other',
      handle(input, context) {
        const dimension = dimensionOf(input)
        const key = `${keyOf(dimension, context)}|${required(input, 'PolicyName')}`
        if (world.policies.get(key) === undefined) {
          throw objectNotFound(`No scaling policy found for ${words(dimension)}`)
        }
        world.policies.delete(key)
        return {}
      },
    },
  }
}

const CONFIGURATIONS: Readonly<Record<string, string>> = {
  StepScaling: 'StepScalingPolicyConfiguration',
  TargetTrackingScaling: 'TargetTrackingScalingPolicyConfiguration',
}

function put(world: ScalingWorld, input: Members, context: CallContext): Members {
  const dimension = dimensionOf(input)
  const name = required(input, 'PolicyName')
  const target = keyOf(dimension, context)
  if (livingTargets(world, world.targets, context).every((one) => keyOf(one, context) !== target)) {
    throw objectNotFound(`No scalable target registered for ${words(dimension)}`)
  }
  const before = world.policies.get(`${target}|${name}`)
  const type = optionalText(input, 'PolicyType') ?? before?.type ?? 'StepScaling'
  const configuration = CONFIGURATIONS[type]
  const given = configuration === undefined ? undefined : optionalRecord(input, configuration)
  if (configuration === undefined || given === undefined) {
    throw validation(`A policy of the type ${type} needs its configuration`)
  }
  const id = uuid(world.random)
  const policy: ScalingPolicy = before ?? {
    ...dimension,
    region: context.region,
    name,
    type,
    members: {},
    arn: `arn:aws:autoscaling:${context.region}:${context.accountId}:scalingPolicy:${id}:resource/ecs/${dimension.ResourceId}:policyName/${name}`,
    alarms: type === 'TargetTrackingScaling' ? alarmsOf(dimension, world.random, context) : [],
    createdAt: context.now,
  }
  world.policies.put(`${target}|${name}`, { ...policy, type, members: { [configuration]: present(given) } })
  return { PolicyARN: policy.arn, Alarms: policy.alarms }
}

/** The two alarms that AWS would make for a policy that tracks a target, by name: the sandbox has no CloudWatch to hold them. */
function alarmsOf(dimension: Dimension, random: Random, context: CallContext): ScalingPolicy['alarms'] {
  return ['AlarmHigh', 'AlarmLow'].map((kind) => {
    const AlarmName = `TargetTracking-${dimension.ResourceId}-${kind}-${uuid(random)}`
    return {
      AlarmName,
      AlarmARN: `arn:aws:cloudwatch:${context.region}:${context.accountId}:alarm:${AlarmName}`,
    }
  })
}

function describe(world: ScalingWorld, input: Members, context: CallContext): Members {
  const namespace = namespaceOf(input)
  const names = texts(input, 'PolicyNames')
  const resource = optionalText(input, 'ResourceId')
  const dimension = optionalText(input, 'ScalableDimension')
  const targets = new Set(
    livingTargets(world, context.read(world.targets), context).map((target) => keyOf(target, context)),
  )
  const found = context
    .read(world.policies)
    .list()
    .filter(
      (policy) =>
        targets.has(keyOf(policy, context)) &&
        policy.region === context.region &&
        policy.ServiceNamespace === namespace &&
        (names.length === 0 || names.includes(policy.name)) &&
        (resource === undefined || policy.ResourceId === resource) &&
        (dimension === undefined || policy.ScalableDimension === dimension),
    )
  const asked = { maxResults: input['MaxResults'], nextToken: input['NextToken'] }
  const { items, nextToken } = pageOf(found, asked, 50)
  return { ScalingPolicies: items.map(view), NextToken: nextToken }
}

function view(policy: ScalingPolicy): Members {
  return {
    PolicyARN: policy.arn,
    PolicyName: policy.name,
    ServiceNamespace: policy.ServiceNamespace,
    ResourceId: policy.ResourceId,
    ScalableDimension: policy.ScalableDimension,
    PolicyType: policy.type,
    ...policy.members,
    Alarms: policy.alarms,
    CreationTime: timestamp(policy.createdAt),
  }
}
