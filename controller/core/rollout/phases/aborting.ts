import type { RolloutStatus } from '../../../resources/generated/rollout.ts'
import { consequence, gateStatus } from '../gates.ts'
import type { EndedGate } from '../gates.ts'
import type { PhaseResult, RolloutState, StepInput } from '../state.ts'
import { gatesAt, isFinished, turnBack } from '../state.ts'
import { askGates } from './verifying.ts'

/** A person's wish to abort that was neither carried out nor withdrawn. */
export function openAbort({ status }: Pick<RolloutState, 'status'>): RolloutStatus['abortRequested'] {
  const { abortRequested } = status
  const isOpen =
    !isFinished(status) && status.phase !== 'RollingBack' && abortRequested?.withdrawnBy === undefined
  return isOpen ? abortRequested : undefined
}

/** Whether gates are asked before the traffic is given back. Before the first weight nobody has anything to give back. */
export const asksBeforeAbort = (rollout: RolloutState): boolean =>
  rollout.status.shiftedAt !== undefined && gatesAt(rollout, 'BeforeRollback').length > 0

/** Turns back because a person wants it. */
export function abort(
  { status }: RolloutState,
  { by, reason }: NonNullable<RolloutStatus['abortRequested']>,
  now: number,
): RolloutStatus {
  return turnBack(status, {
    outcome: 'Aborted',
    reason: 'Aborted',
    message: `aborted by ${by}${reason === undefined ? '' : `: ${reason}`}`,
    now,
  })
}

/**
 * Halts the rollout's own work, and asks what is to be asked before a person's way back. What makes the rollout go back by itself, such as a side without
 * health, waits for nobody.
 */
export function beforeAbort(input: StepInput, result: PhaseResult): PhaseResult {
  const { rollout, now } = input
  const asked = openAbort(rollout)
  if (asked === undefined || goesFirst(rollout, result)) return result
  const gates = gatesAt(rollout, 'BeforeRollback')
  const ended = gates.map((gate) => ({ gate, seen: gateStatus(rollout.status, gate.name) }))
  const rejected = ended.find(({ gate, seen }) => isEnded(seen) && consequence(gate, seen) === 'GoBack')
  if (rejected !== undefined) {
    const withdrawnBy = rejected.seen?.decision?.by ?? 'somebody'
    return { kind: 'Again', status: withdrawn(rollout, { ...asked, withdrawnBy }) }
  }
  return askGates(input, gates, () => undefined) ?? { kind: 'Again', status: abort(rollout, asked, now) }
}

/** A look for what the phase has to know, the end of one of its gates, or the way back. */
function goesFirst({ status }: RolloutState, result: PhaseResult): boolean {
  if (result.kind === 'Look' || result.status.phase === 'RollingBack') return true
  return result.kind === 'Again' && result.status.phase === status.phase
}

const isEnded = (seen: ReturnType<typeof gateStatus>): seen is EndedGate => seen?.result !== undefined

/** The rollout goes on; the next abort is asked for anew. */
function withdrawn(
  rollout: RolloutState,
  abortRequested: RolloutStatus['abortRequested'] & object,
): RolloutStatus {
  const { status } = rollout
  const ofWayBack = new Set(gatesAt(rollout, 'BeforeRollback').map(({ name }) => name))
  const gates = (status.gates ?? []).filter(({ name, task }) => !ofWayBack.has(name) || task !== undefined)
  return { ...status, abortRequested, gates }
}
