import type { Deployment, Service, ServiceEvent, TaskSet } from '@aws-sdk/client-ecs'
import { tellsFailedDeployment } from '../../../core/ecs-events.ts'
import type { DeploymentFacts, ServiceFacts, TaskSetFacts } from '../../../core/observation.ts'
import {
  countOrZero,
  knownWord,
  objectsIn,
  optionalText,
  requiredText,
  textOrEmpty,
  timeOrZero,
} from '../client/members.ts'
import { plainDocument, tagRecord } from '../client/plain.ts'

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

/** Members that a deployment of CodeDeploy gives to a task set: the service itself goes on to show what it was created with. */
const taskSetSettings = [
  'capacityProviderStrategy',
  'launchType',
  'networkConfiguration',
  'platformVersion',
] as const

const EVENTS_KEPT = 5

/** An ECS service as described, in the core's terms. */
export function serviceFacts(service: Service): ServiceFacts {
  const loadBalancers = objectsIn(service.loadBalancers, "a service's load balancers")
  return {
    arn: requiredText(service.serviceArn, "a service's ARN"),
    name: requiredText(service.serviceName, "a service's name"),
    cluster: optionalText(service.clusterArn, "a service's cluster")?.split('/').at(-1) ?? 'default',
    status: service.status === 'DRAINING' || service.status === 'INACTIVE' ? service.status : 'ACTIVE',
    taskDefinition: textOrEmpty(service.taskDefinition, "a service's task definition"),
    desiredCount: countOrZero(service.desiredCount, "a service's desired count"),
    runningCount: countOrZero(service.runningCount, "a service's running count"),
    pendingCount: countOrZero(service.pendingCount, "a service's pending count"),
    targetGroupArns: loadBalancers.flatMap(
      ({ targetGroupArn }) => optionalText(targetGroupArn, "a service's target group") ?? [],
    ),
    deployments: objectsIn(service.deployments, "a service's deployments").map(deploymentFacts),
    events: keptEvents(objectsIn(service.events, "a service's events")).map(({ createdAt, message }) => ({
      at: timeOrZero(createdAt, "an event's time"),
      message: textOrEmpty(message, "an event's message"),
    })),
    ...taskSetsOf(service),
    settings: settingsOf(service),
    tags: tagRecord(service.tags),
    ...deploymentUnderWay(service),
    ...revisionOf(service),
  }
}

/** The newest few; ECS's word on a failed deployment is among them though others came after it, as of tasks that were started anew: nothing else tells of it for long. */
export function keptEvents<Event extends ServiceEvent>(events: readonly Event[]): readonly Event[] {
  const failure = events.findIndex(({ message }) =>
    tellsFailedDeployment(textOrEmpty(message, "an event's message")),
  )
  return events.filter((_, index) => index < EVENTS_KEPT || index === failure)
}

function deploymentUnderWay({ currentServiceDeployment }: Service): Pick<ServiceFacts, 'serviceDeployment'> {
  const arn = optionalText(currentServiceDeployment, "a service's deployment")
  return arn === undefined ? {} : { serviceDeployment: arn }
}

function revisionOf({ currentServiceRevisions }: Service): Pick<ServiceFacts, 'serviceRevision'> {
  const [one, ...more] = objectsIn(currentServiceRevisions, "a service's revisions")
  const arn = optionalText(one?.arn, "a service revision's ARN")
  return arn === undefined || more.length > 0 ? {} : { serviceRevision: arn }
}

/** Only services whose deployments are not ECS's own have them. */
function taskSetsOf({ taskSets, deploymentController }: Service): Pick<ServiceFacts, 'taskSets'> {
  if (deploymentController?.type === undefined || deploymentController.type === 'ECS') return {}
  return { taskSets: objectsIn(taskSets, "a service's task sets").map(taskSetFacts) }
}

function taskSetFacts(taskSet: TaskSet): TaskSetFacts {
  const [balancer] = objectsIn(taskSet.loadBalancers, "a task set's load balancers")
  return {
    status: knownWord(taskSet.status, ['PRIMARY', 'ACTIVE']) ?? 'DRAINING',
    taskDefinition: textOrEmpty(taskSet.taskDefinition, "a task set's task definition"),
    targetGroupArn: optionalText(balancer?.targetGroupArn, "a task set's target group"),
    externalId: optionalText(taskSet.externalId, "a task set's external id"),
    desiredCount: countOrZero(taskSet.computedDesiredCount, "a task set's desired count"),
    runningCount: countOrZero(taskSet.runningCount, "a task set's running count"),
  }
}

function deploymentFacts(deployment: Deployment): DeploymentFacts {
  return {
    id: textOrEmpty(deployment.id, "a deployment's id"),
    status: knownWord(deployment.status, ['PRIMARY', 'ACTIVE']) ?? 'INACTIVE',
    taskDefinition: textOrEmpty(deployment.taskDefinition, "a deployment's task definition"),
    rolloutState: knownWord(deployment.rolloutState, ['IN_PROGRESS', 'COMPLETED', 'FAILED']),
    rolloutStateReason: optionalText(deployment.rolloutStateReason, "a deployment's reason"),
    failedTasks: countOrZero(deployment.failedTasks, "a deployment's failed tasks"),
    createdAt: timeOrZero(deployment.createdAt, "a deployment's time"),
  }
}

function settingsOf(service: Service): ServiceFacts['settings'] {
  const primary = service.deployments?.find(({ status }) => status === 'PRIMARY')
  const settings: Record<string, unknown> = {}
  for (const key of serviceSettings) settings[key] = service[key]
  for (const key of deploymentSettings) settings[key] = primary?.[key]
  const serving = service.taskSets?.find(({ status }) => status === 'PRIMARY')
  for (const key of taskSetSettings) settings[key] = serving?.[key] ?? settings[key]
  return plainDocument(settings)
}
