import type { Clock } from '../../../ports/clock.ts'
import { buckets, type BucketName, type BucketSize } from './operations.ts'
import { TokenBucket } from './token-bucket.ts'

/** The buckets of one account and region. */
export type AccountLimits = (bucket: BucketName) => TokenBucket

interface Region {
  readonly accountId: string
  readonly region: string
}

/** What of AWS's limits is for what can wait. */
const SHARE = 0.2

/** One set of buckets per account and region, shared by all environments that live there. */
export interface AwsLimits {
  of(place: Region): AccountLimits
  /** A fifth of them, for what can wait: it is taken on top of {@link of}. */
  fifthOf(place: Region): AccountLimits
}

/** Makes the limits that a process hands to every `createAws`. Their number is bounded by the configured accounts and regions. */
export function createAwsLimits(clock: Clock): AwsLimits {
  const made = new Map<string, TokenBucket>()
  const limitsOf =
    ({ accountId, region }: Region, share: number): AccountLimits =>
    (bucket) => {
      const key = `${accountId}/${region}/${bucket}/${share}`
      const known = made.get(key)
      if (known !== undefined) return known
      const fresh = new TokenBucket(sizeOf(buckets[bucket], share), clock)
      made.set(key, fresh)
      return fresh
    }
  return { of: (place) => limitsOf(place, 1), fifthOf: (place) => limitsOf(place, SHARE) }
}

/** What is kept back is so of the whole only: nothing that can wait has a part of it. */
const sizeOf = (whole: BucketSize, share: number): BucketSize =>
  share === 1 ? whole : { burst: Math.max(1, whole.burst * share), perSecond: whole.perSecond * share }
