import type { ObjectShape, SetShape } from './shape.ts'
import {
  boolean,
  defaulting,
  enumeration,
  list,
  map,
  number,
  object,
  onlyWhenNamed,
  reference,
  setOf,
  text,
} from './shape.ts'

const page = (type: string): string =>
  `https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_${type}.html`
const create = page('CreateService')
const deployment = page('DeploymentConfiguration')
const circuitBreaker = page('DeploymentCircuitBreaker')
const earlySuccess = page('DeploymentEarlySuccessCriteria')
const hook = page('DeploymentLifecycleHook')
const provider = page('CapacityProviderStrategyItem')

const awsvpcConfiguration = object({
  subnets: setOf(text),
  // Left out, the default security group of the VPC is used: its id can't be known here.
  securityGroups: onlyWhenNamed(setOf(text)),
  assignPublicIp: defaulting(enumeration, 'DISABLED', page('AwsVpcConfiguration')),
})

const deploymentCircuitBreaker = object({
  enable: defaulting(boolean, false, circuitBreaker),
  rollback: defaulting(boolean, false, circuitBreaker),
  resetOnHealthyTask: defaulting(boolean, true, circuitBreaker),
  thresholdConfiguration: {
    ...object({
      type: defaulting(enumeration, 'BOUNDED_PERCENT', circuitBreaker),
      value: defaulting(number, 50, circuitBreaker),
    }),
    always: true,
  },
})

const alarms = object({
  alarmNames: setOf(text),
  enable: defaulting(boolean, false, page('DeploymentAlarms')),
  rollback: defaulting(boolean, false, page('DeploymentAlarms')),
})

const earlySuccessCriteria = object({
  enable: defaulting(boolean, false, earlySuccess),
  healthyPercent: defaulting(number, 100, earlySuccess),
  sourceServiceRevisionCleanup: defaulting(enumeration, 'BLOCKING', earlySuccess),
})

const lifecycleHook = object({
  hookTargetArn: text,
  roleArn: reference,
  lifecycleStages: setOf(enumeration),
  hookDetails: map,
  targetType: defaulting(enumeration, 'AWS_LAMBDA', hook),
  timeoutConfiguration: {
    ...object({
      action: defaulting(enumeration, 'ROLLBACK', hook),
      timeoutInMinutes: defaulting(number, 1440, hook),
    }),
    always: true,
  },
})

const deploymentConfiguration = object({
  maximumPercent: defaulting(number, 200, deployment),
  minimumHealthyPercent: defaulting(number, 100, deployment),
  deploymentCircuitBreaker: onlyWhenNamed(deploymentCircuitBreaker),
  alarms: onlyWhenNamed(alarms),
  strategy: onlyWhenNamed(defaulting(enumeration, 'ROLLING', deployment)),
  bakeTimeInMinutes: onlyWhenNamed(defaulting(number, 0, deployment)),
  earlySuccessCriteria: onlyWhenNamed(earlySuccessCriteria),
  lifecycleHooks: onlyWhenNamed(setOf(lifecycleHook, 'hookTargetArn')),
  linearConfiguration: onlyWhenNamed(
    object({
      stepPercent: defaulting(number, 10, page('LinearConfiguration')),
      stepBakeTimeInMinutes: defaulting(number, 6, page('LinearConfiguration')),
    }),
  ),
  canaryConfiguration: onlyWhenNamed(
    object({
      canaryPercent: defaulting(number, 5, page('CanaryConfiguration')),
      canaryBakeTimeInMinutes: defaulting(number, 10, page('CanaryConfiguration')),
    }),
  ),
})

const managedVolume = object({
  encrypted: onlyWhenNamed(boolean),
  kmsKeyId: onlyWhenNamed(text),
  // Left out, the page names no type.
  volumeType: onlyWhenNamed(enumeration),
  sizeInGiB: onlyWhenNamed(number),
  snapshotId: text,
  volumeInitializationRate: number,
  iops: onlyWhenNamed(number),
  throughput: onlyWhenNamed(number),
  tagSpecifications: onlyWhenNamed(setOf(map)),
  roleArn: reference,
  filesystemType: defaulting(enumeration, 'xfs', page('ServiceManagedEBSVolumeConfiguration')),
})

/** A resource's tags: those of AWS, of Terraform's provider and of people beside ours are theirs. */
const tagsShape: SetShape = {
  ...setOf(object({ key: text, value: defaulting(text, '', page('Tag')) }), 'key'),
  open: true,
}

/** How ECS reads the settings of a service that a release may name; what a release leaves out is not compared at all. */
export const serviceShape: ObjectShape = {
  ...object({
    launchType: enumeration,
    capacityProviderStrategy: setOf(
      object({
        capacityProvider: text,
        weight: defaulting(number, 0, provider),
        base: defaulting(number, 0, provider),
      }),
      'capacityProvider',
    ),
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html: LATEST is 1.4.0 for Linux, 1.0.0 for Windows.
    platformVersion: {
      kind: 'version',
      aliases: { LATEST: ['1.4.0', '1.0.0'] },
      defaults: [{ value: 'LATEST', source: create }],
    },
    networkConfiguration: object({ awsvpcConfiguration }),
    placementConstraints: setOf(object({ type: enumeration, expression: text })),
    placementStrategy: list(
      object({
        type: enumeration,
        field: { ...enumeration, aliases: { instanceId: ['host'] } },
      }),
    ),
    healthCheckGracePeriodSeconds: defaulting(number, 0, create),
    schedulingStrategy: defaulting(enumeration, 'REPLICA', create),
    enableECSManagedTags: defaulting(boolean, false, create),
    propagateTags: defaulting(enumeration, 'NONE', create),
    enableExecuteCommand: defaulting(boolean, false, create),
    // What a service has that never had a value; a service that is created without one gets ENABLED, and shows it.
    availabilityZoneRebalancing: defaulting(enumeration, 'DISABLED', create),
    deploymentConfiguration,
    tags: tagsShape,
    volumeConfigurations: setOf(object({ name: text, managedEBSVolume: managedVolume }), 'name'),
  }),
  open: true,
}
