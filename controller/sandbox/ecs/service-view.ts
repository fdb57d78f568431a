import { invalidParameter, notFound } from '../kernel/error.ts'
import { timestamp, type CallContext, type Members, type Operation } from '../kernel/operation.ts'
import type { TableView } from '../kernel/table.ts'
import { optionalRecord, optionalText, present, text, texts } from '../members.ts'
import { pageOf } from '../paging.ts'
import { arnInCluster, placeOf } from './arns.ts'
import { activeCluster } from './clusters.ts'
import type { EcsWorld } from './parts.ts'
import { launchTypeOf } from './service-tasks.ts'
import type { DeploymentState, EcsTables, ServiceState } from './state.ts'
import { tagsOf } from './tags.ts'
import { taskSetView } from './task-set-view.ts'

/** DescribeServices and the lists of services. */
export function serviceReadOperations(world: EcsWorld): Record<string, Operation> {
  const { tables } = world
  const read = { writes: false, bucket: 'ecs-service-read' } as const
  return {
    DescribeServices: { ...read, handle: (input, context) => describeServices(tables, input, context) },
    ListServices: { ...read, handle: (input, context) => listServices(tables, input, context) },
    ListServicesByNamespace: {
      ...read,
      handle: (input, context) => listByNamespace(tables, input, context),
    },
  }
}

/** The ACTIVE service that a request names; throws ServiceNotFoundException or ServiceNotActiveException. */
export function activeService(
  services: TableView<ServiceState>,
  name: string,
  clusterArn: string,
): ServiceState {
  const service = services.get(arnInCluster('service', name, clusterArn))
  if (service === undefined) throw notFound('ServiceNotFoundException', 'Service not found.')
  if (service.status !== 'ACTIVE') throw notFound('ServiceNotActiveException', 'Service was not ACTIVE.')
  return service
}

function describeServices(tables: EcsTables, input: Members, context: CallContext): Members {
  const names = texts(input, 'services')
  if (names.length === 0) throw invalidParameter('Services cannot be empty.')
  if (names.length > 10) throw invalidParameter('Services can have at most 10 items.')
  const { clusterArn } = activeCluster(tables.clusters, optionalText(input, 'cluster'), context)
  const wantsTags = texts(input, 'include').includes('TAGS')
  const view = context.read(tables.services)
  const services: Members[] = []
  const failures: Members[] = []
  for (const name of new Set(names)) {
    const arn = arnInCluster('service', name, clusterArn)
    const service = view.get(arn)
    if (service?.clusterArn !== clusterArn) failures.push({ arn, reason: 'MISSING' })
    else services.push(shownService(tables, service, wantsTags ? context : undefined))
  }
  return { services, failures }
}

/** Services are described far more often than they change: a view that was made of the same row and the same tags is shown again. */
const shownServices = new WeakMap<ServiceState, { readonly tags: unknown; readonly view: Members }>()

function shownService(tables: EcsTables, service: ServiceState, tagsIn?: CallContext): Members {
  const tags = tagsIn?.read(tables.tags).get(service.serviceArn) ?? tagsIn !== undefined
  const known = shownServices.get(service)
  if (known?.tags === tags) return known.view
  const view = serviceView(tables, service, tagsIn)
  shownServices.set(service, { tags, view })
  return view
}

function listServices(tables: EcsTables, input: Members, context: CallContext): Members {
  const { clusterArn } = activeCluster(tables.clusters, optionalText(input, 'cluster'), context)
  const launchType = optionalText(input, 'launchType')
  const strategy = optionalText(input, 'schedulingStrategy')
  const listed = context
    .read(tables.services)
    .list()
    .filter((service) => service.clusterArn === clusterArn && service.status !== 'INACTIVE')
    .filter((service) => launchType === undefined || launchTypeOf(service.members) === launchType)
    .filter((service) => strategy === undefined || service.members['schedulingStrategy'] === strategy)
  const { items, ...rest } = pageOf(listed, { maxResults: 10, ...present(input) })
  return { serviceArns: items.map((service) => service.serviceArn), ...rest }
}

