import type { Members } from '../../../../controller/sandbox/kernel/operation.ts'
import type { FieldByHand, FieldLeftOut, Place } from './field.ts'
import { cluster, describeService } from './field.ts'

/** Members of a service that UpdateService takes, with what somebody sets. */
const SETTINGS: Readonly<Record<string, unknown>> = {
  desiredCount: 3,
  platformVersion: '1.3.0',
  networkConfiguration: {
    awsvpcConfiguration: {
      subnets: ['subnet-by-hand'],
      securityGroups: ['sg-demo'],
      assignPublicIp: 'DISABLED',
    },
  },
  healthCheckGracePeriodSeconds: 77,
  enableECSManagedTags: true,
  propagateTags: 'SERVICE',
  enableExecuteCommand: true,
  availabilityZoneRebalancing: 'DISABLED',
  'deploymentConfiguration/maximumPercent': 150,
  'deploymentConfiguration/minimumHealthyPercent': 50,
  'deploymentConfiguration/deploymentCircuitBreaker': { enable: false, rollback: false },
}

/** Fields of services, by the members of `serviceShape`, and the count. */
export const serviceFields: readonly FieldByHand[] = [
  ...Object.entries(SETTINGS).map(([path, value]) => ({
    name: `service/${path}`,
    change: (place: Place) => updateService(place, path.split('/'), value),
  })),
  {
    name: 'service/capacityProviderStrategy',
    change: (place) => {
      update(place, {
        capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
        forceNewDeployment: true,
      })
      return () => update(place, { capacityProviderStrategy: [], forceNewDeployment: true })
    },
  },
  { name: 'service/tags', change: tagService },
]

const instances = 'only tasks on instances have it'

export const serviceFieldsLeftOut: readonly FieldLeftOut[] = [
  { name: 'service/launchType', without: 'it is what a service was created with' },
  { name: 'service/schedulingStrategy', without: 'it is what a service was created with' },
  { name: 'service/placementConstraints', without: instances },
  { name: 'service/placementStrategy', without: instances },
  { name: 'service/volumeConfigurations', without: 'the tasks have no volume of EBS' },
]

const update = ({ aws, service }: Place, input: Members): void =>
  void aws.byHand('ecs', 'UpdateService', { cluster, service, ...input })

function updateService(place: Place, path: readonly string[], value: unknown): () => void {
  const [root = '', member] = path
  const before = describeService(place)[root] as Members | undefined
  const written = member === undefined ? value : { [member]: value }
  update(place, { [root]: written })
  const back = member === undefined ? before : { [member]: before?.[member] }
  return () => update(place, { [root]: back ?? 0 })
}

function tagService(place: Place): () => void {
  const { aws } = place
  const resourceArn = describeService(place)['serviceArn']
  const tags = (describeService(place)['tags'] ?? []) as readonly Members[]
  const before = tags.find(({ key }) => key === 'team')
  aws.byHand('ecs', 'TagResource', { resourceArn, tags: [{ key: 'team', value: 'by hand' }] })
  return () => {
    if (before === undefined) aws.byHand('ecs', 'UntagResource', { resourceArn, tagKeys: ['team'] })
    else aws.byHand('ecs', 'TagResource', { resourceArn, tags: [before] })
  }
}
