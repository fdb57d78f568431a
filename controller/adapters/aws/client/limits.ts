import type { Clock } from '../../../ports/clock.ts'
import { buckets, type BucketName } from './operations.ts'
import { TokenBucket } from './token-bucket.ts'

/** The buckets of one account and region. */
export type AccountLimits = (bucket: BucketName) => TokenBucket

/** One set of buckets per account and region, shared by all environments that live there. */
export interface AwsLimits {
  of(place: { readonly accountId: string; readonly region: string }): AccountLimits
}

/** Makes the limits that a process hands to every `createAws`. Their number is bounded by the configured accounts and regions. */
export function createAwsLimits(clock: Clock): AwsLimits {
  const made = new Map<string, TokenBucket>()
  return {
    of: ({ accountId, region }) => {
      return (bucket) => {
        const key = `${accountId}/${region}/${bucket}`
        const known = made.get(key)
        if (known !== undefined) return known
        const fresh = new TokenBucket(buckets[bucket], clock)
        made.set(key, fresh)
        return fresh
      }
    },
  }
}
