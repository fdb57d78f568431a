import type { DefaultedGate } from '../../../resources/generated/rollout.ts'
import { fromTimestamp, timestamp } from '../../time.ts'
import type { GateTurn } from '../gates.ts'
import { endGate, gateStatus } from '../gates.ts'
import type { PhaseResult, Step, StepInput } from '../state.ts'
import { targetPlace } from '../state.ts'
import { wait } from '../step.ts'
import { isWatched, watchTurn } from '../watch.ts'
import { askGates, ended } from './verifying.ts'

interface WatchedGate {
  readonly gate: DefaultedGate
  readonly turn: GateTurn
}

/** What is waited for while the gates watch, and until when (milliseconds since 1970). */
interface Watch {
  readonly until: number
  readonly reason: 'Baking' | 'Holding'
}

/**
 * Keeps asking the gates that measure until a time, all of them side by side, and then the ones that decide, one after the other; undefined when all
 * have ended well. The side serves meanwhile, so the wait is never longer than the usual look at it.
 */
export function watchGates(
  input: StepInput,
  gates: readonly DefaultedGate[],
  watch: Watch,
): PhaseResult | undefined {
  const { rollout, now } = input
  const { until } = watch
  const watched = gates.filter(isWatched).map((gate) => {
    const status = gateStatus(rollout.status, gate.name)
    return { gate, turn: watchTurn(gate, status, { now, until }) }
  })
  const others = gates.filter((gate) => !isWatched(gate))
  return (
    endOne(input, watched) ??
    askMostOverdue(input, watched) ??
    sooner(
      askGates(input, others, () => undefined),
      waitForNext(input, watched, watch),
    )
  )
}

/** The first of the two, but never a longer wait than the second. */
function sooner(first: PhaseResult | undefined, second: Step | undefined): PhaseResult | undefined {
  if (first?.kind !== 'Wait' || second?.kind !== 'Wait') return first ?? second
  return { ...first, lookAgainMs: Math.min(first.lookAgainMs, second.lookAgainMs) }
}

function endOne(input: StepInput, watched: readonly WatchedGate[]): PhaseResult | undefined {
  for (const { gate, turn } of watched) {
    if (turn.kind === 'Confirm') {
      const result = { gate, result: 'Passed', now: input.now } as const
      return { kind: 'Again', status: endGate(input.rollout.status, result) }
    }
    const stopped = turn.kind === 'Ended' ? ended(input, gate, turn.result) : undefined
    if (stopped !== undefined) return stopped
  }
  return undefined
}

/** No gate with a short interval keeps the others from being asked. */
function askMostOverdue(input: StepInput, watched: readonly WatchedGate[]): PhaseResult | undefined {
  const { rollout } = input
  const lastAttempt = (gate: DefaultedGate): number => {
    const at = gateStatus(rollout.status, gate.name)?.lastAttemptAt
    return at === undefined ? 0 : fromTimestamp(at)
  }
  const [first] = watched
    .flatMap(({ gate, turn }) => (turn.kind === 'Ask' ? [gate] : []))
    .toSorted((one, other) => lastAttempt(one) - lastAttempt(other))
  if (first === undefined) return undefined
  const action = { kind: 'ProbeGate', gate: first.name, side: targetPlace(rollout) } as const
  return { kind: 'Act', status: rollout.status, action, before: '' }
}

function waitForNext(
  input: StepInput,
  watched: readonly WatchedGate[],
  { until, reason }: Watch,
): Step | undefined {
  const { rollout, now, pollMs } = input
  const waiting = watched.flatMap(({ gate, turn }) =>
    turn.kind === 'WaitUntil' ? [{ name: gate.name, at: turn.at }] : [],
  )
  if (waiting.length === 0) return undefined
  const next = Math.min(...waiting.map(({ at }) => at), ...(now < until ? [until] : []))
  const said = waiting.map(
    ({ name }) => `gate ${name}: ${gateStatus(rollout.status, name)?.message ?? 'no answer yet'}`,
  )
  return wait(input, {
    reason: now < until ? reason : 'Gate',
    message: `${now < until ? `watching until ${timestamp(until)}` : 'the time is over, but not every gate has answered'}: ${said.join('; ')}`,
    lookAgainMs: Math.max(0, Math.min(pollMs, next - now)),
  })
}
