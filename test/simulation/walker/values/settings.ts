import type { Entries } from './entry.ts'
import { outside, refusedAt, REMOVED, values } from './entry.ts'

const SETTINGS = '/spec/service/settings'
const providers = { [`${SETTINGS}/launchType`]: REMOVED }
const onFargate = {
  ...providers,
  [`${SETTINGS}/capacityProviderStrategy/0/capacityProvider`]: 'FARGATE',
}
const onInstances = outside('tasks on Fargate take none')

const entries: Entries = {
  launchType: { variants: values('FARGATE'), without: 'the task definition is for Fargate' },
  'capacityProviderStrategy/*/capacityProvider': {
    host: providers,
    variants: values('FARGATE', 'FARGATE_SPOT'),
  },
  'capacityProviderStrategy/*/weight': { host: onFargate, variants: values(1, 2) },
  'capacityProviderStrategy/*/base': { host: onFargate, variants: values(1) },
  platformVersion: { variants: values('1.3.0', 'LATEST') },
  'networkConfiguration/awsvpcConfiguration/subnets/*': { variants: values('subnet-other') },
  'networkConfiguration/awsvpcConfiguration/securityGroups/*': { variants: values('sg-other') },
  'networkConfiguration/awsvpcConfiguration/assignPublicIp': { variants: values('ENABLED', 'DISABLED') },
  'placementConstraints/*/type': onInstances,
  'placementConstraints/*/expression': {
    ...onInstances,
    host: { [`${SETTINGS}/placementConstraints/0/type`]: 'memberOf' },
  },
  'placementStrategy/*/type': onInstances,
  'placementStrategy/*/field': {
    ...onInstances,
    host: { [`${SETTINGS}/placementStrategy/0/type`]: 'spread' },
  },
  healthCheckGracePeriodSeconds: { variants: values(30, 60) },
  schedulingStrategy: { variants: values('REPLICA') },
  enableECSManagedTags: { variants: values(true, false) },
  propagateTags: { variants: values('SERVICE', 'TASK_DEFINITION') },
  enableExecuteCommand: { variants: values(true) },
  availabilityZoneRebalancing: { variants: values('DISABLED') },
  'deploymentConfiguration/maximumPercent': { variants: values(150) },
  'deploymentConfiguration/minimumHealthyPercent': { variants: values(50) },
  'tags/*/key': {
    host: { [`${SETTINGS}/tags/0/value`]: 'shop' },
    variants: [
      ...values('team', 'Kosten für ü'),
      {
        says: "one of Steersman's own",
        set: { '.': 'steersman.dev/environment' },
        expected: refusedAt(`release:${SETTINGS}/tags/0`),
      },
    ],
  },
  'tags/*/value': { host: { [`${SETTINGS}/tags/0/key`]: 'team' }, variants: values('shop', 'other', '') },
  'volumeConfigurations/*/name': outside('the tasks have no volumes'),
  'volumeConfigurations/*/managedEBSVolume': {
    ...outside('the tasks have no volumes'),
    host: { [`${SETTINGS}/volumeConfigurations/0/name`]: 'data' },
  },
}

/** What there is to try with each setting of the services. */
export const settingEntries: Entries = Object.fromEntries(
  Object.entries(entries).map(([path, entry]) => [`release ${SETTINGS}/${path}`, entry]),
)
