import { durationMs } from '../../resources/duration.ts'
import { gateStage } from '../../resources/gates.ts'
import type {
  DefaultedGate,
  GateDecision,
  GateStatus,
  RolloutStatus,
} from '../../resources/generated/rollout.ts'
import { firstAnswerMs, intervalOf, timeoutOf } from '../gate/timing.ts'
import { fromTimestamp, timestamp } from '../time.ts'

/** A gate that has ended. */
export type EndedGate = GateStatus & Required<Pick<GateStatus, 'result'>>

/** What is to be done about a gate now. */
export type GateTurn =
  | { readonly kind: 'Ask' }
  | { readonly kind: 'WaitUntil'; readonly at: number }
  /** It has answered well often enough; it counts once the test rule was read back. */
  | { readonly kind: 'Confirm' }
  | { readonly kind: 'Ended'; readonly result: NonNullable<GateStatus['result']> }

export function gateTurn(gate: DefaultedGate, status: GateStatus | undefined, now: number): GateTurn {
  if (status === undefined) return { kind: 'Ask' }
  if (status.result !== undefined) return { kind: 'Ended', result: status.result }
  if ((status.failures ?? 0) > gate.failureLimit) return { kind: 'Ended', result: 'Failed' }
  if ((status.successes ?? 0) >= successesOf(gate)) return { kind: 'Confirm' }
  const deadline = deadlineOf(gate, status, now)
  if (now >= deadline) return { kind: 'Ended', result: neverAnswered(status) ? 'Inconclusive' : 'TimedOut' }
  const next =
    status.lastAttemptAt === undefined ? now : fromTimestamp(status.lastAttemptAt) + intervalOf(gate, status)
  return now >= next ? { kind: 'Ask' } : { kind: 'WaitUntil', at: Math.min(next, deadline) }
}

/** When a gate that decides once ends without having decided, in milliseconds since 1970. */
export const deadlineOf = (gate: DefaultedGate, status: GateStatus, now: number): number =>
  fromTimestamp(status.startedAt ?? timestamp(now)) +
  firstAnswerMs(gate) +
  durationMs(gate.timeout) +
  secondsToMs(status.unaskedSeconds) +
  lateMs(gate, status, now)

/** Adds one attempt. Successes count in a row, those of a warming in all, as failures do; an attempt that could not ask counts as neither. */
export function recordAttempt(
  status: RolloutStatus,
  attempt: {
    readonly gate: DefaultedGate
    readonly result: 'Success' | 'Failure' | 'Inconclusive'
    readonly message: string
    /** Of a question that is many. */
    readonly answers?: { readonly good: number; readonly bad: number }
    readonly pauseMs?: number
    readonly startedAt: number
    readonly now: number
  },
): RolloutStatus {
  const { gate, result, message, pauseMs } = attempt
  const seen = gateStatus(status, gate.name) ?? begin(gate, attempt.startedAt)
  const { pauseSeconds: _over, ...previous } = seen
  const lateAnswerMs = overrunMs(gate, attempt.now - attempt.startedAt)
  const unaskedMs = secondsToMs(seen.unaskedSeconds) + lateMs(gate, seen, attempt.startedAt) + lateAnswerMs
  return putGate(status, {
    ...previous,
    ...(unaskedMs === 0 ? {} : { unaskedSeconds: unaskedMs / 1000 }),
    ...(pauseMs === undefined ? {} : { pauseSeconds: pauseMs / 1000 }),
    attempts: (previous.attempts ?? 0) + 1,
    ...counted(previous, attempt),
    lastAttemptAt: timestamp(attempt.now),
    ...(result === 'Inconclusive' || lateAnswerMs > 0 ? {} : { lastAnswerAt: timestamp(attempt.now) }),
    message,
  })
}

/** Answers of a question that is many are all counted; of others a bad one begins the row of good ones anew. */
function counted(
  { successes = 0, failures = 0 }: GateStatus,
  { result, answers }: Pick<Parameters<typeof recordAttempt>[1], 'result' | 'answers'>,
): Pick<GateStatus, 'successes' | 'failures'> {
  if (answers !== undefined) return { successes: successes + answers.good, failures: failures + answers.bad }
  if (result === 'Failure') return { successes: 0, failures: failures + 1 }
  return { successes: result === 'Success' ? successes + 1 : successes, failures }
}

