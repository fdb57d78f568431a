import { AwsError, clientException, invalidParameter, notFound } from '../kernel/error.ts'
import { timestamp, Timestamp, type CallContext, type Members, type Operation } from '../kernel/operation.ts'
import { optionalRecord, optionalText, present, text, texts } from '../members.ts'
import { pageOf } from '../paging.ts'
import { arnInCluster } from './arns.ts'
import { activeCluster } from './clusters.ts'
import { alarmNamesOf, changedDeployment, finishRecord, record, rollBack } from './deployments.ts'
import { continueDeployment } from './continue-deployment.ts'
import { hookView } from './lifecycle-hooks.ts'
import type { EcsWorld } from './parts.ts'
import { afterRollBack } from './rolling-update.ts'
import type { Scheduler } from './scheduler.ts'
import { withEvent } from './service-events.ts'
import type { EcsTables, ServiceDeploymentState, ServiceRevisionState } from './state.ts'
import { resolvedBalancers } from './traffic-shares.ts'

/** Service deployments, service revisions, and stopping a deployment. */
export function serviceDeploymentOperations(
  world: EcsWorld,
  scheduler: Scheduler,
): Record<string, Operation> {
  const { tables } = world
  const read = { writes: false, bucket: 'ecs-service-deployment-read' } as const
  return {
    ListServiceDeployments: { ...read, handle: (input, context) => list(tables, input, context) },
    DescribeServiceDeployments: { ...read, handle: (input, context) => describe(tables, input, context) },
    DescribeServiceRevisions: {
      writes: false,
      bucket: 'ecs-service-revision-read',
      handle: (input, context) => describeRevisions(tables, input, context),
    },
    StopServiceDeployment: {
      writes: true,
      bucket: 'ecs-service-write',
      handle: (input) => stop(world, scheduler, input),
    },
    ContinueServiceDeployment: {
      writes: true,
      bucket: 'ecs-service-write',
      handle(input) {
        const { service, answer } = continueDeployment(world, input)
        tables.services.put(service.serviceArn, service)
        scheduler.wake(service.serviceArn)
        return answer
      },
    },
  }
}

function list(tables: EcsTables, input: Members, context: CallContext): Members {
  const { clusterArn } = activeCluster(tables.clusters, optionalText(input, 'cluster'), context)
  const serviceArn = arnInCluster('service', text(input, 'service'), clusterArn)
  if (tables.services.get(serviceArn) === undefined) {
    throw notFound('ServiceNotFoundException', 'Service not found.')
  }
  const statuses = texts(input, 'status')
  const created = optionalRecord(input, 'createdAt') ?? {}
  const listed = context
    .read(tables.serviceDeployments)
    .list()
    .filter((one) => one.serviceArn === serviceArn)
    .filter((one) => statuses.length === 0 || statuses.includes(one.status))
    .filter((one) => one.createdAt >= epochMs(created['after'], -Infinity))
    .filter((one) => one.createdAt <= epochMs(created['before'], Infinity))
    .toReversed()
  const { items, ...rest } = pageOf(listed, input)
  return { serviceDeployments: items.map((one) => briefView(tables, one)), ...rest }
}

/** A time of a request: epoch seconds on the wire. */
function epochMs(value: unknown, otherwise: number): number {
  if (value instanceof Timestamp) return value.epochMs
  return typeof value === 'number' ? value * 1000 : otherwise
}

function briefView(tables: EcsTables, one: ServiceDeploymentState): Members {
  return present({
    serviceDeploymentArn: one.serviceDeploymentArn,
    serviceArn: one.serviceArn,
    clusterArn: tables.services.get(one.serviceArn)?.clusterArn,
    startedAt: timestamp(one.createdAt),
    createdAt: timestamp(one.createdAt),
    finishedAt: one.finishedAt === undefined ? undefined : timestamp(one.finishedAt),
    targetServiceRevisionArn: one.targetRevisionArn,
    status: one.status,
    statusReason: one.statusReason,
  })
}

function describe(tables: EcsTables, input: Members, context: CallContext): Members {
  const arns = texts(input, 'serviceDeploymentArns')
  if (arns.length === 0 || arns.length > 20) {
    throw invalidParameter('serviceDeploymentArns must have between 1 and 20 items.')
  }
  const view = context.read(tables.serviceDeployments)
  const found = arns.flatMap((arn) => view.get(arn) ?? [])
  return {
    serviceDeployments: found.map((one) => fullView(tables, one, context)),
    failures: arns.filter((arn) => view.get(arn) === undefined).map((arn) => ({ arn, reason: 'MISSING' })),
  }
}

