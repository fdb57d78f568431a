import type { ReleaseStatus } from '../../resources/generated/release.ts'
import { fromTimestamp } from '../time.ts'
import type { RolloutState } from './state.ts'

/** For how long times of the release are still counted from, in milliseconds: while a rollout runs, and while a read may be older than a write of ours. */
export function unsettledMs(
  { status, active }: { readonly status: ReleaseStatus; readonly active: RolloutState | undefined },
  { now, stalenessBoundMs }: { readonly now: number; readonly stalenessBoundMs: number },
): number {
  if (active !== undefined) return Infinity
  const times = Object.values(status.writes ?? {}).map(({ at }) => fromTimestamp(at))
  return Math.max(0, Math.max(...times) + stalenessBoundMs - now)
}
