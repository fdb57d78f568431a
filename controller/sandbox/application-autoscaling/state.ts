import { AwsError } from '../kernel/error.ts'
import type { CallContext, Members } from '../kernel/operation.ts'
import type { Random } from '../kernel/random.ts'
import type { Table, TableView } from '../kernel/table.ts'
import { optionalText } from '../members.ts'

/** What scaling is about: one dimension of one resource, such as the desired count of an ECS service. */
export interface Dimension {
  readonly ServiceNamespace: string
  readonly ResourceId: string
  readonly ScalableDimension: string
}

export interface ScalableTarget extends Dimension {
  readonly arn: string
  readonly region: string
  readonly minimum: number
  readonly maximum: number
  readonly roleArn: string
  readonly suspended: Readonly<Record<string, boolean>>
  readonly createdAt: number
  readonly tags: Readonly<Record<string, string>>
}

export interface ScalingPolicy extends Dimension {
  readonly arn: string
  readonly region: string
  readonly name: string
  readonly type: string
  /** The configuration of its type, under AWS's own name. */
  readonly members: Members
  readonly alarms: readonly { readonly AlarmName: string; readonly AlarmARN: string }[]
  readonly createdAt: number
}

/** What Application Auto Scaling is made of. */
export interface ScalingWorld {
  readonly targets: Table<ScalableTarget>
  readonly policies: Table<ScalingPolicy>
  readonly random: Random
  /** Whether an ECS service is there and not deleted: `cluster/name` in the caller's region and account. */
  readonly serviceExists: (clusterAndName: string, context: CallContext) => boolean
  readonly services: ScaledServices
}

/** The counts of ECS services, by `cluster/name` in the caller's region and account. */
export interface ScaledServices {
  /** Undefined for one that is not active. */
  desiredCount(clusterAndName: string, context: CallContext): number | undefined
  setDesiredCount(clusterAndName: string, desiredCount: number, context: CallContext): void
}

const DIMENSIONS: Readonly<Record<string, RegExp>> = {
  'ecs:service:DesiredCount': /^service\/([^/]+\/[^/]+)$/,
}

/** The dimension that a request names; throws ValidationException where a part of it is missing or is none of ECS's. */
export function dimensionOf(input: Members): Dimension {
  const ScalableDimension = required(input, 'ScalableDimension')
  const ResourceId = required(input, 'ResourceId')
  const ServiceNamespace = namespaceOf(input)
  if (!Object.hasOwn(DIMENSIONS, ScalableDimension)) {
    throw validation(`Unsupported service namespace, resource type or scalable dimension`)
  }
  if (serviceIn({ ScalableDimension, ResourceId }) === undefined) throw validation('Unsupported resource ID')
  return { ServiceNamespace, ResourceId, ScalableDimension }
}

/** The namespace of a request: the sandbox knows `ecs` alone. */
export function namespaceOf(input: Members): string {
  const namespace = required(input, 'ServiceNamespace')
  if (namespace === 'ecs') return namespace
  throw validation(
    `1 validation error detected: Value '${namespace}' at 'serviceNamespace' failed to satisfy constraint: the sandbox scales ecs alone`,
  )
}

/** `cluster/name` of the service that is scaled. */
export function serviceIn(
  dimension: Pick<Dimension, 'ResourceId' | 'ScalableDimension'>,
): string | undefined {
  return DIMENSIONS[dimension.ScalableDimension]?.exec(dimension.ResourceId)?.[1]
}

/** The row id of a target, and what its policies' begin with. */
export function keyOf(dimension: Dimension, context: CallContext): string {
  const { ServiceNamespace, ResourceId, ScalableDimension } = dimension
  return `${context.region}|${ServiceNamespace}|${ResourceId}|${ScalableDimension}`
}

/** The targets of the caller's region; those of a deleted service are gone with it, as in AWS. */
export function livingTargets(
  world: ScalingWorld,
  view: TableView<ScalableTarget>,
  context: CallContext,
): ScalableTarget[] {
  return view.list().filter((target) => {
    const service = serviceIn(target)
    return target.region === context.region && service !== undefined && world.serviceExists(service, context)
  })
}

/** How AWS names the dimension in its refusals. */
export function words(dimension: Dimension): string {
  const { ServiceNamespace, ResourceId, ScalableDimension } = dimension
  return `service namespace: ${ServiceNamespace}, resource ID: ${ResourceId}, scalable dimension: ${ScalableDimension}`
}

/** A text member that the service demands. */
export function required(input: Members, name: string): string {
  const value = optionalText(input, name)
  if (value !== undefined && value !== '') return value
  throw validation(
    `1 validation error detected: Value null at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must not be null`,
  )
}

/** Application Auto Scaling's answer to a value it does not accept. */
export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message)
}

/** Its answer to a target or policy that is not there. */
export function objectNotFound(message: string): AwsError {
  return new AwsError('ObjectNotFoundException', message)
}
