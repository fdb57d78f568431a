import type { DefaultedDriftPolicy } from '../../resources/generated/environment.ts'
import type { ReleaseStatus, StartRequest } from '../../resources/generated/release.ts'
import type { RolloutSpec } from '../../resources/generated/rollout.ts'
import type { Action } from '../action.ts'
import type { DeepFacts } from '../deep-drift.ts'
import type { DesiredRelease } from '../desired.ts'
import type { Freeze } from '../freeze.ts'
import type { Part, ReleaseObservation } from '../observation.ts'
import { unseenParts } from '../observation.ts'
import type { Settling } from '../time.ts'
import type { Outcome } from '../outcome.ts'
import { isOlderThanWrites } from '../rollout/freshness.ts'
import type { Relations } from '../relations.ts'
import type { RolloutState } from '../rollout/state.ts'

/** A person's wish for one release, with the value that is echoed once it was acted on. */
export interface Requests {
  readonly restart: { readonly id: string; readonly by: string } | undefined
  readonly retry: { readonly id: string; readonly by: string } | undefined
}

/** All that a decision about a release without a running rollout may look at. */
export interface PlanInput {
  readonly desired: DesiredRelease
  readonly status: ReleaseStatus
  /** The newest finished rollout, and the newest one that succeeded. */
  readonly last: RolloutState | undefined
  readonly lastSucceeded: RolloutState | undefined
  readonly nextNumber: number
  readonly requests: Requests
  readonly drift: DefaultedDriftPolicy
  /** Of the environment at this moment. */
  readonly freeze: Freeze | undefined
  /** The releases that it waits for or moves with; undefined where it has none. */
  readonly relations?: Relations | undefined
  /** Content digests of every kept rollout that succeeded. */
  readonly served: ReadonlySet<string>
  readonly observation: ReleaseObservation
  /** What the last deep look showed; undefined before the first one. */
  readonly deepFacts?: DeepFacts | undefined
  readonly now: number
  readonly mayWrite: boolean
  readonly pollMs: number
  readonly stalenessBoundMs: number
  readonly ledSince?: Settling['ledSince']
}

/** Other releases hold a rollout back that could begin by itself. */
export interface Blocked {
  readonly kind: 'Blocked'
  readonly reason: string
  readonly message: string
  readonly lookAgainMs: number
  /** What would begin, for the other members of its group. */
  readonly asks?: StartRequest
}

/** What to do about a release: the same value that `steersman diff` prints. */
export type Decision =
  | { readonly kind: 'Look'; readonly parts: readonly Part[] }
  /** One write outside a rollout; `drift` tells whether it mends what somebody changed or is part of the normal course. */
  | { readonly kind: 'Act'; readonly action: Action; readonly before: string; readonly drift: boolean }
  | { readonly kind: 'Start'; readonly spec: RolloutSpec }
  | { readonly kind: 'Wait'; readonly reason: string; readonly message: string; readonly lookAgainMs: number }
  /** A freeze holds it back; `until` is when that ends, in milliseconds since the epoch. */
  | { readonly kind: 'Frozen'; readonly message: string; readonly until: number | undefined }
  | Blocked
  /** Only a person can mend it. */
  | { readonly kind: 'Stall'; readonly reason: string; readonly message: string }
  /** This very content failed before; it is not tried again by itself. */
  | { readonly kind: 'Refused'; readonly reason: string; readonly message: string }
  | Extract<Outcome, { kind: 'Converged' }>

/**
 * A look at the parts that were not seen since the last write, or a wait while what was seen may be older than it; undefined when all can be relied on. A look
 * takes in what will most likely be asked for next: reads at once last no longer than one.
 */
export function unseen(
  input: Pick<PlanInput, 'observation' | 'status' | 'now' | 'pollMs' | 'stalenessBoundMs' | 'ledSince'>,
  parts: readonly Part[],
  likely: readonly Part[] = [],
): Decision | undefined {
  const missing = unseenParts(input.observation, parts)
  if (missing.length > 0)
    return { kind: 'Look', parts: [...missing, ...unseenParts(input.observation, likely)] }
  return isOlderThanWrites({ ...input, writes: input.status.writes ?? {} }, parts)
    ? readBack(input)
    : undefined
}

export const readBack = (input: Pick<PlanInput, 'pollMs'>): Decision => ({
  kind: 'Wait',
  reason: 'ReadBack',
  message: 'waiting until AWS shows the last write',
  lookAgainMs: input.pollMs,
})
