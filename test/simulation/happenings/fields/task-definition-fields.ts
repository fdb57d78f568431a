import { IMAGE_REPOSITORY } from '../../../support/machine/shape.ts'
import type { Members } from '../../../../controller/sandbox/kernel/operation.ts'
import { readOnlyTaskDefinitionMembers } from '../../../../controller/core/defaults.ts'
import type { FieldByHand, FieldLeftOut, Place } from './field.ts'
import { cluster, describeService } from './field.ts'

/** The image that somebody gives a side. */
export const IMAGE_BY_HAND = `${IMAGE_REPOSITORY}:h1-slow`

const role = (name: string): string => `arn:aws:iam::123456789012:role/${name}`

/** Members of the only container's definition that somebody adds or changes in another revision. */
const CONTAINER: Readonly<Record<string, unknown>> = {
  image: IMAGE_BY_HAND,
  repositoryCredentials: {
    credentialsParameter: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:registry',
  },
  cpu: 128,
  memory: 256,
  memoryReservation: 128,
  portMappings: [
    { containerPort: 8080, protocol: 'tcp' },
    { containerPort: 9090, protocol: 'tcp' },
  ],
  restartPolicy: { enabled: true },
  entryPoint: ['sh', '-c'],
  command: ['serve', '--by-hand'],
  environment: [{ name: 'CHANGED', value: 'by hand' }],
  environmentFiles: [{ value: 'arn:aws:s3:::by-hand/all.env', type: 's3' }],
  linuxParameters: { initProcessEnabled: true },
  secrets: [{ name: 'TOKEN', valueFrom: 'arn:aws:ssm:eu-west-1:123456789012:parameter/by-hand' }],
  startTimeout: 60,
  stopTimeout: 20,
  versionConsistency: 'disabled',
  user: '1000',
  workingDirectory: '/elsewhere',
  readonlyRootFilesystem: true,
  interactive: true,
  pseudoTerminal: true,
  dockerLabels: { team: 'by hand' },
  ulimits: [{ name: 'nofile', softLimit: 1024, hardLimit: 2048 }],
  logConfiguration: {
    logDriver: 'awslogs',
    options: { 'awslogs-group': 'by-hand', 'awslogs-region': 'eu-west-1' },
  },
  systemControls: [{ namespace: 'net.core.somaxconn', value: '1024' }],
}

/** The same of the task. */
const TASK: Readonly<Record<string, Members>> = {
  family: { family: 'by-hand' },
  taskRoleArn: { taskRoleArn: role('by-hand') },
  executionRoleArn: { executionRoleArn: role('by-hand') },
  requiresCompatibilities: { requiresCompatibilities: ['FARGATE', 'EC2'] },
  cpu: { cpu: '512', memory: '1024' },
  memory: { memory: '1024' },
  tags: { tags: [{ key: 'team', value: 'by hand' }] },
  pidMode: { pidMode: 'task' },
  ephemeralStorage: { ephemeralStorage: { sizeInGiB: 30 } },
  runtimePlatform: { runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' } },
  enableFaultInjection: { enableFaultInjection: true },
}

/** Fields of task definitions: each is another revision, which the side's service is pointed to. */
export const taskDefinitionFields: readonly FieldByHand[] = [
  {
    name: 'service/taskDefinition',
    change: (place) => point(place, (document) => document),
  },
  ...Object.entries(TASK).map(([name, members]) => ({
    name: `taskDefinition/${name}`,
    change: (place: Place) => point(place, (document) => ({ ...document, ...members })),
  })),
  ...Object.entries(CONTAINER).map(([name, value]) => ({
    name: `container/${name}`,
    change: (place: Place) => point(place, (document) => withContainer(document, { [name]: value })),
  })),
  {
    name: 'taskDefinition/volumes',
    change: (place) => point(place, (document) => ({ ...document, volumes: [{ name: 'by-hand' }] })),
  },
  {
    name: 'container/mountPoints',
    change: (place) =>
      point(place, (document) => ({
        ...withContainer(document, { mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }] }),
        volumes: [{ name: 'data' }],
      })),
  },
  { name: 'taskDefinition/containerDefinitions', change: (place) => point(place, withAnother()) },
  { name: 'container/dependsOn', change: (place) => point(place, withAnother({ dependsOn: onIt('START') })) },
  {
    name: 'container/volumesFrom',
    change: (place) => point(place, withAnother({ volumesFrom: [{ sourceContainer: 'by-hand' }] })),
  },
  { name: 'container/essential', change: (place) => point(place, withAnother({}, { essential: true })) },
  {
    name: 'container/healthCheck',
    change: (place) => point(place, withAnother({}, { healthCheck: { command: ['CMD-SHELL', 'true'] } })),
  },
  {
    name: 'container/firelensConfiguration',
    change: (place) => point(place, withAnother({}, { firelensConfiguration: { type: 'fluentbit' } })),
  },
]

const fargate = 'Fargate, or the network mode awsvpc, does not take it'

export const taskDefinitionFieldsLeftOut: readonly FieldLeftOut[] = [
  { name: 'taskDefinition/networkMode', without: fargate },
  { name: 'taskDefinition/placementConstraints', without: fargate },
  { name: 'taskDefinition/ipcMode', without: fargate },
  { name: 'taskDefinition/inferenceAccelerators', without: fargate },
  { name: 'taskDefinition/proxyConfiguration', without: 'there is no mesh' },
  { name: 'container/name', without: 'the service finds its targets by it' },
  ...[
    'links',
    'hostname',
    'disableNetworking',
    'privileged',
    'dnsServers',
    'dnsSearchDomains',
    'extraHosts',
    'dockerSecurityOptions',
    'resourceRequirements',
    'credentialSpecs',
  ].map((name) => ({ name: `container/${name}`, without: fargate })),
]

const onIt = (condition: string): Members[] => [{ containerName: 'by-hand', condition }]

function withContainer(document: Members, members: Members): Members {
  const [first, ...more] = document['containerDefinitions'] as readonly Members[]
  return { ...document, containerDefinitions: [{ ...first, ...members }, ...more] }
}

/** With a second container, which is `other`, and the first one changed. */
const withAnother =
  (members: Members = {}, other: Members = {}) =>
  (document: Members): Members => {
    const { containerDefinitions, ...rest } = withContainer(document, members)
    const second = { name: 'by-hand', image: 'public.ecr.aws/docker/busybox:1', essential: false, ...other }
    return { ...rest, containerDefinitions: [...(containerDefinitions as Members[]), second] }
  }

/** Registers what somebody makes of the revision that the service has, and makes the service run it. */
function point(place: Place, change: (document: Members) => Members): () => void {
  const { aws, service } = place
  const before = describeService(place)['taskDefinition']
  const { taskDefinition } = aws.byHand('ecs', 'DescribeTaskDefinition', { taskDefinition: before })
  const document = Object.fromEntries(
    Object.entries(taskDefinition as Members).filter(([name]) => !readOnlyTaskDefinitionMembers.has(name)),
  )
  const registered = aws.byHand('ecs', 'RegisterTaskDefinition', change(document))[
    'taskDefinition'
  ] as Members
  aws.byHand('ecs', 'UpdateService', { cluster, service, taskDefinition: registered['taskDefinitionArn'] })
  return () => void aws.byHand('ecs', 'UpdateService', { cluster, service, taskDefinition: before })
}