function listByNamespace(tables: EcsTables, input: Members, context: CallContext): Members {
  const namespace = text(input, 'namespace')
  const listed = context
    .read(tables.services)
    .list()
    .filter((service) => {
      const connect = optionalRecord(service.members, 'serviceConnectConfiguration')
      return connect?.['enabled'] === true && connect['namespace'] === namespace
    })
  const { items, ...rest } = pageOf(listed, { maxResults: 10, ...present(input) })
  return { serviceArns: items.map((service) => service.serviceArn), ...rest }
}

/** A service as DescribeServices shows it; its tags only where a context to read them in is given. */
export function serviceView(tables: EcsTables, service: ServiceState, tagsIn?: CallContext): Members {
  const { serviceArn, deployments, taskSets } = service
  const {
    serviceConnectConfiguration: _connect,
    volumeConfigurations: _volumes,
    ...members
  } = service.members
  const place = placeOf(serviceArn)
  const parts = service.controller === 'ECS' ? deployments : taskSets
  const total = (name: 'runningCount' | 'pendingCount'): number =>
    parts.reduce((sum, part) => sum + part[name], 0)
  const newest = deployments[0]
  return present({
    serviceArn,
    serviceName: service.serviceName,
    clusterArn: service.clusterArn,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: total('runningCount'),
    pendingCount: total('pendingCount'),
    taskDefinition: service.taskDefinition === '' ? undefined : service.taskDefinition,
    ...members,
    deployments: deployments.map((deployment) => deploymentView(tables, deployment)),
    taskSets: service.controller === 'ECS' ? undefined : taskSets.map((one) => taskSetView(service, one)),
    roleArn: hasServiceRole(service)
      ? `arn:aws:iam::${place.accountId}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`
      : undefined,
    events: service.events.map((event) => ({ ...event, createdAt: timestamp(event.createdAt) })),
    createdAt: timestamp(service.createdAt),
    createdBy: `arn:aws:iam::${place.accountId}:root`,
    currentServiceDeployment:
      newest?.rolloutState === 'IN_PROGRESS' ? newest.serviceDeploymentArn : undefined,
    currentServiceRevisions: deployments.map((deployment) => ({
      arn: deployment.revisionArn,
      requestedTaskCount: deployment.desiredCount,
      runningTaskCount: deployment.runningCount,
      pendingTaskCount: deployment.pendingCount,
    })),
    tags: tagsIn === undefined ? [] : tagsOf(tagsIn.read(tables.tags), serviceArn),
  })
}

function hasServiceRole(service: ServiceState): boolean {
  const { loadBalancers, networkConfiguration } = service.members
  return networkConfiguration !== undefined || (Array.isArray(loadBalancers) && loadBalancers.length > 0)
}

function deploymentView(tables: EcsTables, deployment: DeploymentState): Members {
  const revision = tables.serviceRevisions.get(deployment.revisionArn)?.members ?? {}
  return present({
    id: deployment.id,
    status: deployment.status,
    taskDefinition: deployment.taskDefinition,
    desiredCount: deployment.desiredCount,
    pendingCount: deployment.pendingCount,
    runningCount: deployment.runningCount,
    failedTasks: deployment.failedTasks,
    createdAt: timestamp(deployment.createdAt),
    updatedAt: timestamp(deployment.updatedAt),
    launchType: revision['launchType'],
    capacityProviderStrategy: revision['capacityProviderStrategy'],
    platformVersion: revision['platformVersion'] === 'LATEST' ? '1.4.0' : revision['platformVersion'],
    platformFamily: revision['platformFamily'],
    networkConfiguration: revision['networkConfiguration'],
    serviceConnectConfiguration: revision['serviceConnectConfiguration'],
    volumeConfigurations: revision['volumeConfigurations'],
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  })
}
