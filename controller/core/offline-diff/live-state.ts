import type { Document } from '../defaults/shape.ts'
import { isObject, scalarText } from '../defaults/shape.ts'
import type { RunningImage, TaggedImage } from '../running-images.ts'
import { tagName } from '../running-images.ts'
import type { LiveService, LiveTargetGroup, ScalableRange } from '../diff.ts'

/** A saved live state that can't be read: `what; expected`. */
export class LiveStateError extends Error {
  override readonly name = 'LiveStateError'
  readonly code = 'LiveStateUnreadable'
}

/** The AWS CLI's own JSON, part by part; undefined where a part was left out of the file. */
export interface LiveState {
  readonly service: Document | undefined
  readonly idleService: Document | undefined
  readonly taskDefinition: Document | undefined
  readonly listeners: readonly Document[] | undefined
  readonly rules: readonly Document[] | undefined
  readonly targetGroups: readonly Document[] | undefined
  /** Attributes by the target group's ARN. */
  readonly targetGroupAttributes: Document | undefined
  readonly scalableTargets: readonly Document[] | undefined
  readonly scalingPolicies: readonly Document[] | undefined
  /** The service revision that serves. */
  readonly serviceRevision: Document | undefined
  /** What the registry holds: elements of `aws ecr describe-images`' `imageDetails`. */
  readonly imageDetails: readonly Document[] | undefined
  /** Tags of target groups, rules and listeners, as describe-tags prints them. */
  readonly tagDescriptions: readonly Document[] | undefined
}

const documents = [
  'service',
  'idleService',
  'serviceRevision',
  'taskDefinition',
  'targetGroupAttributes',
] as const
const lists = [
  'listeners',
  'rules',
  'targetGroups',
  'scalableTargets',
  'scalingPolicies',
  'tagDescriptions',
  'imageDetails',
] as const
const parts: readonly string[] = [...documents, ...lists]

/** Checks the parts of a parsed `--live` file. Throws {@link LiveStateError} for what is none of them; the insides stay as AWS wrote them. */
export function readLiveState(value: unknown): LiveState {
  if (!isObject(value))
    throw new LiveStateError(`the live state is no object; expected an object with ${parts.join(', ')}`)
  const unknown = Object.keys(value).find((key) => !parts.includes(key))
  if (unknown !== undefined) {
    throw new LiveStateError(`the live state has an unknown part "${unknown}"; expected ${parts.join(', ')}`)
  }
  return {
    service: documentPart(value, 'service'),
    idleService: documentPart(value, 'idleService'),
    serviceRevision: documentPart(value, 'serviceRevision'),
    taskDefinition: documentPart(value, 'taskDefinition'),
    targetGroupAttributes: documentPart(value, 'targetGroupAttributes'),
    listeners: listPart(value, 'listeners'),
    rules: listPart(value, 'rules'),
    targetGroups: listPart(value, 'targetGroups'),
    scalableTargets: listPart(value, 'scalableTargets'),
    scalingPolicies: listPart(value, 'scalingPolicies'),
    tagDescriptions: listPart(value, 'tagDescriptions'),
    imageDetails: listPart(value, 'imageDetails'),
  }
}

function documentPart(value: Document, name: (typeof documents)[number]): Document | undefined {
  const part = value[name] ?? undefined
  if (part === undefined || isObject(part)) return part
  throw new LiveStateError(
    `"${name}" of the live state is no object; expected what the AWS CLI printed for one`,
  )
}

function listPart(value: Document, name: (typeof lists)[number]): readonly Document[] | undefined {
  const part = value[name] ?? undefined
  if (part === undefined) return undefined
  if (Array.isArray(part) && part.every(isObject)) return part
  throw new LiveStateError(
    `"${name}" of the live state is no list of objects; expected the list that the AWS CLI printed`,
  )
}

const settingNames = [
  'launchType',
  'capacityProviderStrategy',
  'platformVersion',
  'networkConfiguration',
  'placementConstraints',
  'placementStrategy',
  'healthCheckGracePeriodSeconds',
  'schedulingStrategy',
  'enableECSManagedTags',
  'propagateTags',
  'enableExecuteCommand',
  'availabilityZoneRebalancing',
  'deploymentConfiguration',
] as const

