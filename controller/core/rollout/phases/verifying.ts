import type { DefaultedGate, GateStatus } from '../../../resources/generated/rollout.ts'
import { timestamp } from '../../time.ts'
import { consequence, deadlineOf, endGate, gateStatus, gateTurn, restartGate } from '../gates.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { enter, gatesAt, targetPlace, targetSide, turnBack } from '../state.ts'
import { wait } from '../step.ts'
import { testPointsOnlyAt } from '../traffic.ts'
import { askPeople, hold, originServes } from './people.ts'
import { pointTest } from './rules.ts'
import { runTask } from './running-task.ts'

/**
 * Asks the gates about the idle side, one after the other. A result, good or bad, counts only if the test rule pointed
 * there alone, before and after.
 */
export function verifying(input: StepInput): PhaseResult {
  const { rollout, now } = input
  const next = gatesAt(rollout, 'BeforeShift').length === 0 ? 'Shifting' : 'AwaitingApproval'
  return (
    askGates(input, gatesAt(rollout, 'Verify'), firstLook) ?? {
      kind: 'Again',
      status: enter(rollout.status, next, now),
    }
  )
}

/** The last questions before the first weight moves, most often to a person; the idle side is asked as it is verified. */
export function awaitingApproval(input: StepInput): PhaseResult {
  const { rollout, now } = input
  return (
    originServes(input) ??
    askGates(input, gatesAt(rollout, 'BeforeShift'), firstLook) ?? {
      kind: 'Again',
      status: enter(rollout.status, 'Shifting', now),
    }
  )
}

type Guard = (input: StepInput, gate: DefaultedGate) => PhaseResult | undefined

/** Runs the gates in order; undefined when all have ended well. `guard` is asked before a gate's first question and before its result counts. */
export function askGates(
  input: StepInput,
  gates: readonly DefaultedGate[],
  guard: Guard,
): PhaseResult | undefined {
  for (const gate of gates) {
    const result = askGate(input, gate, guard)
    if (result !== undefined) return result
  }
  return undefined
}

function askGate(input: StepInput, gate: DefaultedGate, guard: Guard): PhaseResult | undefined {
  const { rollout, now } = input
  const status = gateStatus(rollout.status, gate.name)
  if (status?.result === undefined) {
    if (gate.manual !== undefined) return askPeople(input, gate, status)
    if (gate.task !== undefined) return beginTask(input, gate, { status, guard })
  }
  const turn = gateTurn(gate, status, now)
  switch (turn.kind) {
    case 'Ask': {
      const blocked = status === undefined ? guard(input, gate) : undefined
      if (blocked !== undefined) return blocked
      return {
        kind: 'Act',
        status: rollout.status,
        action: { kind: 'ProbeGate', gate: gate.name, side: targetPlace(rollout) },
        before: '',
      }
    }
    case 'WaitUntil': {
      const until =
        status?.pauseSeconds === undefined ? '' : `, until ${timestamp(deadlineOf(gate, status, now))}`
      const message = `gate ${gate.name}: ${status?.message ?? 'no answer yet'}${until}`
      return wait(input, { reason: 'Gate', message, lookAgainMs: Math.max(0, turn.at - now) })
    }
    case 'Confirm':
      return (
        guard(input, gate) ?? {
          kind: 'Again',
          status: endGate(rollout.status, { gate, result: 'Passed', now }),
        }
      )
    case 'Ended': {
      const blocked = status?.result === undefined ? guard(input, gate) : undefined
      return blocked ?? ended(input, gate, turn.result)
    }
  }
}

const beginTask = (
  input: StepInput,
  gate: DefaultedGate,
  { status, guard }: { readonly status: GateStatus | undefined; readonly guard: Guard },
): PhaseResult => (status === undefined ? guard(input, gate) : undefined) ?? runTask(input, gate, status)

/** What follows from a gate's end: nothing where it lets the rollout go on. */
export function ended(
  input: StepInput,
  gate: DefaultedGate,
  result: 'Passed' | 'Failed' | 'Inconclusive' | 'TimedOut',
): PhaseResult | undefined {
  const { rollout, now } = input
  const seen = gateStatus(rollout.status, gate.name)
  if (seen?.result === undefined)
    return { kind: 'Again', status: endGate(rollout.status, { gate, result, now }) }
  const found = { ...seen, result: seen.result }
  switch (consequence(gate, found)) {
    case 'GoOn':
      return undefined
    case 'Hold':
      return hold(input, gate, found)
    case 'GoBack': {
      const message = `gate ${gate.name} ended as ${result}: ${seen.message ?? 'no message'}`
      const why = { outcome: 'RolledBack', reason: `Gate${result}`, message, now } as const
      return { kind: 'Again', status: turnBack(rollout.status, why) }
    }
  }
}

function firstLook(input: StepInput, gate: DefaultedGate): PhaseResult | undefined {
  const served = originServes(input)
  if (served !== undefined) return served
  const side = targetSide(input.rollout)
  if (testPointsOnlyAt(input.observation, side)) return undefined
  const { status, spec } = input.rollout
  if (spec.traffic?.test !== undefined && gateStatus(status, gate.name) !== undefined)
    return { kind: 'Again', status: restartGate(status, gate) }
  return pointTest(input, side)
}
