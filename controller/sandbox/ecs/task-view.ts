import { timestamp, type Members } from '../kernel/operation.ts'
import { present } from '../members.ts'
import { taskHealth } from './container-health.ts'
import type { ContainerState, TaskState } from './state.ts'

const PENDING: ReadonlySet<string> = new Set(['PROVISIONING', 'PENDING', 'ACTIVATING'])
const ATTACHMENT_MEMBERS: ReadonlySet<string> = new Set([
  'attachmentId',
  'networkInterfaceId',
  'subnetId',
  'macAddress',
  'securityGroups',
])

/** A task as DescribeTasks shows it. */
export function taskView(task: TaskState, tags: readonly Members[] = []): Members {
  const { members } = task
  const shown = Object.fromEntries(Object.entries(members).filter(([name]) => !ATTACHMENT_MEMBERS.has(name)))
  return present({
    taskArn: task.taskArn,
    clusterArn: task.clusterArn,
    taskDefinitionArn: task.taskDefinitionArn,
    ...shown,
    attachments: members['attachmentId'] === undefined ? [] : [attachmentView(task)],
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    connectivity: PENDING.has(task.lastStatus) ? undefined : 'CONNECTED',
    connectivityAt: time(task.pullStartedAt),
    containers: task.containers.map((container) => containerView(task, container)),
    createdAt: timestamp(task.createdAt),
    desiredStatus: task.desiredStatus,
    executionStoppedAt: time(task.executionStoppedAt),
    group: task.group,
    healthStatus: taskHealth(task),
    inferenceAccelerators: [],
    lastStatus: task.lastStatus,
    pullStartedAt: time(task.pullStartedAt),
    pullStoppedAt: time(task.pullStoppedAt),
    startedAt: time(task.startedAt),
    startedBy: task.startedBy,
    stopCode: task.stopCode,
    stoppedAt: time(task.stoppedAt),
    stoppedReason: task.stoppedReason,
    stoppingAt: time(task.stoppingAt),
    tags,
    version: task.version,
    ephemeralStorage: members['launchType'] === 'FARGATE' ? { sizeInGiB: 20 } : undefined,
  })
}

function attachmentView(task: TaskState): Members {
  const { members, lastStatus } = task
  const status =
    lastStatus === 'PROVISIONING' ? 'PRECREATED' : lastStatus === 'STOPPED' ? 'DELETED' : 'ATTACHED'
  const lastOctets = task.address.split('.').join('-')
  return {
    id: members['attachmentId'],
    type: 'ElasticNetworkInterface',
    status,
    details: [
      { name: 'subnetId', value: members['subnetId'] },
      { name: 'networkInterfaceId', value: members['networkInterfaceId'] },
      { name: 'macAddress', value: members['macAddress'] },
      { name: 'privateDnsName', value: `ip-${lastOctets}.ec2.internal` },
      { name: 'privateIPv4Address', value: task.address },
    ],
  }
}

function containerView(task: TaskState, container: ContainerState): Members {
  const ownNetwork = task.members['attachmentId'] !== undefined
  const runs = task.lastStatus === 'RUNNING' || task.lastStatus === 'DEACTIVATING'
  const stopped = ['STOPPED', 'DEPROVISIONING'].includes(task.lastStatus)
  return present({
    containerArn: container.containerArn,
    taskArn: task.taskArn,
    name: container.name,
    image: container.image,
    imageDigest: container.imageDigest,
    runtimeId: container.runtimeId,
    lastStatus: runs ? 'RUNNING' : stopped ? 'STOPPED' : 'PENDING',
    exitCode: stopped && task.startedAt !== undefined ? container.exitCode : undefined,
    reason: container.reason,
    networkBindings: ownNetwork ? [] : container.ports.map((port) => ({ bindIP: '0.0.0.0', ...port })),
    networkInterfaces: ownNetwork
      ? [{ attachmentId: task.members['attachmentId'], privateIpv4Address: task.address }]
      : [],
    healthStatus: container.health ?? 'UNKNOWN',
    cpu: '0',
  })
}

function time(epochMs: number | undefined): unknown {
  return epochMs === undefined ? undefined : timestamp(epochMs)
}
