import { isDeepStrictEqual } from 'node:util'
import { invalidParameter } from '../kernel/error.ts'
import type { TargetRegistry } from '../kernel/ports-between.ts'
import type { Members } from '../kernel/operation.ts'
import {
  optionalInteger,
  optionalRecord,
  optionalRecords,
  optionalText,
  present,
  text,
  texts,
} from '../members.ts'
import { checkStrategy } from './deployment-strategy.ts'
import { compatibilities } from './task-definition-defaults.ts'
import { launchTypeOf } from './service-tasks.ts'
import type { TaskDefinitionState } from './state.ts'

/** The members of CreateService that DescribeServices shows again, with the values AWS fills in for the others. */
export function serviceMembers(input: Members): Members {
  const hasProviders = (optionalRecords(input, 'capacityProviderStrategy') ?? []).length > 0
  const launchType = hasProviders ? undefined : (optionalText(input, 'launchType') ?? 'EC2')
  const onFargate = launchTypeOf({ ...input, launchType }) === 'FARGATE'
  const loadBalancers = optionalRecords(input, 'loadBalancers') ?? []
  return present({
    loadBalancers,
    serviceRegistries: [],
    placementConstraints: [],
    placementStrategy: [],
    schedulingStrategy: 'REPLICA',
    enableECSManagedTags: false,
    propagateTags: 'NONE',
    enableExecuteCommand: false,
    availabilityZoneRebalancing: 'ENABLED',
    platformVersion: onFargate ? 'LATEST' : undefined,
    platformFamily: onFargate ? 'Linux' : undefined,
    healthCheckGracePeriodSeconds: loadBalancers.length > 0 ? 0 : undefined,
    ...changedMembers(input, {}),
    deploymentConfiguration: withDeploymentDefaults(
      optionalRecord(input, 'deploymentConfiguration') ?? {},
      {},
    ),
    launchType,
  })
}

const PASSED_ON = [
  'loadBalancers',
  'serviceRegistries',
  'capacityProviderStrategy',
  'platformVersion',
  'placementConstraints',
  'placementStrategy',
  'healthCheckGracePeriodSeconds',
  'schedulingStrategy',
  'deploymentController',
  'enableECSManagedTags',
  'propagateTags',
  'enableExecuteCommand',
  'availabilityZoneRebalancing',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
]

/** What a request says of a service, merged over what it had: absent members stay, `propagateTags` and lists replace. */
function changedMembers(input: Members, before: Members): Members {
  const chosen = present(Object.fromEntries(PASSED_ON.map((name) => [name, input[name] ?? undefined])))
  const network = optionalRecord(input, 'networkConfiguration')
  const configuration = optionalRecord(input, 'deploymentConfiguration')
  return {
    ...before,
    ...chosen,
    ...(network === undefined ? {} : { networkConfiguration: withNetworkDefaults(network) }),
    ...(configuration === undefined
      ? {}
      : {
          deploymentConfiguration: withDeploymentDefaults(
            configuration,
            withoutPace(optionalRecord(before, 'deploymentConfiguration') ?? {}, configuration),
          ),
        }),
  }
}

/** Another strategy comes without the steps of the one before: ECS refuses them beside it. */
function withoutPace(before: Members, { strategy }: Members): Members {
  if (strategy === undefined || strategy === before['strategy']) return before
  const { canaryConfiguration: _canary, linearConfiguration: _linear, ...rest } = before
  return rest
}

/**
 * A service's members after UpdateService. It takes no launch type: providers stand in its place, and an empty list of them leads back to it. Either way a new
 * deployment has to be forced. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
 */
export function updatedMembers(input: Members, before: Members, launchType: string): Members {
  const members = changedMembers(input, before)
  const providers = optionalRecords(input, 'capacityProviderStrategy')
  if (providers === undefined) return members
  const known = optionalRecords(before, 'capacityProviderStrategy') ?? []
  if (!isDeepStrictEqual(shares(providers), shares(known)) && input['forceNewDeployment'] !== true)
    throw invalidParameter(
      'When switching from launch type to capacity provider strategy on an existing service, or making a change to a capacity provider strategy on a service that is already using one, you must force a new deployment.',
    )
  const { launchType: _before, capacityProviderStrategy: _providers, ...rest } = members
  return { ...rest, ...(providers.length > 0 ? { capacityProviderStrategy: providers } : { launchType }) }
}

const shares = (providers: readonly Members[]): readonly string[] =>
  providers
    .map(({ capacityProvider, weight, base }) => JSON.stringify([capacityProvider, weight ?? 0, base ?? 0]))
    .toSorted()

