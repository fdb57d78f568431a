import { DescribeContainerInstancesCommand } from '@aws-sdk/client-ecs'
import { createCache } from '../client/cache.ts'
import { objectsIn, optionalText } from '../client/members.ts'
import type { AwsTools } from '../client/tools.ts'

/** The EC2 instance ids of container instances, by ARN; those that are gone are left out. A container instance's machine never changes. */
export type InstanceReads = (
  cluster: string,
  containerInstanceArns: readonly string[],
) => Promise<ReadonlyMap<string, string>>

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeContainerInstances.html */
const instancesPerCall = 100
const instancesKept = 5_000

export function createInstanceReads({ clients, send, clock }: AwsTools): InstanceReads {
  const cache = createCache<string>({ clock, maxEntries: instancesKept })

  async function describe(cluster: string, containerInstances: string[]): Promise<[string, string][]> {
    const command = new DescribeContainerInstancesCommand({ cluster, containerInstances })
    const answer = await send('ecs:DescribeContainerInstances', (options) =>
      clients.ecs.send(command, options),
    )
    const described = objectsIn(answer.containerInstances, 'a list of container instances')
    return described.flatMap(({ containerInstanceArn, ec2InstanceId }) => {
      const arn = optionalText(containerInstanceArn, "a container instance's ARN")
      const id = optionalText(ec2InstanceId, "a container instance's machine")
      return arn === undefined || id === undefined ? [] : [[arn, id] satisfies [string, string]]
    })
  }

  return async (cluster, containerInstanceArns) => {
    const found = new Map<string, string>()
    const missing: string[] = []
    for (const arn of new Set(containerInstanceArns)) {
      const known = cache.get(arn)
      if (known === undefined) missing.push(arn)
      else found.set(arn, known)
    }
    for (let start = 0; start < missing.length; start += instancesPerCall) {
      for (const [arn, id] of await describe(cluster, missing.slice(start, start + instancesPerCall))) {
        cache.set(arn, id)
        found.set(arn, id)
      }
    }
    return found
  }
}
