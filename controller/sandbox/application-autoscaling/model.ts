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
  type ScalableTarget,
  type ScalingPolicy,
  type ScalingWorld,
} from './state.ts'
import { targetOperations } from './targets.ts'

/**
 * Application Auto Scaling of ECS services (API version 2016-02-06). It keeps the books of targets and policies and scales
 * nothing: there are no metrics here that a policy could follow.
 */
export function createScalingModel(parts: {
  clock: Clock
  random: Random
  serviceExists: ScalingWorld['serviceExists']
}): ServiceModel {
  const targets = new Table<ScalableTarget>(parts.clock)
  const policies = new Table<ScalingPolicy>(parts.clock)
  const world: ScalingWorld = { ...parts, targets, policies }
  return {
    service: 'application-autoscaling',
    operations: { ...targetOperations(world), ...policyOperations(world), ...tagOperations(world) },
    dump: () => ({ targets: targets.dump(), policies: policies.dump() }),
    load(state) {
      const rows = state as { targets: [string, ScalableTarget][]; policies: [string, ScalingPolicy][] }
      targets.load(rows.targets)
      policies.load(rows.policies)
    },
  }
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
