import { uuid, hexId, type Random } from '../kernel/random.ts'
import type { Members } from '../kernel/operation.ts'
import {
  optionalFlag,
  optionalInteger,
  optionalRecord,
  optionalRecords,
  optionalText,
  present,
  texts,
} from '../members.ts'
import { ecsArn, lastPart, networkInterfaceId, placeOf } from './arns.ts'
import type {
  BoundTarget,
  ContainerInstanceState,
  ContainerState,
  TaskDefinitionState,
  TaskState,
} from './state.ts'

/** What a task is started from, by a service's scheduler or by RunTask. */
export interface TaskRequest {
  readonly clusterArn: string
  readonly definition: TaskDefinitionState
  readonly group: string
  readonly startedBy?: string
  readonly serviceArn?: string
  readonly ownerId?: string
  readonly networkConfiguration?: Members
  readonly loadBalancers: readonly Members[]
  /** The instance it runs on; undefined for Fargate. */
  readonly instance?: ContainerInstanceState
  /** launchType, platformVersion, overrides, enableExecuteCommand and the like, in AWS's names. */
  readonly members: Members
}

const NETWORK_TRIES = 200

/** A task in PROVISIONING with an address of its own out of 10.0.0.0/16, or its instance's for host and bridge networks. */
export function newTask(
  request: TaskRequest,
  random: Random,
  now: number,
  isTaken: (address: string) => boolean,
): TaskState {
  const { definition, clusterArn } = request
  const place = placeOf(clusterArn)
  const id = hexId(random, 32)
  const cluster = lastPart(clusterArn)
  const networkMode = String(definition.members['networkMode'])
  const ownNetwork = networkMode === 'awsvpc' || request.instance === undefined
  const address = ownNetwork ? freeAddress(random, isTaken) : request.instance.address
  const containers = definition.containers.map((container) =>
    newContainer(container, ecsArn(place, `container/${cluster}/${id}/${uuid(random)}`), ownNetwork, random),
  )
  const targetId = ownNetwork ? address : (request.instance?.ec2InstanceId ?? address)
  return {
    taskArn: ecsArn(place, `task/${cluster}/${id}`),
    clusterArn,
    taskDefinitionArn: definition.taskDefinitionArn,
    members: present({
      cpu: definition.members['cpu'],
      memory: definition.members['memory'],
      availabilityZone: `${place.region}a`,
      containerInstanceArn: request.instance?.containerInstanceArn,
      ...request.members,
      ...(ownNetwork ? networkMembers(request, random) : {}),
    }),
    group: request.group,
    ...(request.startedBy === undefined ? {} : { startedBy: request.startedBy }),
    ...(request.serviceArn === undefined ? {} : { serviceArn: request.serviceArn }),
    ...(request.ownerId === undefined ? {} : { ownerId: request.ownerId }),
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    address,
    networkMode,
    containers,
    targets: request.loadBalancers.flatMap((balancer) => boundTargets(balancer, containers, targetId)),
    everHealthy: false,
    version: 1,
    createdAt: now,
  }
}

function networkMembers(request: TaskRequest, random: Random): Members {
  const configuration = optionalRecord(request.networkConfiguration ?? {}, 'awsvpcConfiguration') ?? {}
  const subnets = texts(configuration, 'subnets')
  const mac = hexId(random, 10).match(/../g)?.join(':')
  return {
    attachmentId: uuid(random),
    networkInterfaceId: networkInterfaceId(random),
    subnetId: subnets[Math.floor(random.next() * subnets.length)] ?? 'subnet-00000000',
    macAddress: `0a:${mac ?? ''}`,
    securityGroups: texts(configuration, 'securityGroups'),
  }
}

function newContainer(
  container: Members,
  containerArn: string,
  ownNetwork: boolean,
  random: Random,
): ContainerState {
  const ports = (optionalRecords(container, 'portMappings') ?? []).map((mapping) => {
    const containerPort = optionalInteger(mapping, 'containerPort') ?? 0
    const wanted = optionalInteger(mapping, 'hostPort') ?? 0
    const hostPort = ownNetwork ? containerPort : wanted === 0 ? dynamicPort(random) : wanted
    return { containerPort, hostPort, protocol: optionalText(mapping, 'protocol') ?? 'tcp' }
  })
  return {
    containerArn,
    name: optionalText(container, 'name') ?? '',
    image: optionalText(container, 'image') ?? '',
    essential: optionalFlag(container, 'essential') ?? true,
    ports,
    ...(optionalRecord(container, 'healthCheck') === undefined ? {} : { health: 'UNKNOWN' }),
  }
}

function boundTargets(balancer: Members, containers: readonly ContainerState[], id: string): BoundTarget[] {
  const targetGroupArn = optionalText(balancer, 'targetGroupArn')
  if (targetGroupArn === undefined) return []
  const container = containers.find((one) => one.name === balancer['containerName'])
  const mapping = container?.ports.find((port) => port.containerPort === balancer['containerPort'])
  return mapping === undefined ? [] : [{ targetGroupArn, id, port: mapping.hostPort }]
}

/** A port of the range that Docker hands out when a mapping asks for host port 0. */
function dynamicPort(random: Random): number {
  return 32_768 + Math.floor(random.next() * 28_000)
}

function freeAddress(random: Random, isTaken: (address: string) => boolean): string {
  for (let tried = 0; tried < NETWORK_TRIES; tried += 1) {
    const address = `10.0.${Math.floor(random.next() * 256)}.${4 + Math.floor(random.next() * 250)}`
    if (!isTaken(address)) return address
  }
  throw new Error(`no free address was found in 10.0.0.0/16 after ${NETWORK_TRIES} tries`)
}
