import { isRecord } from '../../resources/problem.ts'
import type { Plan, PlannedChange } from './plan-json.ts'

export type Tags = Readonly<Record<string, string>>

/** The tags that a planned resource will have, `default_tags` included, as far as they are known before the apply; undefined for one without any. */
export function plannedTags({ after }: PlannedChange): Tags | undefined {
  const tags = after?.['tags_all']
  if (!isRecord(tags)) return undefined
  const known = Object.entries(tags).filter((tag): tag is [string, string] => typeof tag[1] === 'string')
  return known.length === 0 ? undefined : Object.fromEntries(known)
}

/** The tags that all resources to be created have in common: what `default_tags` give, seldom more. Empty where there are none. */
export function commonTags({ changes }: Plan): Tags {
  const [first = {}, ...others] = changes
    .filter(({ action }) => action === 'create')
    .map(plannedTags)
    .filter((tags) => tags !== undefined)
  const shared = Object.entries(first).filter(([key, value]) => others.every((tags) => tags[key] === value))
  return Object.fromEntries(shared)
}

/** Whether a resource has all of these tags. */
export const hasTags = (tags: Tags, wanted: Tags): boolean =>
  Object.entries(wanted).every(([key, value]) => tags[key] === value)
