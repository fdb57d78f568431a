import { AddTagsCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Traffic } from '../../../ports/traffic.ts'
import type { AwsTools } from '../client/tools.ts'

/** Tags of target groups, rules and listeners. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AddTags.html */
export function createTagWrites({ clients, send }: Pick<AwsTools, 'clients' | 'send'>): Traffic['tag'] {
  return async ({ arn, tags }) => {
    const command = new AddTagsCommand({
      ResourceArns: [arn],
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    })
    const answer = await send('elasticloadbalancing:AddTags', (options) => clients.elb.send(command, options))
    return { requestId: answer.$metadata.requestId }
  }
}
