import type { Clock } from '../kernel/clock.ts'
import { AwsError } from '../kernel/error.ts'
import type { CallContext, Members, Operation, ServiceModel } from '../kernel/operation.ts'
import type { Random } from '../kernel/random.ts'
import { Table } from '../kernel/table.ts'
import { optionalRecord, texts } from '../members.ts'
import { policyOperations } from './policies.ts'
import {
  keyOf,
  livingTargets,
  required,
  serviceIn,
  type ScalableTarget,
  type ScalingPolicy,
  type ScalingWorld,
} from './state.ts'
import { targetOperations } from './targets.ts'

/** Application Auto Scaling, and what its policies would do. */
export interface ScalingModel extends ServiceModel {
  /**
   * A service's policies want a count, as if the load had changed: it gets that within its bounds, unless going there is suspended. Returns the count that
   * it has then; throws a RangeError for a service without a policy.
   */
  demand(service: string, wanted: number, context: CallContext): number
}

/**
 * Application Auto Scaling of ECS services (API version 2016-02-06). There are no metrics here that a policy could follow: what the policies want is said
 * from outside.
 */
export function createScalingModel(parts: {
  clock: Clock
  random: Random
  serviceExists: ScalingWorld['serviceExists']
  services: ScalingWorld['services']
}): ScalingModel {
  const targets = new Table<ScalableTarget>(parts.clock)
  const policies = new Table<ScalingPolicy>(parts.clock)
  const world: ScalingWorld = { ...parts, targets, policies }
  return {
    service: 'application-autoscaling',
    operations: { ...targetOperations(world), ...policyOperations(world), ...tagOperations(world) },
    demand: (service, wanted, context) => demand(world, { service, wanted }, context),
    dump: () => ({ targets: targets.dump(), policies: policies.dump() }),
    load(state) {
      const rows = state as { targets: [string, ScalableTarget][]; policies: [string, ScalingPolicy][] }
      targets.load(rows.targets)
      policies.load(rows.policies)
    },
  }
}

function demand(
  world: ScalingWorld,
  { service, wanted }: { service: string; wanted: number },
  context: CallContext,
): number {
  const target = livingTargets(world, world.targets, context).find((one) => serviceIn(one) === service)
  const count = world.services.desiredCount(service, context)
  const hasPolicy =
    target !== undefined &&
    world.policies.list().some((policy) => keyOf(policy, context) === keyOf(target, context))
  if (target === undefined || count === undefined || !hasPolicy)
    throw new RangeError(`${service} has no scalable target with a policy; use cluster/name of one that has`)
  const within = Math.min(Math.max(wanted, target.minimum), target.maximum)
  const isSuspended =
    within < count
      ? target.suspended['DynamicScalingInSuspended'] === true
      : target.suspended['DynamicScalingOutSuspended'] === true
  // A policy takes nothing from a service that is below its minimum already, and adds nothing above its maximum.
  const isAgainst = (wanted < count && within > count) || (wanted > count && within < count)
  if (wanted === count || within === count || isSuspended || isAgainst) return count
  world.services.setDesiredCount(service, within, context)
  return within
}

function tagOperations(world: ScalingWorld): Record<string, Operation> {
  const change = (input: Members, context: CallContext, tags: (before: Members) => Members) => {
    const target = named(world, input, context)
    world.targets.put(keyOf(target, context), {
      ...target,
      tags: tags(target.tags) as ScalableTarget['tags'],
    })
    return {}
  }
  return {
    ListTagsForResource: {
      writes: false,
      bucket: 'other',
      handle: (input, context) => ({ Tags: named(world, input, context).tags }),
    },
    TagResource: {
      writes: true,
      bucket: 'other',
      handle: (input, context) =>
        change(input, context, (before) => ({ ...before, ...optionalRecord(input, 'Tags') })),
    },
    UntagResource: {
      writes: true,
      bucket: 'other',
      handle(input, context) {
        const gone = texts(input, 'TagKeys')
        return change(input, context, (before) =>
          Object.fromEntries(Object.entries(before).filter(([key]) => !gone.includes(key))),
        )
      },
    },
  }
}

function named(world: ScalingWorld, input: Members, context: CallContext): ScalableTarget {
  const arn = required(input, 'ResourceARN')
  const found = livingTargets(world, context.read(world.targets), context).find(
    (target) => target.arn === arn,
  )
  if (found === undefined) {
    throw new AwsError('ResourceNotFoundException', `The scalable target with ARN ${arn} does not exist.`)
  }
  return found
}
