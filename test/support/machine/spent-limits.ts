import { createAwsLimits } from '../../../controller/adapters/aws/client/limits.ts'
import type { AwsLimits } from '../../../controller/adapters/aws/client/limits.ts'
import type { BucketName } from '../../../controller/adapters/aws/client/operations.ts'
import { buckets } from '../../../controller/adapters/aws/client/operations.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { ACCOUNT, REGION } from './shape.ts'

/** AWS's limits, until a test spends them. */
export interface SpentLimits {
  readonly limits: AwsLimits
  /** Others take all that they may of every bucket, and from now on no time passes for the buckets: who finds no token waits for ever. */
  spend(): void
  /** Time passes again. */
  goOn(): void
}

export function createSpentLimits(): SpentLimits {
  const others = new AbortController()
  let stoodStillAt: number | undefined
  let lostMs = 0
  const clock = {
    ...systemClock,
    monotonic: () => (stoodStillAt ?? systemClock.monotonic()) - lostMs,
  }
  const limits = createAwsLimits(clock)
  return {
    limits,
    spend() {
      stoodStillAt = systemClock.monotonic()
      const bucketOf = limits.of({ accountId: ACCOUNT, region: REGION })
      const turn = { maxWaitMs: FOR_EVER_MS, signal: others.signal }
      for (const [name, { burst }] of Object.entries(buckets))
        // One more than there can be, so that somebody waits at each of them.
        for (let call = 0; call <= burst; call += 1)
          bucketOf(name as BucketName)
            .take('others', turn)
            .catch(() => undefined)
    },
    goOn() {
      if (stoodStillAt === undefined) return
      lostMs += systemClock.monotonic() - stoodStillAt
      stoodStillAt = undefined
      others.abort()
    },
  }
}

const FOR_EVER_MS = 3_600_000
