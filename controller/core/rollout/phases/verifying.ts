import type { DefaultedGate } from '../../../resources/generated/rollout.ts'
import { endGate, gateStatus, gateTurn, restartGate, stopsRollout } from '../gates.ts'
import type { PhaseResult, StepInput } from '../state.ts'
import { enter, gatesAt, targetSide, turnBack } from '../state.ts'
import { missing, wait } from '../step.ts'
import { takesTraffic, testPointsOnlyAt } from '../traffic.ts'
import { pointTest, restoreOrigin } from './rules.ts'

/**
 * Asks the gates about the idle side, one after the other. A result, good or bad, counts only if the test rule pointed
 * there alone, before and after.
 */
export function verifying(input: StepInput): PhaseResult {
  const gates = gatesAt(input.rollout, 'Verify')
  return (
    askGates(input, gates, firstLook) ?? {
      kind: 'Again',
      status: enter(input.rollout.status, 'Shifting', input.now),
    }
  )
}

/** Runs the gates in order; undefined when all have ended well. `guard` is asked before a gate's first question and before its result counts. */
export function askGates(
  input: StepInput,
  gates: readonly DefaultedGate[],
  guard: (input: StepInput, gate: DefaultedGate) => PhaseResult | undefined,
): PhaseResult | undefined {
  for (const gate of gates) {
    const result = askGate(input, gate, guard)
    if (result !== undefined) return result
  }
  return undefined
}

function askGate(
  input: StepInput,
  gate: DefaultedGate,
  guard: (input: StepInput, gate: DefaultedGate) => PhaseResult | undefined,
): PhaseResult | undefined {
  const { rollout, now } = input
  const status = gateStatus(rollout.status, gate.name)
  const turn = gateTurn(gate, status, now)
  switch (turn.kind) {
    case 'Ask': {
      const blocked = status === undefined ? guard(input, gate) : undefined
      if (blocked !== undefined) return blocked
      return {
        kind: 'Act',
        status: rollout.status,
        action: { kind: 'ProbeGate', gate: gate.name, side: targetSide(rollout) },
        before: '',
      }
    }
    case 'WaitUntil': {
      const message = `gate ${gate.name}: ${status?.message ?? 'no answer yet'}`
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
  if (!stopsRollout(gate, result)) return undefined
  const message = `gate ${gate.name} ended as ${result}: ${seen.message ?? 'no message'}`
  return {
    kind: 'Again',
    status: turnBack(rollout.status, { outcome: 'RolledBack', reason: `Gate${result}`, message, now }),
  }
}

function firstLook(input: StepInput, gate: DefaultedGate): PhaseResult | undefined {
  const look = missing(input, ['rules'])
  if (look !== undefined) return look
  const side = targetSide(input.rollout)
  const restored = takesTraffic(input.observation, side) ? restoreOrigin(input, side) : undefined
  if (restored !== undefined) return restored
  if (testPointsOnlyAt(input.observation, side)) return undefined
  const { status, spec } = input.rollout
  if (spec.traffic.test !== undefined && gateStatus(status, gate.name) !== undefined)
    return { kind: 'Again', status: restartGate(status, gate) }
  return pointTest(input, side)
}
