import { clientException } from '../kernel/error.ts'
import type { Members } from '../kernel/operation.ts'
import {
  optionalFlag,
  optionalInteger,
  optionalRecord,
  optionalRecords,
  optionalText,
  texts,
} from '../members.ts'

/** CPU units to the memory sizes in MiB that Fargate has for them (AWS: "Task CPU and memory"). */
const FARGATE_MEMORY: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: range(1024, 4096, 1024),
  1024: range(2048, 8192, 1024),
  2048: range(4096, 16_384, 1024),
  4096: range(8192, 30_720, 1024),
  8192: range(16_384, 61_440, 4096),
  16384: range(32_768, 122_880, 8192),
}

/** Refuses with ClientException what RegisterTaskDefinition refuses. */
export function checkTaskDefinition(input: Members): void {
  const family = optionalText(input, 'family') ?? ''
  if (family === '') throw clientException('Family should not be null or empty.')
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(family)) throw clientException('Family contains invalid characters.')
  const containers = optionalRecords(input, 'containerDefinitions') ?? []
  if (containers.length === 0) throw clientException('Container list cannot be empty.')
  if (containers.length > 10) throw clientException('A task definition can have at most 10 containers.')
  const networkMode = optionalText(input, 'networkMode') ?? 'bridge'
  if (!['bridge', 'host', 'awsvpc', 'none'].includes(networkMode)) {
    throw clientException(`Invalid network mode ${networkMode}.`)
  }
  checkContainers(containers, networkMode, input['memory'] !== undefined)
  checkVolumes(input, containers)
  if (texts(input, 'requiresCompatibilities').includes('FARGATE'))
    checkFargate(input, containers, networkMode)
}

/** Whether an image comes from a private ECR registry. */
export function isEcrImage(image: string): boolean {
  return /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\//.test(image)
}

/** Fargate's amount of CPU in units, also when it was given as `0.5 vCPU`. */
export function cpuUnits(cpu: string): number {
  const cores = /^([\d.]+)\s*vcpu$/i.exec(cpu.trim())
  return cores === null ? Number(cpu) : Number(cores[1]) * 1024
}

/** An amount of memory in MiB, also when it was given as `2 GB`. */
export function memoryMebibytes(memory: string): number {
  const gigabytes = /^([\d.]+)\s*gb$/i.exec(memory.trim())
  return gigabytes === null ? Number(memory) : Number(gigabytes[1]) * 1024
}

function checkContainers(containers: readonly Members[], networkMode: string, hasTaskMemory: boolean): void {
  const names = new Set<string>()
  for (const container of containers) {
    const name = optionalText(container, 'name') ?? ''
    if (name === '') throw clientException('Container.name should not be null or empty.')
    if (names.has(name)) throw clientException(`Container name '${name}' is used more than once.`)
    names.add(name)
    if ((optionalText(container, 'image') ?? '') === '') {
      throw clientException('Container.image should not be null or empty.')
    }
    checkContainerMemory(container, name, hasTaskMemory)
    checkPorts(container, networkMode)
    checkHealthCheck(container)
  }
  if (containers.every((container) => optionalFlag(container, 'essential') === false)) {
    throw clientException('A TaskDefinition must have at least one essential container.')
  }
  for (const container of containers) {
    for (const dependency of optionalRecords(container, 'dependsOn') ?? []) {
      if (!names.has(optionalText(dependency, 'containerName') ?? '')) {
        throw clientException('Container dependency names a container that does not exist.')
      }
    }
  }
}

function checkContainerMemory(container: Members, name: string, hasTaskMemory: boolean): void {
  const memory = optionalInteger(container, 'memory')
  const reservation = optionalInteger(container, 'memoryReservation')
  if (!hasTaskMemory && memory === undefined && reservation === undefined) {
    throw clientException(
      `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    )
  }
  if (memory !== undefined && reservation !== undefined && reservation > memory) {
    throw clientException(
      `Invalid setting for container '${name}'. 'memoryReservation' must be at most 'memory'.`,
    )
  }
}

function checkPorts(container: Members, networkMode: string): void {
  for (const mapping of optionalRecords(container, 'portMappings') ?? []) {
    const containerPort = optionalInteger(mapping, 'containerPort')
    const hostPort = optionalInteger(mapping, 'hostPort')
    if (containerPort !== undefined && (containerPort < 0 || containerPort > 65_535)) {
      throw clientException('Invalid container port: it must be between 0 and 65535.')
    }
    const bound = hostPort !== undefined && hostPort !== 0 && hostPort !== containerPort
    if (bound && (networkMode === 'awsvpc' || networkMode === 'host')) {
      throw clientException(
        `When networkMode=${networkMode}, the host ports and container ports in port mappings must match.`,
      )
    }
  }
}

function checkHealthCheck(container: Members): void {
  const healthCheck = optionalRecord(container, 'healthCheck')
  if (healthCheck === undefined) return
  if (texts(healthCheck, 'command').length === 0) {
    throw clientException('Health check command must be specified.')
  }
  const interval = optionalInteger(healthCheck, 'interval') ?? 30
  if (interval < 5 || interval > 300)
    throw clientException('Health check interval must be between 5 and 300.')
}

function checkVolumes(input: Members, containers: readonly Members[]): void {
  const volumes = new Set(
    (optionalRecords(input, 'volumes') ?? []).map((volume) => optionalText(volume, 'name')),
  )
  for (const container of containers) {
    for (const mount of optionalRecords(container, 'mountPoints') ?? []) {
      if (!volumes.has(optionalText(mount, 'sourceVolume'))) {
        throw clientException(`Unknown volume '${optionalText(mount, 'sourceVolume') ?? ''}'.`)
      }
    }
  }
}

function checkFargate(input: Members, containers: readonly Members[], networkMode: string): void {
  if (networkMode !== 'awsvpc') throw clientException("Fargate only supports network mode 'awsvpc'.")
  const cpu = optionalText(input, 'cpu')
  const memory = optionalText(input, 'memory')
  if (cpu === undefined || memory === undefined) {
    throw clientException("Fargate requires that 'cpu' and 'memory' be defined at the task level.")
  }
  if (FARGATE_MEMORY[cpuUnits(cpu)]?.includes(memoryMebibytes(memory)) !== true) {
    throw clientException(`No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory.`)
  }
  if (optionalText(input, 'executionRoleArn') !== undefined) return
  if (containers.some((container) => isEcrImage(optionalText(container, 'image') ?? ''))) {
    throw clientException(
      'Fargate requires task definition to have execution role ARN to support ECR images.',
    )
  }
  if (containers.some((container) => (optionalRecords(container, 'secrets') ?? []).length > 0)) {
    throw clientException(
      'When you are specifying container secrets, you must also specify a value for the executionRoleArn.',
    )
  }
  const drivers = containers.map((container) => optionalRecord(container, 'logConfiguration')?.['logDriver'])
  if (drivers.includes('awslogs')) {
    throw clientException(
      'Fargate requires task definition to have execution role ARN to support log driver awslogs.',
    )
  }
}

function range(from: number, to: number, step: number): number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step)
}