export function endGate(
  status: RolloutStatus,
  ended: {
    readonly gate: DefaultedGate
    readonly result: NonNullable<GateStatus['result']>
    readonly now: number
    /** Left out: what the last answer was. */
    readonly message?: string
  },
): RolloutStatus {
  const previous = gateStatus(status, ended.gate.name) ?? begin(ended.gate, ended.now)
  return putGate(status, {
    ...previous,
    result: ended.result,
    finishedAt: timestamp(ended.now),
    message: ended.message ?? previous.message ?? `ended as ${ended.result}`,
  })
}

/** Forgets what a gate was answered while the test rule may have pointed elsewhere: it begins anew. */
export const restartGate = (status: RolloutStatus, gate: DefaultedGate): RolloutStatus => ({
  ...status,
  gates: (status.gates ?? []).filter((other) => other.name !== gate.name),
})

export const gateStatus = (status: RolloutStatus, name: string): GateStatus | undefined =>
  status.gates?.find((gate) => gate.name === name)

/** A gate that only a person can answer is begun, and waits. */
export const beginGate = (status: RolloutStatus, gate: DefaultedGate, now: number): RolloutStatus =>
  putGate(status, begin(gate, now))

/** When a gate that waits for a person ends as TimedOut, in milliseconds since 1970. */
export const endOfWait = (gate: DefaultedGate, status: GateStatus): number =>
  fromTimestamp(status.startedAt ?? '') + durationMs(gate.timeout) + secondsToMs(status.unaskedSeconds)

/** The gate with what a person decided of it. */
export function withDecision(
  status: RolloutStatus,
  gate: DefaultedGate,
  decision: GateDecision,
): RolloutStatus {
  const previous = gateStatus(status, gate.name) ?? begin(gate, fromTimestamp(decision.at))
  return putGate(status, { ...previous, decision })
}

/**
 * What follows from a gate that has ended. A person's word counts, whatever onFailure says of a bad result. At BeforeRollback a bad result alone keeps nobody
 * from the way back that was asked for.
 */
export function consequence(gate: DefaultedGate, ended: EndedGate): 'GoOn' | 'GoBack' | 'Hold' {
  const { result, decision } = ended
  if (decision?.verdict === 'Rejected') return gate.dryRun ? 'GoOn' : 'GoBack'
  if (!stopsRollout(gate, result) || decision?.verdict === 'Approved') return 'GoOn'
  if (gate.onFailure === 'Hold') return 'Hold'
  return gateStage(gate) === 'BeforeRollback' ? 'GoOn' : 'GoBack'
}

/** Whether a result stops the rollout: everything but Passed follows the gate's onFailure, and a dry run only reports. */
const stopsRollout = (gate: DefaultedGate, result: NonNullable<GateStatus['result']>): boolean =>
  result !== 'Passed' && gate.onFailure !== 'Ignore' && !gate.dryRun

const begin = (gate: DefaultedGate, now: number): GateStatus => ({
  name: gate.name,
  when: gateStage(gate),
  startedAt: timestamp(now),
  ...(gate.dryRun ? { dryRun: true } : {}),
})

export const putGate = (status: RolloutStatus, gate: GateStatus): RolloutStatus => ({
  ...status,
  gates: [...(status.gates ?? []).filter((other) => other.name !== gate.name), gate],
})

export const successesOf = (gate: DefaultedGate): number =>
  gate.http?.successes ?? gate.warming?.requests ?? 1

/** How much later than the gate's interval it is asked: a version has no part in it that nobody was there to ask. */
export function lateMs(gate: DefaultedGate, status: GateStatus, now: number): number {
  const since = status.lastAttemptAt ?? status.startedAt
  if (since === undefined) return 0
  return Math.max(0, now - fromTimestamp(since) - intervalOf(gate, status))
}

/** How much longer than it may last a question took: Steersman stood still meanwhile. */
const overrunMs = (gate: DefaultedGate, tookMs: number): number => Math.max(0, tookMs - timeoutOf(gate))

export const secondsToMs = (seconds = 0): number => seconds * 1000
export const neverAnswered = (status: GateStatus): boolean =>
  (status.failures ?? 0) === 0 && (status.successes ?? 0) === 0
