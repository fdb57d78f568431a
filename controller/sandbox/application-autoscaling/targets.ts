import { timestamp, type CallContext, type Members, type Operation } from '../kernel/operation.ts'
import { hexId } from '../kernel/random.ts'
import { optionalFlag, optionalInteger, optionalRecord, optionalText, texts } from '../members.ts'
import { pageOf } from '../paging.ts'
import {
  dimensionOf,
  keyOf,
  livingTargets,
  namespaceOf,
  objectNotFound,
  serviceIn,
  validation,
  words,
  type Dimension,
  type ScalableTarget,
  type ScalingWorld,
} from './state.ts'

/** RegisterScalableTarget, which also changes one, DescribeScalableTargets and DeregisterScalableTarget. */
export function targetOperations(world: ScalingWorld): Record<string, Operation> {
  return {
    RegisterScalableTarget: {
      writes: true,
      bucket: 'other',
      handle: (input, context) => register(world, input, context),
    },
    DescribeScalableTargets: {
      writes: false,
      bucket: 'other',
      handle: (input, context) => describe(world, input, context),
    },
    DeregisterScalableTarget: {
      writes: true,
      bucket: 'other',
      handle: (input, context) => deregister(world, input, context),
    },
  }
}

const NOTHING_SUSPENDED = {
  DynamicScalingInSuspended: false,
  DynamicScalingOutSuspended: false,
  ScheduledScalingSuspended: false,
}

function register(world: ScalingWorld, input: Members, context: CallContext): Members {
  const dimension = dimensionOf(input)
  if (!world.serviceExists(serviceIn(dimension) ?? '', context)) {
    throw validation(`ECS service doesn't exist: ${dimension.ResourceId}`)
  }
  const key = keyOf(dimension, context)
  const before = world.targets.get(key)
  const target: ScalableTarget = {
    ...(before ?? fresh(world, dimension, input, context)),
    ...boundsOf(input, before),
    suspended: suspendedOf(input, before),
  }
  world.targets.put(key, target)
  bringIntoBounds(world, target, context)
  return { ScalableTargetARN: target.arn }
}

/** AWS brings the capacity of an active resource into the bounds at each registration, suspended or not. */
function bringIntoBounds({ services }: ScalingWorld, target: ScalableTarget, context: CallContext): void {
  const service = serviceIn(target) ?? ''
  const count = services.desiredCount(service, context)
  if (count === undefined) return
  const within = Math.min(Math.max(count, target.minimum), target.maximum)
  if (within !== count) services.setDesiredCount(service, within, context)
}

function fresh(
  world: ScalingWorld,
  dimension: Dimension,
  input: Members,
  context: CallContext,
): Omit<ScalableTarget, 'minimum' | 'maximum' | 'suspended'> {
  const role =
    'aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService'
  return {
    ...dimension,
    arn: `arn:aws:application-autoscaling:${context.region}:${context.accountId}:scalable-target/${hexId(world.random, 34)}`,
    region: context.region,
    roleArn: optionalText(input, 'RoleARN') ?? `arn:aws:iam::${context.accountId}:role/${role}`,
    createdAt: context.now,
    tags: (optionalRecord(input, 'Tags') ?? {}) as ScalableTarget['tags'],
  }
}

/** A new target needs both bounds; a known one keeps what is left out. */
function boundsOf(input: Members, before: ScalableTarget | undefined): { minimum: number; maximum: number } {
  const minimum = optionalInteger(input, 'MinCapacity') ?? before?.minimum
  const maximum = optionalInteger(input, 'MaxCapacity') ?? before?.maximum
  if (minimum === undefined || maximum === undefined) {
    throw validation('Both MinCapacity and MaxCapacity must be specified for a new scalable target')
  }
  if (minimum < 0 || maximum < 0) throw validation('Minimum and maximum capacity must be at least 0')
  if (minimum > maximum) throw validation('Maximum capacity cannot be less than minimum capacity')
  return { minimum, maximum }
}

/** What a request leaves out of SuspendedState stays as it was. */
function suspendedOf(input: Members, before: ScalableTarget | undefined): ScalableTarget['suspended'] {
  const given = optionalRecord(input, 'SuspendedState') ?? {}
  const was = before?.suspended ?? NOTHING_SUSPENDED
  return Object.fromEntries(Object.entries(was).map(([name, is]) => [name, optionalFlag(given, name) ?? is]))
}

function describe(world: ScalingWorld, input: Members, context: CallContext): Members {
  const namespace = namespaceOf(input)
  const ids = texts(input, 'ResourceIds')
  const dimension = optionalText(input, 'ScalableDimension')
  const found = livingTargets(world, context.read(world.targets), context).filter(
    (target) =>
      target.ServiceNamespace === namespace &&
      (ids.length === 0 || ids.includes(target.ResourceId)) &&
      (dimension === undefined || target.ScalableDimension === dimension),
  )
  const { items, nextToken } = pageOf(
    found,
    { maxResults: input['MaxResults'], nextToken: input['NextToken'] },
    50,
  )
  return { ScalableTargets: items.map(view), NextToken: nextToken }
}

function view(target: ScalableTarget): Members {
  return {
    ServiceNamespace: target.ServiceNamespace,
    ResourceId: target.ResourceId,
    ScalableDimension: target.ScalableDimension,
    MinCapacity: target.minimum,
    MaxCapacity: target.maximum,
    RoleARN: target.roleArn,
    CreationTime: timestamp(target.createdAt),
    SuspendedState: target.suspended,
    ScalableTargetARN: target.arn,
  }
}

/** Takes the target's policies with it. */
function deregister(world: ScalingWorld, input: Members, context: CallContext): Members {
  const dimension = dimensionOf(input)
  const key = keyOf(dimension, context)
  if (world.targets.get(key) === undefined) {
    throw objectNotFound(`No scalable target found for ${words(dimension)}`)
  }
  world.targets.delete(key)
  for (const [id] of world.policies.dump()) if (id.startsWith(`${key}|`)) world.policies.delete(id)
  return {}
}
