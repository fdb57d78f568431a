import type { AnyView, ApiClient, ListView, Page, ReleaseView, RolloutView } from '../api/client.ts'

/** The API's largest page. */
const PAGE_SIZE = 500
const PAGES_LIMIT = 200

/** Every page of a list as one list, or the first items up to `limit`. */
async function listAll<Item extends AnyView>(
  ask: (page: Page) => Promise<ListView<Item>>,
  limit = PAGE_SIZE * PAGES_LIMIT,
): Promise<ListView<Item>> {
  const first = await ask({ limit: Math.min(limit, PAGE_SIZE) })
  const items = [...first.items]
  let next = first.metadata.continue
  for (let page = 1; next !== undefined && items.length < limit && page < PAGES_LIMIT; page += 1) {
    const list = await ask({ limit: Math.min(limit - items.length, PAGE_SIZE), continue: next })
    items.push(...list.items)
    next = list.metadata.continue
  }
  return { ...first, metadata: { resourceVersion: first.metadata.resourceVersion }, items }
}

/** Which objects a list shall hold. */
export interface Selection {
  readonly environment?: string
  readonly release?: string
}

export const listEnvironments = (client: ApiClient) => listAll((page) => client.environments(page))

export const listReleases = (client: ApiClient, { environment }: Selection): Promise<ListView<ReleaseView>> =>
  listAll((page) => client.releases({ ...page, ...(environment === undefined ? {} : { environment }) }))

/** Newest first. */
export const listRollouts = (
  client: ApiClient,
  selection: Selection,
  limit?: number,
): Promise<ListView<RolloutView>> => listAll((page) => client.rollouts({ ...page, ...selection }), limit)