/** Refuses what CreateService and UpdateService refuse about the service as it would be. */
export function checkService(
  members: Members,
  definition: TaskDefinitionState,
  targets: TargetRegistry,
): void {
  checkPercentages(optionalRecord(members, 'deploymentConfiguration') ?? {})
  checkStrategy(members, targets)
  const networkMode = String(definition.members['networkMode'])
  checkNetwork(optionalRecord(members, 'networkConfiguration'), networkMode)
  const launchType = launchTypeOf(members)
  const supported = compatibilities(definition.members, texts(definition.members, 'requiresCompatibilities'))
  if (launchType === 'FARGATE' && !supported.includes('FARGATE')) {
    throw invalidParameter('Task definition does not support launch_type FARGATE.')
  }
  const balancers = optionalRecords(members, 'loadBalancers') ?? []
  for (const balancer of balancers) checkLoadBalancer(balancer, definition, networkMode, targets)
  const grace = optionalInteger(members, 'healthCheckGracePeriodSeconds') ?? 0
  if (grace > 0 && balancers.length === 0 && !hasHealthCheck(definition)) {
    throw invalidParameter(
      'Health check grace period is only valid for services configured to use load balancers or container health checks',
    )
  }
}

/** Refuses a network configuration that the network mode of the task definition does not have, or lacks. */
export function checkNetwork(networkConfiguration: Members | undefined, networkMode: string): void {
  const awsvpc =
    networkConfiguration === undefined
      ? undefined
      : optionalRecord(networkConfiguration, 'awsvpcConfiguration')
  if (networkMode !== 'awsvpc' && awsvpc !== undefined) {
    throw invalidParameter(
      'Network Configuration is not valid for the given networkMode of this task definition.',
    )
  }
  if (networkMode !== 'awsvpc') return
  if (awsvpc === undefined) {
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
  }
  const subnets = texts(awsvpc, 'subnets')
  if (subnets.length === 0) throw invalidParameter('subnets can not be empty.')
  if (subnets.length > 16) throw invalidParameter('subnets can have at most 16 items.')
  if (texts(awsvpc, 'securityGroups').length > 5)
    throw invalidParameter('securityGroup can have at most 5 items.')
}

function withDeploymentDefaults(configuration: Members, before: Members): Members {
  const breaker = optionalRecord(configuration, 'deploymentCircuitBreaker')
  return {
    deploymentCircuitBreaker: { enable: false, rollback: false },
    maximumPercent: 200,
    minimumHealthyPercent: 100,
    strategy: 'ROLLING',
    bakeTimeInMinutes: 0,
    ...before,
    ...present(configuration),
    ...(breaker === undefined
      ? {}
      : { deploymentCircuitBreaker: { enable: false, rollback: false, ...present(breaker) } }),
  }
}

function withNetworkDefaults(network: Members): Members {
  const awsvpc = optionalRecord(network, 'awsvpcConfiguration')
  if (awsvpc === undefined) return network
  return { awsvpcConfiguration: { securityGroups: [], assignPublicIp: 'DISABLED', ...present(awsvpc) } }
}

function checkPercentages(configuration: Members): void {
  const minimum = optionalInteger(configuration, 'minimumHealthyPercent') ?? 100
  const maximum = optionalInteger(configuration, 'maximumPercent') ?? 200
  if (minimum < 0 || minimum > 100) throw invalidParameter('minimumHealthyPercent must be between 0 and 100.')
  if (maximum < 100 || maximum > 200) throw invalidParameter('maximumPercent must be between 100 and 200.')
  if (minimum === 100 && maximum === 100) {
    throw invalidParameter(
      'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
    )
  }
}

function checkLoadBalancer(
  balancer: Members,
  definition: TaskDefinitionState,
  networkMode: string,
  targets: TargetRegistry,
): void {
  const arn = text(balancer, 'targetGroupArn')
  const containerName = text(balancer, 'containerName')
  const containerPort = optionalInteger(balancer, 'containerPort')
  const container = definition.containers.find((one) => one['name'] === containerName)
  if (container === undefined) {
    throw invalidParameter(`The container ${containerName} does not exist in the task definition.`)
  }
  const ports = optionalRecords(container, 'portMappings') ?? []
  if (!ports.some((port) => port['containerPort'] === containerPort)) {
    throw invalidParameter(
      `The container ${containerName} did not have a container port ${containerPort ?? ''} defined.`,
    )
  }
  if (!targets.exists(arn)) throw invalidParameter(`The specified target group does not exist: ${arn}.`)
  if (!targets.isAssociated(arn)) {
    throw invalidParameter(
      `The target group with targetGroupArn ${arn} does not have an associated load balancer.`,
    )
  }
  const { targetType } = targets.describe(arn) ?? { targetType: 'ip' }
  if (networkMode === 'awsvpc' && targetType !== 'ip') {
    throw invalidParameter(
      `The provided target group ${arn} has target type ${targetType}, which is incompatible with the awsvpc network mode specified in the task definition.`,
    )
  }
}

function hasHealthCheck(definition: TaskDefinitionState): boolean {
  return definition.containers.some((container) => container['healthCheck'] !== undefined)
}
