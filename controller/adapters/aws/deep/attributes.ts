import { DescribeTargetGroupAttributesCommand } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { DeepLooks } from '../../../ports/deep-looks.ts'
import { PortError } from '../../../ports/error.ts'
import { objectsIn, requiredText, textOrEmpty } from '../client/members.ts'
import type { AwsTools } from '../client/tools.ts'

/** DescribeTargetGroupAttributes: one target group to a call, there is no other way. */
export function createAttributeReads({
  clients,
  send,
}: Pick<AwsTools, 'clients' | 'send'>): DeepLooks['attributes'] {
  return async (targetGroupArn) => {
    const command = new DescribeTargetGroupAttributesCommand({ TargetGroupArn: targetGroupArn })
    try {
      const answer = await send('elasticloadbalancing:DescribeTargetGroupAttributes', (options) =>
        clients.elb.send(command, options),
      )
      const attributes = objectsIn(answer.Attributes, 'a list of attributes')
      return Object.fromEntries(
        attributes.map(({ Key, Value }) => [
          requiredText(Key, "an attribute's key"),
          textOrEmpty(Value, "an attribute's value"),
        ]),
      )
    } catch (error) {
      if (error instanceof PortError && error.code === 'TargetGroupMissing') return null
      throw error
    }
  }
}
