import { AwsError, validationError } from '../kernel/error.ts'
import type { CallContext, Members, Operation } from '../kernel/operation.ts'
import type { Target } from '../kernel/ports-between.ts'
import { regionOf } from './arn.ts'
import { describing, found } from './describe.ts'
import { integer, requiredText, structures } from './input.ts'
import { targetId, type ElbParts, type RegisteredTarget, type TargetGroup } from './state.ts'

const PER_TARGET_GROUP = 1000

/** The operations on targets. */
export function targetOperations(elb: ElbParts): Record<string, Operation> {
  const writing = (act: (group: TargetGroup, target: Target) => void): Operation => ({
    writes: true,
    bucket: 'elb-targets',
    handle(input) {
      const group = found(elb.tables.targetGroups, requiredText(input, 'TargetGroupArn'), 'targetGroup')
      for (const target of readTargets(input, group)) act(group, target)
      return {}
    },
  })
  return {
    RegisterTargets: writing((group, target) => {
      checkTarget(elb, group, target)
      elb.register(group, target)
    }),
    DeregisterTargets: writing((group, target) => {
      if (elb.tables.targets.get(targetId(group.arn, target)) === undefined) {
        throw new AwsError(
          'InvalidTarget',
          `The following targets are not registered: ${target.id}:${target.port}`,
        )
      }
      elb.deregister(group, target)
    }),
    DescribeTargetHealth: describing((input, context) => describe(elb, input, context)),
  }
}

function describe(elb: ElbParts, input: Members, context: CallContext): Members {
  const group = found(
    context.read(elb.tables.targetGroups),
    requiredText(input, 'TargetGroupArn'),
    'targetGroup',
  )
  const targets = context.read(elb.tables.targets)
  const asked = readTargets(input, group, 'optional')
  const shown =
    asked.length > 0
      ? asked.map((target) => showHealth(group, target, targets.get(targetId(group.arn, target))))
      : targets
          .list()
          .filter((row) => row.targetGroupArn === group.arn)
          .map((row) => showHealth(group, row, row))
  return { TargetHealthDescriptions: shown }
}

function showHealth(group: TargetGroup, target: Target, row: RegisteredTarget | undefined): Members {
  const health = row ?? {
    state: 'unused',
    reason: 'Target.NotRegistered',
    description: 'Target is not registered to the target group',
  }
  const port = group.healthCheck.port === 'traffic-port' ? String(target.port) : group.healthCheck.port
  const zone = row === undefined || group.targetType !== 'ip' ? undefined : `${regionOf(group.arn)}a`
  return {
    Target: { Id: target.id, Port: target.port, AvailabilityZone: zone },
    HealthCheckPort: port,
    TargetHealth: { State: health.state, Reason: health.reason, Description: health.description },
    AdministrativeOverride:
      row === undefined
        ? undefined
        : {
            State: 'no_override',
            Reason: 'AdministrativeOverride.NoOverride',
            Description: 'No override is currently active on target',
          },
  }
}

function readTargets(
  input: Members,
  group: TargetGroup,
  need: 'required' | 'optional' = 'required',
): Target[] {
  const targets = structures(input, 'Targets').map((item) => ({
    id: requiredText(item, 'Id'),
    port: integer(item, 'Port', { min: 1, max: 65_535 }) ?? group.port ?? 0,
  }))
  if (targets.length === 0 && need === 'required')
    throw validationError('At least one target must be specified')
  return targets
}

function checkTarget(elb: ElbParts, group: TargetGroup, target: Target): void {
  if (group.targetType === 'ip' && !/^(\d{1,3}\.){3}\d{1,3}$|:/.test(target.id)) {
    throw validationError(`The IP address '${target.id}' is not valid`)
  }
  if (elb.tables.targets.get(targetId(group.arn, target)) !== undefined) return
  const registered = elb.tables.targets.list().filter((row) => row.targetGroupArn === group.arn)
  if (registered.length >= PER_TARGET_GROUP) {
    throw new AwsError('TooManyTargets', 'The maximum number of targets in the target group has been reached')
  }
}
