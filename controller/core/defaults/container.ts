import type { DefaultRow, ScalarShape } from './shape.ts'
import { boolean, defaulting, enumeration, list, map, number, object, setOf, text } from './shape.ts'

const reference = 'https://docs.aws.amazon.com/AmazonECS/latest/APIReference'
const page = (type: string): string => `${reference}/API_${type}.html`
const container = page('ContainerDefinition')

const nameAndValue = setOf(object({ name: text, value: text }), 'name')
const nameAndReference = setOf(object({ name: text, valueFrom: text }), 'name')

const hostPortRows: readonly DefaultRow[] = [
  {
    copyOf: 'containerPort',
    when: { member: 'networkMode', isOneOf: ['awsvpc', 'host'] },
    source: page('PortMapping'),
  },
  { value: 0, source: page('PortMapping') },
]
const hostPort: ScalarShape = { ...number, defaults: hostPortRows }

const portMapping = object({
  containerPort: number,
  hostPort,
  protocol: defaulting(enumeration, 'tcp', page('PortMapping')),
  name: text,
  appProtocol: enumeration,
  containerPortRange: text,
})

const linuxParameters = object({
  capabilities: object({ add: setOf(enumeration), drop: setOf(enumeration) }),
  devices: setOf(
    object({
      hostPath: text,
      containerPath: { ...text, defaults: [{ copyOf: 'hostPath', source: page('Device') }] },
      permissions: defaulting(setOf(enumeration), ['read', 'write', 'mknod'], page('Device')),
    }),
    'hostPath',
  ),
  initProcessEnabled: defaulting(boolean, false, page('LinuxParameters')),
  sharedMemorySize: number,
  tmpfs: setOf(object({ containerPath: text, size: number, mountOptions: setOf(text) }), 'containerPath'),
  maxSwap: number,
  swappiness: defaulting(number, 60, page('LinuxParameters')),
})

const logConfiguration = object({
  logDriver: enumeration,
  options: map,
  secretOptions: nameAndReference,
})

const healthCheck = object({
  command: list(text),
  interval: defaulting(number, 30, page('HealthCheck')),
  timeout: defaulting(number, 5, page('HealthCheck')),
  retries: defaulting(number, 3, page('HealthCheck')),
  startPeriod: defaulting(number, 0, page('HealthCheck')),
})

const restartPolicy = object({
  enabled: boolean,
  ignoredExitCodes: setOf(number),
  restartAttemptPeriod: defaulting(number, 300, page('ContainerRestartPolicy')),
})

/** How ECS reads one element of containerDefinitions. Source: API_ContainerDefinition and the pages of its members, as of botocore 1.43. */
export const containerShape = object({
  name: text,
  image: text,
  repositoryCredentials: object({ credentialsParameter: text }),
  cpu: defaulting(number, 0, container),
  memory: number,
  memoryReservation: number,
  links: setOf(text),
  portMappings: setOf(portMapping, 'containerPort', 'containerPortRange', 'protocol'),
  essential: defaulting(boolean, true, container),
  restartPolicy,
  entryPoint: list(text),
  command: list(text),
  environment: nameAndValue,
  environmentFiles: list(object({ value: text, type: enumeration })),
  mountPoints: setOf(
    object({
      sourceVolume: text,
      containerPath: text,
      readOnly: defaulting(boolean, false, page('MountPoint')),
    }),
    'containerPath',
  ),
  volumesFrom: setOf(
    object({ sourceContainer: text, readOnly: defaulting(boolean, false, page('VolumeFrom')) }),
    'sourceContainer',
  ),
  linuxParameters,
  secrets: nameAndReference,
  dependsOn: setOf(object({ containerName: text, condition: enumeration }), 'containerName'),
  startTimeout: number,
  stopTimeout: number,
  versionConsistency: defaulting(enumeration, 'enabled', container),
  hostname: text,
  user: text,
  workingDirectory: text,
  disableNetworking: defaulting(boolean, false, container),
  privileged: defaulting(boolean, false, container),
  readonlyRootFilesystem: defaulting(boolean, false, container),
  dnsServers: list(text),
  dnsSearchDomains: list(text),
  extraHosts: setOf(object({ hostname: text, ipAddress: text }), 'hostname', 'ipAddress'),
  dockerSecurityOptions: setOf(text),
  interactive: defaulting(boolean, false, container),
  pseudoTerminal: defaulting(boolean, false, container),
  dockerLabels: map,
  ulimits: setOf(object({ name: enumeration, softLimit: number, hardLimit: number }), 'name'),
  logConfiguration,
  healthCheck,
  systemControls: setOf(object({ namespace: text, value: text }), 'namespace'),
  resourceRequirements: setOf(object({ type: enumeration, value: text }), 'type'),
  firelensConfiguration: object({ type: enumeration, options: map }),
  credentialSpecs: setOf(text),
})
