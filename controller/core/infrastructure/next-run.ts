import type { InfrastructureStatus } from '../../resources/types.ts'
import { fromTimestamp } from '../time.ts'

/** Why Terraform runs now. */
export type RunCause =
  /** What a controller that is gone was applying is brought to its end first. */
  | 'Interrupted'
  /** The commit's inputs are not the ones that were applied. */
  | 'Changed'
  /** A person approved the plan that waits. */
  | 'Approved'
  /** A person asked for the state's lock to be freed. */
  | 'Unlock'
  /** The inputs are applied; it is time to see whether the world is still as they say. */
  | 'Drift'

export type NextRun =
  | { readonly kind: 'Run'; readonly cause: RunCause }
  /** Nothing to do for so long; undefined until something happens. */
  | { readonly kind: 'Rest'; readonly forMs: number | undefined }

export interface RunFacts {
  /** Of what the wanted commit gives to Terraform. */
  readonly inputDigest: string
  readonly status: InfrastructureStatus
  /** Between two looks at what was applied, or at what waits for a person. */
  readonly driftIntervalMs: number
  /** Whether what was applied is looked at again by itself. */
  readonly looksForDrift: boolean
  /** What a person asked for and nobody acted on yet. */
  readonly requests: {
    readonly approval: { readonly plan: string } | undefined
    readonly unlock: { readonly id: string } | undefined
    /** That it is looked at again now. */
    readonly again: boolean
  }
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Undefined without one; `until` in milliseconds since the epoch, undefined where nobody can tell. */
  readonly freeze: { readonly until: number | undefined } | undefined
}

const FIRST_RETRY_MS = 60_000
/** A failure may have its cause outside of git: a permission, a quota, a lock. So it is tried again, later and later. */
const LAST_RETRY_MS = 3_600_000

/** Whether Terraform runs now, and why; equal inputs that were applied start nothing. */
export function nextRun(facts: RunFacts): NextRun {
  const { status, requests } = facts
  if (requests.unlock !== undefined) return { kind: 'Run', cause: 'Unlock' }
  if (requests.approval !== undefined && status.plan?.id === requests.approval.plan)
    return { kind: 'Run', cause: 'Approved' }
  const cause = causeOf(facts)
  const waitMs = requests.again ? 0 : waitFor(facts, cause)
  if (waitMs === undefined || waitMs > 0) return { kind: 'Rest', forMs: untilThaw(facts, waitMs) }
  return { kind: 'Run', cause }
}

/** A timer can't be set for weeks. */
const LONGEST_REST_MS = 3_600_000

/** No longer than to the end of a freeze, since what it holds back goes on then. */
function untilThaw({ freeze, now }: RunFacts, waitMs: number | undefined): number | undefined {
  if (freeze?.until === undefined) return waitMs
  return Math.min(waitMs ?? LONGEST_REST_MS, LONGEST_REST_MS, Math.max(0, freeze.until - now))
}

function causeOf({ status, inputDigest }: RunFacts): RunCause {
  if (status.applying !== undefined) return 'Interrupted'
  return status.inputDigest === inputDigest ? 'Drift' : 'Changed'
}

/** How long until the next run is due; undefined for never by itself. */
function waitFor(
  { status, inputDigest, driftIntervalMs, looksForDrift, now, freeze }: RunFacts,
  cause: RunCause,
): number | undefined {
  const { failure, plan, checkedAt } = status
  // What is remembered of the future was stored by a clock that has been set back since, perhaps by hours: it says nothing of how long ago it was.
  const left = (at: string, intervalMs: number): number => {
    const sinceMs = now - fromTimestamp(at)
    return sinceMs < 0 ? 0 : Math.max(0, intervalMs - sinceMs)
  }
  if (failure?.inputDigest === inputDigest) return left(failure.at, retryMs(failure.attempts))
  if (cause === 'Interrupted') return 0
  if (plan?.permission === 'Frozen' && freeze === undefined) return 0
  if (plan?.inputDigest === inputDigest) return left(plan.at, driftIntervalMs)
  if (cause === 'Changed' || checkedAt === undefined) return 0
  return looksForDrift ? left(checkedAt, driftIntervalMs) : undefined
}

const retryMs = (attempts: number): number =>
  Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 20))
