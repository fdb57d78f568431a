import { hexId } from '../kernel/random.ts'
import type { Members } from '../kernel/operation.ts'
import { optionalFlag, optionalRecord, present, texts } from '../members.ts'
import { decimalId, ecsArn, lastPart, placeOf } from './arns.ts'
import { circuitBreakerOf } from './circuit-breaker.ts'
import { strategyOf } from './deployment-strategy.ts'
import { hookAt } from './lifecycle-hooks.ts'
import type { EcsWorld } from './parts.ts'
import type {
  DeploymentState,
  ServiceDeploymentState,
  ServiceDeploymentStatus,
  ServiceState,
  ShiftState,
} from './state.ts'
import { groupsOfNext, resolvedBalancers } from './traffic-shares.ts'

/** The members of a service that a deployment carries: a change of one of them makes a new service revision. */
export const REVISION_MEMBERS = [
  'launchType',
  'capacityProviderStrategy',
  'platformVersion',
  'platformFamily',
  'networkConfiguration',
  'loadBalancers',
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
  'enableExecuteCommand',
] as const

/** Starts a deployment of what the service says now: a new service revision, the deployment and its record. */
export function deploy(world: EcsWorld, service: ServiceState): ServiceState {
  const { tables, random, clock } = world
  const resource = `${lastPart(service.clusterArn)}/${service.serviceName}`
  const place = placeOf(service.serviceArn)
  const configuration = optionalRecord(service.members, 'deploymentConfiguration') ?? {}
  const shifts = strategyOf(configuration) !== 'ROLLING'
  const serving = tables.serviceRevisions.get(service.lastCompletedRevision ?? '')
  const revisionArn = ecsArn(place, `service-revision/${resource}/${decimalId(random, 19)}`)
  tables.serviceRevisions.put(revisionArn, {
    serviceRevisionArn: revisionArn,
    serviceArn: service.serviceArn,
    taskDefinition: service.taskDefinition,
    members: present(Object.fromEntries(REVISION_MEMBERS.map((name) => [name, service.members[name]]))),
    targetGroups: groupsOfNext(service.members, shifts ? serving : undefined),
    digests: {},
    createdAt: clock.now(),
  })
  const serviceDeploymentArn = ecsArn(place, `service-deployment/${resource}/${hexId(random, 21)}`)
  const breaker = circuitBreakerOf(configuration, service.desiredCount)
  tables.serviceDeployments.put(serviceDeploymentArn, {
    serviceDeploymentArn,
    serviceArn: service.serviceArn,
    status: 'IN_PROGRESS',
    targetRevisionArn: revisionArn,
    sourceRevisionArns: [...new Set(service.deployments.map((deployment) => deployment.revisionArn))],
    deploymentConfiguration: configuration,
    createdAt: clock.now(),
    updatedAt: clock.now(),
    circuitBreaker: breaker.enabled ? 'MONITORING' : 'DISABLED',
    failureCount: 0,
    threshold: breaker.threshold,
    ...(shifts ? { shift: firstShift(world, service, configuration) } : {}),
    alarms: {
      status: alarmNamesOf(configuration).length > 0 ? 'MONITORING' : 'DISABLED',
      triggered: [],
    },
  })
  stopOlderRecords(world, service)
  return withPrimary(world, service, revisionArn, serviceDeploymentArn)
}

/** Where a deployment that shifts traffic begins: with more than one revision about, these are brought in order first. */
function firstShift(world: EcsWorld, service: ServiceState, configuration: Members): ShiftState {
  const stage = service.deployments.length > 1 ? 'RECONCILE_SERVICE' : 'PRE_SCALE_UP'
  const hook = hookAt(world, configuration, stage)
  const start = { stage, since: world.clock.now(), step: 0, production: 0, test: 0 } as const
  return hook === undefined ? start : { ...start, hook }
}

/** The alarms that a deployment configuration watches. */
export function alarmNamesOf(deploymentConfiguration: Members): readonly string[] {
  const alarms = optionalRecord(deploymentConfiguration, 'alarms') ?? {}
  return optionalFlag(alarms, 'enable') === true ? texts(alarms, 'alarmNames') : []
}

