import fc from 'fast-check'

type Document = Readonly<Record<string, unknown>>

/** What a test's release wants of its service and of its task definition. */
export interface Wanted {
  readonly settings: Document
  readonly taskDefinition: Document
}

const someOf = (
  members: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  required: string[] = [],
): fc.Arbitrary<Document> => fc.record(members, { requiredKeys: required })

const subset = <Value>(...values: readonly Value[]): fc.Arbitrary<Value[]> => fc.shuffledSubarray([...values])

/** The fields of `service.settings` as people write them: left out, spelled out, lists in any order. */
const settings = someOf(
  {
    launchType: fc.constantFrom('FARGATE', undefined),
    networkConfiguration: fc.record({
      awsvpcConfiguration: someOf(
        {
          subnets: fc.shuffledSubarray(['subnet-a', 'subnet-b'], { minLength: 1 }),
          securityGroups: subset('sg-1', 'sg-2'),
          assignPublicIp: fc.constantFrom('ENABLED', 'DISABLED'),
        },
        ['subnets'],
      ),
    }),
    platformVersion: fc.constantFrom('LATEST', '1.4.0'),
    healthCheckGracePeriodSeconds: fc.nat(600),
    schedulingStrategy: fc.constant('REPLICA'),
    enableECSManagedTags: fc.boolean(),
    propagateTags: fc.constantFrom('NONE', 'SERVICE', 'TASK_DEFINITION'),
    enableExecuteCommand: fc.boolean(),
    availabilityZoneRebalancing: fc.constantFrom('ENABLED', 'DISABLED'),
    deploymentConfiguration: someOf({
      maximumPercent: fc.integer({ min: 101, max: 200 }),
      minimumHealthyPercent: fc.nat(100),
    }),
    tags: fc
      .uniqueArray(fc.constantFrom('team', 'tier', 'cost/center'), { maxLength: 3 })
      .map((keys) => keys.map((key, index) => (index === 0 ? { key } : { key, value: `of ${key}` }))),
    volumeConfigurations: fc.constantFrom(
      [],
      [{ name: 'data', managedEBSVolume: { roleArn: 'arn:aws:iam::123456789012:role/ebs', sizeInGiB: 20 } }],
    ),
  },
  ['launchType', 'networkConfiguration'],
).map((document) => (document['launchType'] === undefined ? onProviders(document) : document))

function onProviders({ launchType: _type, ...rest }: Document): Document {
  return {
    ...rest,
    capacityProviderStrategy: [
      { capacityProvider: 'FARGATE_SPOT' },
      { capacityProvider: 'FARGATE', weight: 1, base: 1 },
    ],
  }
}

const environment = fc
  .uniqueArray(fc.constantFrom('A', 'B', 'C'), { maxLength: 3 })
  .map((names) => names.map((name) => ({ name, value: `${name}-1` })))

const web = someOf(
  {
    name: fc.constant('web'),
    image: fc.constant('app:1'),
    portMappings: fc.constantFrom(
      [{ containerPort: 8080 }],
      [
        { containerPort: 8080, protocol: 'tcp' },
        { containerPort: 53, protocol: 'udp' },
      ],
    ),
    cpu: fc.constantFrom(0, 128),
    memoryReservation: fc.constant(128),
    essential: fc.constant(true),
    environment,
    command: fc.constantFrom([], ['serve', '--fast']),
    dockerLabels: fc.constantFrom({}, { a: 'b' }),
    healthCheck: someOf(
      {
        command: fc.constant(['CMD', 'true']),
        interval: fc.constantFrom(30, 10),
        retries: fc.constantFrom(3, 5),
      },
      ['command'],
    ),
    logConfiguration: fc.constant({
      logDriver: 'awslogs',
      options: { 'awslogs-group': '/web', 'awslogs-region': 'eu-west-1' },
    }),
    mountPoints: fc.constantFrom([], [{ sourceVolume: 'cache', containerPath: '/cache' }]),
    ulimits: fc.constantFrom([], [{ name: 'nofile', softLimit: 1024, hardLimit: 4096 }]),
    stopTimeout: fc.constantFrom(30, 60),
    privileged: fc.constant(false),
    readonlyRootFilesystem: fc.boolean(),
    user: fc.constantFrom('1000', 'app'),
  },
  ['name', 'image', 'portMappings'],
)

const taskDefinition = someOf(
  {
    family: fc.constant('prod-web'),
    networkMode: fc.constant('awsvpc'),
    requiresCompatibilities: fc.constant(['FARGATE']),
    executionRoleArn: fc.constant('arn:aws:iam::123456789012:role/execution'),
    cpu: fc.constantFrom('256', '.25 vCPU', '0.25 vcpu'),
    memory: fc.constantFrom('512', '1 GB', '1024'),
    containerDefinitions: fc
      .tuple(web, fc.boolean())
      .map(([first, hasProxy]) => (hasProxy ? [{ name: 'proxy', image: 'envoy:1' }, first] : [first])),
    volumes: fc.constant([{ name: 'cache' }, { name: 'data', configuredAtLaunch: true }]),
    taskRoleArn: fc.constant('arn:aws:iam::123456789012:role/task'),
    runtimePlatform: fc.constantFrom({}, { cpuArchitecture: 'X86_64' }, { cpuArchitecture: 'ARM64' }),
    enableFaultInjection: fc.constant(false),
  },
  [
    'family',
    'networkMode',
    'requiresCompatibilities',
    'executionRoleArn',
    'cpu',
    'memory',
    'containerDefinitions',
    'volumes',
  ],
)

export const wanted: fc.Arbitrary<Wanted> = fc.record({ settings, taskDefinition })
