import { durationMs } from '../../resources/duration.ts'
import type { DefaultedGate, GateStatus } from '../../resources/generated/rollout.ts'
import { firstAnswerMs, intervalOf } from '../gate/timing.ts'
import { fromTimestamp, timestamp } from '../time.ts'
import type { GateTurn } from './gates.ts'
import { lateMs, neverAnswered, secondsToMs, successesOf } from './gates.ts'

/** Whether a gate measures, so that it is asked again and again while the new version serves; the others decide once. */
export const isWatched = (gate: DefaultedGate): boolean =>
  gate.http !== undefined ||
  gate.alarms !== undefined ||
  gate.cloudwatch !== undefined ||
  gate.prometheus !== undefined

/** An answer counts for its gate's interval and for so much longer, which it takes to store it and to look again. */
const FRESH_MS = 5_000

/**
 * What is to be done about a gate that watches until a time. It passes then, if its last answer was good; it fails with more bad answers than are
 * borne; and without any answer for its timeout it ends too.
 */
export function watchTurn(
  gate: DefaultedGate,
  status: GateStatus | undefined,
  { now, until }: { readonly now: number; readonly until: number },
): GateTurn {
  if (status === undefined) return { kind: 'Ask' }
  if (status.result !== undefined) return { kind: 'Ended', result: status.result }
  if ((status.failures ?? 0) > gate.failureLimit) return { kind: 'Ended', result: 'Failed' }
  const next =
    status.lastAttemptAt === undefined ? now : fromTimestamp(status.lastAttemptAt) + intervalOf(gate, status)
  const isFresh = next >= until && now < next + FRESH_MS
  if (now >= until && isFresh && isAnsweredWell(gate, status)) return { kind: 'Confirm' }
  const silentSince = status.lastAnswerAt ?? status.startedAt ?? timestamp(now)
  const unaskedMs = secondsToMs(status.unaskedSeconds) + lateMs(gate, status, now)
  const deadline = fromTimestamp(silentSince) + firstAnswerMs(gate) + durationMs(gate.timeout) + unaskedMs
  if (now >= deadline) return { kind: 'Ended', result: neverAnswered(status) ? 'Inconclusive' : 'TimedOut' }
  return now >= next ? { kind: 'Ask' } : { kind: 'WaitUntil', at: Math.min(next, deadline) }
}

/** Whether the last question was answered, and well. */
const isAnsweredWell = (gate: DefaultedGate, status: GateStatus): boolean =>
  status.lastAnswerAt !== undefined &&
  status.lastAnswerAt === status.lastAttemptAt &&
  (status.successes ?? 0) >= successesOf(gate)
