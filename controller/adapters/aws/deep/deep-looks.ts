import type { DeepLooks } from '../../../ports/deep-looks.ts'
import type { AwsTools } from '../client/tools.ts'
import { createAttributeReads } from './attributes.ts'

/** Amazon ECS, Elastic Load Balancing and autoscaling behind the port of deep looks; `send` is the slow one. */
export function createDeepLooks(tools: AwsTools): DeepLooks {
  return { attributes: createAttributeReads(tools) }
}