/** Makes an earlier revision the newest deployment again, under the record of the deployment that failed. */
export function rollBack(
  world: EcsWorld,
  service: ServiceState,
  revisionArn: string,
  reason: string,
): ServiceState {
  const { tables, clock } = world
  const revision = tables.serviceRevisions.get(revisionArn)
  const failed = service.deployments[0]
  if (revision === undefined || failed === undefined) return service
  const shift = tables.serviceDeployments.get(failed.serviceDeploymentArn)?.shift
  record(world, failed.serviceDeploymentArn, {
    status: 'ROLLBACK_IN_PROGRESS',
    rollback: { reason, startedAt: clock.now(), revisionArn },
    ...(shift === undefined ? {} : { shift: { ...unpaused(shift), stage: 'SCALE_UP', since: clock.now() } }),
  })
  const members = { ...service.members, ...revision.members }
  const restored = { ...service, taskDefinition: revision.taskDefinition, members }
  return withPrimary(world, restored, revisionArn, failed.serviceDeploymentArn)
}

/** A way back waits at no pause, whatever began it. */
const unpaused = (shift: ShiftState): ShiftState =>
  shift.hook?.status === 'AWAITING_ACTION' ? { ...shift, hook: { ...shift.hook, status: 'FAILED' } } : shift

/** Changes the record that ListServiceDeployments shows. */
export function record(world: EcsWorld, arn: string, change: Partial<ServiceDeploymentState>): void {
  const found = world.tables.serviceDeployments.get(arn)
  if (found === undefined) return
  world.tables.serviceDeployments.put(arn, { ...found, ...change, updatedAt: world.clock.now() })
}

/** Ends the record of a deployment. */
export function finishRecord(
  world: EcsWorld,
  arn: string,
  status: ServiceDeploymentStatus,
  statusReason?: string,
): void {
  const found = world.tables.serviceDeployments.get(arn)
  if (found === undefined || found.finishedAt !== undefined) return
  const monitored = found.circuitBreaker === 'MONITORING'
  record(world, arn, {
    status,
    finishedAt: world.clock.now(),
    ...(statusReason === undefined ? {} : { statusReason }),
    ...(status === 'STOPPED' ? { stoppedAt: world.clock.now() } : {}),
    ...(monitored ? { circuitBreaker: 'MONITORING_COMPLETE' } : {}),
    ...(found.alarms.status === 'MONITORING'
      ? { alarms: { ...found.alarms, status: 'MONITORING_COMPLETE' } }
      : {}),
  })
}

/** A deployment with some of its fields changed, and the time of the change. */
export function changedDeployment(
  world: EcsWorld,
  deployment: DeploymentState,
  change: Partial<DeploymentState>,
): DeploymentState {
  const differs = Object.entries(change).some(
    ([name, value]) => deployment[name as keyof DeploymentState] !== value,
  )
  return differs ? { ...deployment, ...change, updatedAt: world.clock.now() } : deployment
}

function stopOlderRecords(world: EcsWorld, service: ServiceState): void {
  const reason = 'A new deployment of the service replaced this one.'
  for (const deployment of service.deployments) {
    finishRecord(world, deployment.serviceDeploymentArn, 'STOPPED', reason)
  }
}

function withPrimary(
  world: EcsWorld,
  service: ServiceState,
  revisionArn: string,
  serviceDeploymentArn: string,
): ServiceState {
  const id = `ecs-svc/${decimalId(world.random, 19)}`
  const now = world.clock.now()
  const primary: DeploymentState = {
    id,
    status: 'PRIMARY',
    taskDefinition: service.taskDefinition,
    revisionArn,
    serviceDeploymentArn,
    desiredCount: service.desiredCount,
    pendingCount: 0,
    runningCount: 0,
    failedTasks: 0,
    createdAt: now,
    updatedAt: now,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
  }
  const older = service.deployments.map((deployment) =>
    changedDeployment(world, deployment, { status: 'ACTIVE' as const }),
  )
  return { ...service, deployments: [primary, ...older], steady: false, failures: 0, notBefore: 0 }
}

/** The launch settings of a deployment, in AWS's names. */
export function revisionMembers(world: EcsWorld, deployment: { revisionArn: string }): Members {
  const revision = world.tables.serviceRevisions.get(deployment.revisionArn)
  return revision === undefined ? {} : { ...revision.members, loadBalancers: resolvedBalancers(revision) }
}
