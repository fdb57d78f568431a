import type { AwsError } from '../kernel/error.ts'
import type { Members } from '../kernel/operation.ts'
import { optionalInteger, optionalRecord, optionalRecords, optionalText, present } from '../members.ts'
import { LIFECYCLE_EVENTS, refused } from './state.ts'
import type { LifecycleEventName } from './state.ts'

/** What an AppSpec file says of a service of ECS. */
export interface AppSpec {
  readonly taskDefinition: string
  readonly containerName: string
  readonly containerPort: number
  /** `networkConfiguration`, `platformVersion` and `capacityProviderStrategy`, in ECS's names; left out, the original task set's stay. */
  readonly members: Members
  /** Lambda functions by the event at which they are asked. */
  readonly hooks: Readonly<Partial<Record<LifecycleEventName, string>>>
}

/**
 * Reads the AppSpec of a revision, in JSON: the sandbox has no YAML. Throws InvalidRevisionException or RevisionRequiredException.
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html#reference-appspec-file-structure-resources-ecs
 */
export function readAppSpec(revision: Members | undefined): AppSpec {
  const content = contentOf(revision)
  const resources = optionalRecords(content, 'Resources') ?? []
  const target = resources.length === 1 ? optionalRecord(resources[0] ?? {}, 'TargetService') : undefined
  if (target === undefined || optionalText(target, 'Type') !== 'AWS::ECS::Service')
    throw invalid('The AppSpec file must have one resource, TargetService, of type AWS::ECS::Service.')
  const properties = optionalRecord(target, 'Properties') ?? {}
  const taskDefinition = optionalText(properties, 'TaskDefinition')
  const balancer = optionalRecord(properties, 'LoadBalancerInfo') ?? {}
  const containerName = optionalText(balancer, 'ContainerName')
  const containerPort = optionalInteger(balancer, 'ContainerPort')
  if (taskDefinition === undefined || containerName === undefined || containerPort === undefined)
    throw invalid('The AppSpec file lacks TaskDefinition, or ContainerName and ContainerPort.')
  return {
    taskDefinition,
    containerName,
    containerPort,
    members: present({
      platformVersion: optionalText(properties, 'PlatformVersion'),
      networkConfiguration: networkOf(optionalRecord(properties, 'NetworkConfiguration')),
      capacityProviderStrategy: optionalRecords(properties, 'CapacityProviderStrategy')?.map((one) =>
        present({ capacityProvider: one['CapacityProvider'], weight: one['Weight'], base: one['Base'] }),
      ),
    }),
    hooks: hooksOf(optionalRecords(content, 'Hooks') ?? []),
  }
}

function contentOf(revision: Members | undefined): Members {
  if (revision === undefined) throw refused('RevisionRequiredException', 'Revision is required')
  const type = optionalText(revision, 'revisionType')
  const content = optionalText(optionalRecord(revision, 'appSpecContent') ?? {}, 'content')
  if (type !== 'AppSpecContent' || content === undefined)
    throw invalid('The sandbox takes revisions of the type AppSpecContent only.')
  let parsed: unknown
  try {
    parsed = JSON.parse(content)
  } catch {
    throw invalid('The AppSpec file is not valid JSON; the sandbox does not read YAML.')
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw invalid('The AppSpec file must be an object.')
  const members: Members = Object.fromEntries(Object.entries(parsed))
  if (Number(members['version']) !== 0) throw invalid('The AppSpec file must have version 0.0.')
  return members
}

function networkOf(network: Members | undefined): Members | undefined {
  const vpc = network === undefined ? undefined : optionalRecord(network, 'AwsvpcConfiguration')
  if (vpc === undefined) return undefined
  return {
    awsvpcConfiguration: present({
      subnets: vpc['Subnets'],
      securityGroups: vpc['SecurityGroups'],
      assignPublicIp: vpc['AssignPublicIp'],
    }),
  }
}

function hooksOf(hooks: readonly Members[]): AppSpec['hooks'] {
  const named = hooks.flatMap((hook) => Object.entries(hook))
  for (const [event, name] of named) {
    const known = LIFECYCLE_EVENTS.find((one) => one === event)
    const isOfCodeDeploy = event === 'Install' || event === 'AllowTestTraffic' || event === 'AllowTraffic'
    if (known === undefined || isOfCodeDeploy || typeof name !== 'string')
      throw invalid(`The AppSpec file has a hook for ${event}, at which no function can be asked.`)
  }
  return Object.fromEntries(named)
}

const invalid = (message: string): AwsError => refused('InvalidRevisionException', message)
