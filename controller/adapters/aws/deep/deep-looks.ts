import type { DeepLooks } from '../../../ports/deep-looks.ts'
import type { ImageName } from '../../../ports/registry.ts'
import type { AwsTools } from '../client/tools.ts'
import { createRegistry } from '../registry/registry.ts'
import { createAttributeReads } from './attributes.ts'
import { createInventoryReads } from './inventory-reads.ts'
import { createPolicyReads } from './policies.ts'
import { createRunningReads } from './running.ts'
import { createTagReads } from './tags.ts'
import { parseEcrRepository } from '../registry/image-repository.ts'

/** Amazon ECS, Elastic Load Balancing and autoscaling behind the port of deep looks; `send` is the slow one. */
export function createDeepLooks(tools: AwsTools): DeepLooks {
  const registry = createRegistry(tools)
  return {
    attributes: createAttributeReads(tools),
    tags: createTagReads(tools),
    ...createInventoryReads(tools),
    digest: (image) => registry.resolve(image),
    meaning: (image) => (isKnownRegistry(image) ? registry.meaning(image) : Promise.resolve(undefined)),
    running: createRunningReads(tools),
    policies: createPolicyReads(tools),
  }
}

const isKnownRegistry = ({ repository }: ImageName): boolean => parseEcrRepository(repository) !== undefined