/** One element of `aws ecs describe-services`' `services`. Volumes stand at its primary deployment, not at the service. */
export function serviceFacts(service: Document): LiveService {
  const status = textOf(service['status'])
  const primary = objectsOf(service['deployments']).find((deployment) => deployment['status'] === 'PRIMARY')
  const volumeConfigurations = service['volumeConfigurations'] ?? primary?.['volumeConfigurations']
  const settings = settingNames.map((name) => [name, service[name]] as const)
  return {
    name: textOf(service['serviceName']),
    status: status === 'DRAINING' || status === 'INACTIVE' ? status : 'ACTIVE',
    taskDefinition: textOf(service['taskDefinition']),
    desiredCount: Number(service['desiredCount'] ?? 0),
    targetGroupArns: objectsOf(service['loadBalancers'])
      .map((loadBalancer) => textOf(loadBalancer['targetGroupArn']))
      .filter((arn) => arn !== ''),
    settings: { ...Object.fromEntries(settings), volumeConfigurations },
    tags: pairs(service['tags'], 'key', 'value'),
  }
}

/** One element of `aws elbv2 describe-target-groups`' `TargetGroups`, with its attributes where they were saved. */
export function targetGroupFacts(group: Document, attributes: Document | undefined): LiveTargetGroup {
  const arn = textOf(group['TargetGroupArn'])
  const saved = attributes?.[arn]
  return {
    arn,
    name: textOf(group['TargetGroupName']),
    settings: group,
    ...(saved === undefined ? {} : { attributes: pairs(saved, 'Key', 'Value') }),
  }
}

/**
 * Elements of `aws application-autoscaling describe-scalable-targets`' `ScalableTargets` that set the count of a service of the cluster. Their
 * resource id is `service/<cluster>/<service>`. https://docs.aws.amazon.com/autoscaling/application/APIReference/API_ScalableTarget.html
 */
export function scalableRanges(targets: readonly Document[], cluster: string): ScalableRange[] {
  const prefix = `service/${cluster}/`
  return targets
    .filter((target) => target['ScalableDimension'] === 'ecs:service:DesiredCount')
    .filter((target) => textOf(target['ResourceId']).startsWith(prefix))
    .map((target) => ({
      service: textOf(target['ResourceId']).slice(prefix.length),
      minimum: Number(target['MinCapacity'] ?? 0),
      maximum: Number(target['MaxCapacity'] ?? 0),
    }))
}

/** What a service revision runs: one element of `aws ecs describe-service-revisions`' `serviceRevisions`. */
export const runningImages = (revision: Document): readonly RunningImage[] =>
  objectsOf(revision['containerImages']).map((one) => ({
    container: textOf(one['containerName']),
    image: textOf(one['image']),
    digest: textOf(one['imageDigest']) === '' ? undefined : textOf(one['imageDigest']),
  }))

/** What the tags of images mean, as far as details of them were saved. An image's repository is `<account>.dkr.ecr.<region>.<domain>/<name>`. */
export function meaningsOf(
  images: readonly TaggedImage[],
  details: readonly Document[],
): Readonly<Record<string, readonly string[] | undefined>> {
  const digestOf = ({ repository, tag }: TaggedImage): string | undefined => {
    const [registry = '', ...name] = repository.split('/')
    const found = details.find(
      (one) =>
        one['repositoryName'] === name.join('/') &&
        registry.startsWith(`${textOf(one['registryId'])}.dkr`) &&
        Array.isArray(one['imageTags']) &&
        one['imageTags'].includes(tag),
    )
    return found === undefined ? undefined : textOf(found['imageDigest'])
  }
  return Object.fromEntries(
    images.map((image) => {
      const digest = digestOf(image)
      return [tagName(image), digest === undefined ? undefined : [digest]] as const
    }),
  )
}

/** Elements of `aws elbv2 describe-tags`' `TagDescriptions`: tags by the ARN of what has them. */
export const tagsByArn = (
  descriptions: readonly Document[],
): ReadonlyMap<string, Readonly<Record<string, string>>> =>
  new Map(descriptions.map((one) => [textOf(one['ResourceArn']), pairs(one['Tags'], 'Key', 'Value')]))

/** The objects of what should be a list of them. */
export function objectsOf(value: unknown): readonly Document[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** The text of what should be one; empty for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function pairs(value: unknown, key: string, inner: string): Readonly<Record<string, string>> {
  return Object.fromEntries(objectsOf(value).map((pair) => [textOf(pair[key]), scalarText(pair[inner])]))
}
