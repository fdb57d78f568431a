import type { ReleaseStatus } from '../../resources/generated/release.ts'
import type { ServiceSettings } from '../../resources/types.ts'
import { pointer } from '../diff/change.ts'
import { isIgnored } from '../ignore.ts'
import type { ServiceFacts } from '../observation.ts'

export interface TagsChange {
  /** Tags that the service lacks, or has with another value. */
  readonly set: Readonly<Record<string, string>>
  /** Keys that Steersman gave it and nobody wants any more. */
  readonly removed: readonly string[]
}

/** What has to happen to a service's tags. Those of AWS, of Terraform and of people are left alone: only keys that settings ever named are Steersman's. */
export function tagsChange(
  { tags }: ServiceFacts,
  settings: ServiceSettings | undefined,
  { tagKeys, ignore }: Pick<ReleaseStatus, 'tagKeys'> & { readonly ignore?: readonly string[] | undefined },
): TagsChange {
  const wanted = Object.fromEntries((settings?.tags ?? []).map(({ key, value }) => [key, value ?? '']))
  const isOurs = (key: string): boolean => !isIgnored(pointer(['service', 'tags', key]), ignore)
  const missing = Object.entries(wanted).filter(([key, value]) => tags[key] !== value && isOurs(key))
  const given = (tagKeys ?? []).filter((key) => !Object.hasOwn(wanted, key) && Object.hasOwn(tags, key))
  return {
    set: Object.fromEntries(missing),
    removed: given.filter(isOurs),
  }
}

/** As the schema of a Release has it. */
const MOST_KEYS = 200

/** A status that knows the keys as Steersman's; stored before the tags are given, so that they can be taken back whatever happens. */
export function withTagKeys<Status extends Pick<ReleaseStatus, 'tagKeys'>>(
  status: Status,
  keys: readonly string[],
): Status {
  const known = status.tagKeys ?? []
  const fresh = keys.filter((key) => !known.includes(key))
  return fresh.length === 0 ? status : { ...status, tagKeys: [...known, ...fresh].slice(-MOST_KEYS) }
}

export const tagKeysOf = (settings: ServiceSettings | undefined): readonly string[] =>
  (settings?.tags ?? []).map(({ key }) => key)
