import type { Deployment, Service } from '@aws-sdk/client-ecs'
import type { DeploymentFacts, ServiceFacts } from '../../../core/observation.ts'
import { plainDocument, tagRecord } from '../client/plain.ts'
import { unreadable } from '../client/unreadable.ts'

/** Members that CreateService takes and DescribeServices shows on the service itself. */
const serviceSettings = [
  'availabilityZoneRebalancing',
  'capacityProviderStrategy',
  'deploymentConfiguration',
  'deploymentController',
  'enableECSManagedTags',
  'enableExecuteCommand',
  'healthCheckGracePeriodSeconds',
  'launchType',
  'networkConfiguration',
  'placementConstraints',
  'placementStrategy',
  'platformVersion',
  'propagateTags',
  'schedulingStrategy',
  'serviceRegistries',
] as const

/** Members that CreateService takes and DescribeServices shows on the service's primary deployment. */
const deploymentSettings = [
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
] as const

const eventsKept = 5

/** An ECS service as described, in the core's terms. */
export function serviceFacts(service: Service): ServiceFacts {
  const { serviceArn, serviceName, clusterArn } = service
  if (serviceArn === undefined || serviceName === undefined) throw unreadable("a service's name and ARN")
  return {
    arn: serviceArn,
    name: serviceName,
    cluster: clusterArn?.split('/').at(-1) ?? 'default',
    status: service.status === 'DRAINING' || service.status === 'INACTIVE' ? service.status : 'ACTIVE',
    taskDefinition: service.taskDefinition ?? '',
    desiredCount: service.desiredCount ?? 0,
    runningCount: service.runningCount ?? 0,
    pendingCount: service.pendingCount ?? 0,
    targetGroupArns: (service.loadBalancers ?? []).flatMap(({ targetGroupArn }) => targetGroupArn ?? []),
    deployments: (service.deployments ?? []).map(deploymentFacts),
    events: (service.events ?? [])
      .slice(0, eventsKept)
      .map(({ createdAt, message }) => ({ at: createdAt?.getTime() ?? 0, message: message ?? '' })),
    settings: settingsOf(service),
    tags: tagRecord(service.tags),
  }
}

function deploymentFacts(deployment: Deployment): DeploymentFacts {
  const { status, rolloutState } = deployment
  return {
    id: deployment.id ?? '',
    status: status === 'PRIMARY' || status === 'ACTIVE' ? status : 'INACTIVE',
    taskDefinition: deployment.taskDefinition ?? '',
    rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
    failedTasks: deployment.failedTasks ?? 0,
    createdAt: deployment.createdAt?.getTime() ?? 0,
  }
}

function settingsOf(service: Service): ServiceFacts['settings'] {
  const primary = service.deployments?.find(({ status }) => status === 'PRIMARY')
  const settings: Record<string, unknown> = {}
  for (const key of serviceSettings) settings[key] = service[key]
  for (const key of deploymentSettings) settings[key] = primary?.[key]
  return plainDocument(settings)
}
