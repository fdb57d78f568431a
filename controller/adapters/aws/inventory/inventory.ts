import {
  GetResourcesCommand,
  type GetResourcesCommandOutput,
  type ResourceTagMapping,
} from '@aws-sdk/client-resource-groups-tagging-api'
import type { TaggedResource } from '../../../core/infrastructure/leftovers.ts'
import type { Inventory } from '../../../ports/inventory.ts'
import { objectsIn, optionalText, requiredText, textOrEmpty } from '../client/members.ts'
import type { AwsTools } from '../client/tools.ts'

/** https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html */
const RESOURCES_PER_PAGE = 100
const MOST_PAGES = 100

/** The Resource Groups Tagging API behind the inventory port. It tells of changes late, and not of every type. */
export function createInventory({ clients, send }: Pick<AwsTools, 'clients' | 'send'>): Inventory {
  async function page(filters: Filters, token: string | undefined): Promise<GetResourcesCommandOutput> {
    const command = new GetResourcesCommand({
      TagFilters: filters,
      ResourcesPerPage: RESOURCES_PER_PAGE,
      ...(token === undefined ? {} : { PaginationToken: token }),
    })
    return send('tag:GetResources', (options) => clients.tagging.send(command, options))
  }

  return {
    async tagged(tags) {
      const filters = Object.entries(tags).map(([key, value]) => ({ Key: key, Values: [value] }))
      const resources: TaggedResource[] = []
      let token: string | undefined
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        const answer = await page(filters, token)
        resources.push(...objectsIn(answer.ResourceTagMappingList, 'a list of resources').map(taggedResource))
        token = optionalText(answer.PaginationToken, 'a token')
        if (token === undefined || token === '') return { resources, isComplete: true }
      }
      return { resources, isComplete: false }
    },
  }
}

type Filters = { readonly Key: string; readonly Values: string[] }[]

function taggedResource({ ResourceARN, Tags }: ResourceTagMapping): TaggedResource {
  const tags = objectsIn(Tags, 'a list of tags').map(
    ({ Key, Value }) => [requiredText(Key, "a tag's key"), textOrEmpty(Value, "a tag's value")] as const,
  )
  return { arn: requiredText(ResourceARN, "a resource's ARN"), tags: Object.fromEntries(tags) }
}
