/** What a release says of its services where it names everything. */
export const NAMED_SETTINGS = {
  launchType: 'FARGATE',
  platformVersion: '1.4.0',
  networkConfiguration: {
    awsvpcConfiguration: {
      subnets: ['subnet-demo'],
      securityGroups: ['sg-demo'],
      assignPublicIp: 'DISABLED',
    },
  },
  healthCheckGracePeriodSeconds: 5,
  enableECSManagedTags: false,
  propagateTags: 'TASK_DEFINITION',
  enableExecuteCommand: false,
  availabilityZoneRebalancing: 'ENABLED',
  deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 },
  tags: [{ key: 'team', value: 'shop' }],
} as const

/** What it leaves to others all the same: its member of ECS's service. */
export const IGNORED_SETTING = 'healthCheckGracePeriodSeconds'

/** As the release says it. */
export const IGNORED = [`/service/${IGNORED_SETTING}`] as const
