import { containerShape } from './container.ts'
import type { ObjectShape } from './shape.ts'
import { boolean, defaulting, enumeration, map, number, object, reference, setOf, text } from './shape.ts'

const page = (type: string): string =>
  `https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_${type}.html`
const register = page('RegisterTaskDefinition')
const efs = page('EFSVolumeConfiguration')
const docker = page('DockerVolumeConfiguration')

const volume = object({
  name: text,
  host: object({ sourcePath: text }),
  configuredAtLaunch: defaulting(boolean, false, page('Volume')),
  dockerVolumeConfiguration: object({
    scope: defaulting(enumeration, 'task', docker),
    autoprovision: defaulting(boolean, false, docker),
    driver: defaulting(text, 'local', docker),
    driverOpts: map,
    labels: map,
  }),
  efsVolumeConfiguration: object({
    fileSystemId: text,
    rootDirectory: defaulting(text, '/', efs),
    transitEncryption: defaulting(enumeration, 'DISABLED', efs),
    transitEncryptionPort: number,
    authorizationConfig: object({
      accessPointId: text,
      iam: defaulting(enumeration, 'DISABLED', page('EFSAuthorizationConfig')),
    }),
  }),
  s3filesVolumeConfiguration: object({
    fileSystemArn: text,
    rootDirectory: defaulting(text, '/', page('S3FilesVolumeConfiguration')),
    transitEncryptionPort: number,
    accessPointArn: text,
  }),
  fsxWindowsFileServerVolumeConfiguration: object({
    fileSystemId: text,
    rootDirectory: text,
    authorizationConfig: object({ credentialsParameter: text, domain: text }),
  }),
})

const runtimePlatform: ObjectShape = {
  ...object({
    cpuArchitecture: defaulting(enumeration, 'X86_64', page('RuntimePlatform')),
    operatingSystemFamily: defaulting(enumeration, 'LINUX', page('RuntimePlatform')),
  }),
  always: true,
}

/** How ECS reads a task definition: every member of RegisterTaskDefinition, as of botocore 1.43. */
export const taskDefinitionShape = object({
  family: text,
  taskRoleArn: reference,
  executionRoleArn: reference,
  networkMode: defaulting(enumeration, 'bridge', register),
  containerDefinitions: setOf(containerShape, 'name'),
  volumes: setOf(volume, 'name'),
  placementConstraints: setOf(object({ type: enumeration, expression: text })),
  requiresCompatibilities: setOf(enumeration),
  cpu: { kind: 'vcpu' },
  memory: { kind: 'mebibytes' },
  tags: setOf(object({ key: text, value: defaulting(text, '', page('Tag')) }), 'key'),
  pidMode: enumeration,
  ipcMode: enumeration,
  proxyConfiguration: object({
    type: defaulting(enumeration, 'APPMESH', page('ProxyConfiguration')),
    containerName: text,
    properties: setOf(object({ name: text, value: text }), 'name'),
  }),
  inferenceAccelerators: setOf(object({ deviceName: text, deviceType: text }), 'deviceName'),
  ephemeralStorage: object({ sizeInGiB: number }),
  runtimePlatform,
  enableFaultInjection: defaulting(boolean, false, register),
})

/** What DescribeTaskDefinition adds and RegisterTaskDefinition refuses (API_TaskDefinition). */
export const readOnlyTaskDefinitionMembers: ReadonlySet<string> = new Set([
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'deleteRequestedAt',
])
