import type { RecentWrite, ReleaseStatus } from '../../resources/generated/release.ts'
import type { GateStatus, RolloutStatus } from '../../resources/generated/rollout.ts'
import { durationMs } from '../../resources/duration.ts'
import { fromTimestamp, timestamp } from '../time.ts'
import type { RolloutState } from './state.ts'

/** What a reconcile of a release starts from, as far as it holds times. */
interface StoredTimes {
  readonly status: ReleaseStatus
  readonly active: RolloutState | undefined
  /** The newest finished one. */
  readonly last: RolloutState | undefined
}

/** Clocks of two machines may differ by so much, in milliseconds. */
const SKEW_MS = 5_000

/**
 * Brings times that were stored while the clock was ahead back to now, and ends to come back to now and their length: or all that is counted from them would
 * last until the clock is there again. What holds no such time stays the very same object. Times that AWS told are AWS's.
 */
export function afterSetBack({ status, active, last }: StoredTimes, now: number): StoredTimes {
  const warmMs = Math.max(warmMsOf(active), warmMsOf(last))
  return {
    status: releaseAfterSetBack(status, { now, warmMs }),
    active: active === undefined ? undefined : rolloutAfterSetBack(active, now),
    last: last === undefined ? undefined : rolloutAfterSetBack(stillCold(last, { status, now }), now),
  }
}

/** Once the old side is known to be cold the release's status names no time any more: a clock that is set back does not start it again. */
const stillCold = (
  last: RolloutState,
  { status, now }: { readonly status: ReleaseStatus; readonly now: number },
): RolloutState =>
  status.keepPreviousUntil === undefined
    ? within(last, 'status', (ended) => atMost(ended, ['keepPreviousUntil'], now, 0))
    : last

/** How long the old side is kept: what the release says, or longer for clients that stay with it. Both ends of that are of the same clock. */
function warmMsOf(rollout: RolloutState | undefined): number {
  if (rollout === undefined) return 0
  const { keepPreviousUntil: until, finishedAt } = rollout.status
  const keptMs =
    until === undefined || finishedAt === undefined ? 0 : fromTimestamp(until) - fromTimestamp(finishedAt)
  return Math.max(durationMs(rollout.spec.strategy.keepPrevious), keptMs)
}

function releaseAfterSetBack(
  status: ReleaseStatus,
  { now, warmMs }: { readonly now: number; readonly warmMs: number },
): ReleaseStatus {
  const warm = atMost(status, ['keepPreviousUntil'], now + warmMs)
  const failed = within(warm, 'failed', (all) => each(all, (content) => atMost(content, ['at'], now)))
  return within(failed, 'writes', (writes) => {
    const all = Object.entries(writes)
    const after = each(all, (entry): [string, RecentWrite] => {
      const write = atMost(entry[1], ['at'], now)
      return write === entry[1] ? entry : [entry[0], write]
    })
    return after === all ? writes : Object.fromEntries(after)
  })
}

function rolloutAfterSetBack(rollout: RolloutState, now: number): RolloutState {
  const { deadline } = rollout.spec.strategy
  return within(rollout, 'status', (status) => {
    const begun = atMost(status, beginnings, now)
    const ending = atMost(begun, ['deadlineAt'], now + durationMs(deadline))
    const warm = atMost(ending, ['keepPreviousUntil'], now + warmMsOf(rollout))
    const intended = within(warm, 'intent', (intent) => atMost(intent, ['startedAt'], now))
    const awaiting = within(intended, 'awaiting', (asked) => atMost(asked, ['since'], now))
    return within(awaiting, 'gates', (gates) => each(gates, (gate) => gateAfterSetBack(gate, now)))
  })
}

const beginnings = [
  'startedAt',
  'phaseStartedAt',
  'shiftedAt',
  'stepStartedAt',
  'testPointedAt',
  'suspendedSince',
  'finishedAt',
] as const satisfies readonly (keyof RolloutStatus)[]

const gateTimes = [
  'startedAt',
  'lastAttemptAt',
  'lastAnswerAt',
  'finishedAt',
] as const satisfies readonly (keyof GateStatus)[]

const gateAfterSetBack = (gate: GateStatus, now: number): GateStatus =>
  within(atMost(gate, gateTimes, now), 'task', (task) => atMost(task, ['requestedAt', 'startedAt'], now))

/** The holder with none of the named times later than the limit. */
function atMost<Holder extends object>(
  holder: Holder,
  names: readonly (keyof Holder)[],
  limit: number,
  skewMs = SKEW_MS,
): Holder {
  const late = names.filter((name) => {
    const text = holder[name]
    return typeof text === 'string' && fromTimestamp(text) > limit + skewMs
  })
  if (late.length === 0) return holder
  return { ...holder, ...Object.fromEntries(late.map((name) => [name, timestamp(limit)])) }
}

/** The holder with one part changed; the same one where the part stays. */
function within<Holder extends object, Name extends keyof Holder>(
  holder: Holder,
  name: Name,
  change: (part: NonNullable<Holder[Name]>) => NonNullable<Holder[Name]>,
): Holder {
  const part = holder[name]
  if (part === undefined || part === null) return holder
  const after = change(part)
  return after === part ? holder : { ...holder, [name]: after }
}

/** The same array where nothing in it changes. */
function each<Entry>(entries: readonly Entry[], change: (entry: Entry) => Entry): Entry[] {
  const after = entries.map(change)
  return after.every((entry, index) => entry === entries[index]) ? (entries as Entry[]) : after
}
