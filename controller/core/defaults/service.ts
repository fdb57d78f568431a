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
  setOf,
  text,
} from './shape.ts'

const page = (type: string): string =>
  `https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_${type}.html`
const create = page('CreateService')
const deployment = page('DeploymentConfiguration')
const provider = page('CapacityProviderStrategyItem')

const awsvpcConfiguration = object({
  subnets: setOf(text),
  // Left out, the default security group of the VPC is used: its id can't be known here.
  securityGroups: onlyWhenNamed(setOf(text)),
  assignPublicIp: defaulting(enumeration, 'DISABLED', page('AwsVpcConfiguration')),
})

const deploymentConfiguration = object({
  maximumPercent: defaulting(number, 200, deployment),
  minimumHealthyPercent: defaulting(number, 100, deployment),
  deploymentCircuitBreaker: onlyWhenNamed(
    object({
      enable: defaulting(boolean, false, page('DeploymentCircuitBreaker')),
      rollback: defaulting(boolean, false, page('DeploymentCircuitBreaker')),
    }),
  ),
  alarms: onlyWhenNamed(
    object({
      alarmNames: setOf(text),
      enable: defaulting(boolean, false, page('DeploymentAlarms')),
      rollback: defaulting(boolean, false, page('DeploymentAlarms')),
    }),
  ),
  strategy: onlyWhenNamed(defaulting(enumeration, 'ROLLING', deployment)),
  bakeTimeInMinutes: onlyWhenNamed(number),
})

const managedVolume = object({
  encrypted: onlyWhenNamed(boolean),
  kmsKeyId: onlyWhenNamed(text),
  volumeType: defaulting(enumeration, 'gp3', page('ServiceManagedEBSVolumeConfiguration')),
  sizeInGiB: onlyWhenNamed(number),
  snapshotId: text,
  volumeInitializationRate: number,
  iops: onlyWhenNamed(number),
  throughput: onlyWhenNamed(number),
  tagSpecifications: onlyWhenNamed(setOf(map)),
  roleArn: { kind: 'reference' },
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
    availabilityZoneRebalancing: enumeration,
    deploymentConfiguration,
    tags: tagsShape,
    volumeConfigurations: setOf(object({ name: text, managedEBSVolume: managedVolume }), 'name'),
  }),
  open: true,
}
