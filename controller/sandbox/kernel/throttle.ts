import type { Clock } from './clock.ts'

interface Rate {
  readonly burst: number
  readonly perSecond: number
}

/** AWS's documented request buckets, each per account and region: burst, and requests a second when sustained. */
const BUCKETS = {
  'ecs-service-read': { burst: 100, perSecond: 20 },
  'ecs-service-write': { burst: 50, perSecond: 5 },
  'ecs-task-definition-read': { burst: 50, perSecond: 20 },
  'ecs-task-definition-write': { burst: 20, perSecond: 1 },
  'ecs-tag-read': { burst: 50, perSecond: 20 },
  'ecs-tag-write': { burst: 20, perSecond: 10 },
  'ecs-task-read': { burst: 100, perSecond: 20 },
  'ecs-task-write': { burst: 100, perSecond: 40 },
  'ecs-service-deployment-read': { burst: 50, perSecond: 20 },
  'ecs-service-revision-read': { burst: 50, perSecond: 20 },
  'ecs-cluster-read': { burst: 50, perSecond: 20 },
  'ecs-cluster-write': { burst: 50, perSecond: 20 },
  'elb-describe': { burst: 40, perSecond: 10 },
  'elb-modify': { burst: 20, perSecond: 3 },
  'elb-targets': { burst: 20, perSecond: 4 },
  'cloudtrail-lookup': { burst: 2, perSecond: 2 },
  // What a new on-demand table takes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
  dynamodb: { burst: 4_000, perSecond: 4_000 },
  other: { burst: 200, perSecond: 100 },
} as const satisfies Record<string, Rate>

export type BucketName = keyof typeof BUCKETS

interface Level {
  tokens: number
  at: number
}

/** Far more than there are regions: names beyond are made up. */
const MOST_SCOPES = 1_000

/** Token buckets per account, region and bucket name; `take` says whether the call may pass. */
export function createThrottle(clock: Pick<Clock, 'now'>): {
  take(scope: string, bucket: BucketName): boolean
  reset(): void
} {
  const scopes = new Map<string, Map<BucketName, Level>>()
  return {
    take(scope, bucket) {
      const rate: Rate = BUCKETS[bucket]
      const now = clock.now()
      const levels = scopes.get(scope) ?? new Map<BucketName, Level>()
      const level = levels.get(bucket) ?? { tokens: rate.burst, at: now }
      const tokens = Math.min(
        rate.burst,
        level.tokens + (Math.max(0, now - level.at) / 1000) * rate.perSecond,
      )
      const passes = tokens >= 1
      if (levels.size === 0) {
        if (scopes.size >= MOST_SCOPES) scopes.clear()
        scopes.set(scope, levels)
      }
      levels.set(bucket, { tokens: passes ? tokens - 1 : tokens, at: now })
      return passes
    },
    reset: () => scopes.clear(),
  }
}