function fullView(tables: EcsTables, one: ServiceDeploymentState, context: CallContext): Members {
  const service = context.read(tables.services).get(one.serviceArn)
  const summary = (arn: string): Members => {
    const deployment = service?.deployments.find((candidate) => candidate.revisionArn === arn)
    const isTarget = arn === one.targetRevisionArn
    const weight = (ofTarget: number | undefined): number | undefined =>
      ofTarget === undefined || isTarget ? ofTarget : 100 - ofTarget
    return present({
      arn,
      requestedTaskCount: deployment?.desiredCount ?? 0,
      runningTaskCount: deployment?.runningCount ?? 0,
      pendingTaskCount: deployment?.pendingCount ?? 0,
      requestedTestTrafficWeight: weight(one.shift?.test),
      requestedProductionTrafficWeight: weight(one.shift?.production),
    })
  }
  const { targetServiceRevisionArn: _arn, ...brief } = briefView(tables, one)
  return present({
    ...brief,
    updatedAt: timestamp(one.updatedAt),
    stoppedAt: one.stoppedAt === undefined ? undefined : timestamp(one.stoppedAt),
    sourceServiceRevisions: one.sourceRevisionArns.map(summary),
    targetServiceRevision: summary(one.targetRevisionArn),
    deploymentConfiguration: one.deploymentConfiguration,
    rollback:
      one.rollback === undefined
        ? undefined
        : {
            reason: one.rollback.reason,
            startedAt: timestamp(one.rollback.startedAt),
            serviceRevisionArn: one.rollback.revisionArn,
          },
    deploymentCircuitBreaker: {
      status: one.circuitBreaker,
      failureCount: one.failureCount,
      threshold: one.threshold,
    },
    alarms: {
      status: one.alarms.status,
      alarmNames: alarmNamesOf(one.deploymentConfiguration),
      triggeredAlarmNames: one.alarms.triggered,
    },
    lifecycleStage: one.shift?.stage,
    lifecycleHookDetails: one.shift?.hook === undefined ? undefined : [hookView(one.shift.hook)],
  })
}

function describeRevisions(tables: EcsTables, input: Members, context: CallContext): Members {
  const arns = texts(input, 'serviceRevisionArns')
  if (arns.length === 0 || arns.length > 20) {
    throw invalidParameter('serviceRevisionArns must have between 1 and 20 items.')
  }
  const view = context.read(tables.serviceRevisions)
  return {
    serviceRevisions: arns.flatMap((arn) => view.get(arn) ?? []).map((one) => revisionView(tables, one)),
    failures: arns.filter((arn) => view.get(arn) === undefined).map((arn) => ({ arn, reason: 'MISSING' })),
  }
}

function revisionView(tables: EcsTables, revision: ServiceRevisionState): Members {
  const containers = tables.taskDefinitions.get(revision.taskDefinition)?.containers ?? []
  const { enableExecuteCommand: _command, ...members } = revision.members
  return present({
    serviceRevisionArn: revision.serviceRevisionArn,
    serviceArn: revision.serviceArn,
    clusterArn: tables.services.get(revision.serviceArn)?.clusterArn,
    taskDefinition: revision.taskDefinition,
    ...members,
    platformVersion: members['platformVersion'] === 'LATEST' ? '1.4.0' : members['platformVersion'],
    resolvedConfiguration: {
      loadBalancers: resolvedBalancers(revision).map((balancer) =>
        present({
          targetGroupArn: balancer['targetGroupArn'],
          productionListenerRule: optionalRecord(balancer, 'advancedConfiguration')?.[
            'productionListenerRule'
          ],
        }),
      ),
    },
    containerImages: containers.map((container) =>
      present({
        containerName: container['name'],
        image: container['image'],
        imageDigest: revision.digests[String(container['name'])],
      }),
    ),
    guardDutyEnabled: false,
    createdAt: timestamp(revision.createdAt),
  })
}

function stop(world: EcsWorld, scheduler: Scheduler, input: Members): Members {
  const { tables } = world
  const arn = text(input, 'serviceDeploymentArn')
  const one = tables.serviceDeployments.get(arn)
  const service = one === undefined ? undefined : tables.services.get(one.serviceArn)
  if (one === undefined || service === undefined) {
    throw notFound('ServiceDeploymentNotFoundException', 'Service deployment not found.')
  }
  const stopType = optionalText(input, 'stopType') ?? 'ROLLBACK'
  if (stopType !== 'ROLLBACK' && stopType !== 'ABORT') throw clientException(`Unknown stopType ${stopType}.`)
  if (one.status === 'ROLLBACK_IN_PROGRESS') return { serviceDeploymentArn: arn }
  const primary = service.deployments[0]
  if (one.status !== 'IN_PROGRESS' || primary?.serviceDeploymentArn !== arn) {
    throw new AwsError('ConflictException', 'The service deployment is not in progress.')
  }
  const rolloutStateReason = 'Service deployment stopped by a user.'
  const stopped = changedDeployment(world, primary, { rolloutState: 'FAILED', rolloutStateReason })
  const halted = { ...service, deployments: [stopped, ...service.deployments.slice(1)] }
  const good = service.lastCompletedRevision
  if (stopType === 'ROLLBACK' && good === undefined) {
    throw new AwsError('ConflictException', 'The service has no completed service revision to roll back to.')
  }
  if (stopType === 'ROLLBACK' && good !== undefined) {
    record(world, arn, { status: 'ROLLBACK_REQUESTED' })
    const restored = rollBack(world, halted, good, rolloutStateReason)
    tables.services.put(service.serviceArn, afterRollBack(world, restored, 'ECS deployment stopped'))
  } else {
    finishRecord(world, arn, 'STOPPED', rolloutStateReason)
    tables.services.put(
      service.serviceArn,
      withEvent(world, halted, `(deployment ${primary.id}) deployment stopped.`),
    )
  }
  scheduler.wake(service.serviceArn)
  return { serviceDeploymentArn: arn }
}
