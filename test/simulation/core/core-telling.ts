import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import { isSameQuestion } from '../../../controller/core/rollout/waiting.ts'
import { fromTimestamp } from '../../../controller/core/time.ts'
import type { RolloutSpec, RolloutStatus } from '../../../controller/resources/types.ts'
import type { CoreTurn } from './core-turn.ts'

/** A rollout begins. */
export function tellStart({ core, key, active }: CoreTurn, spec: RolloutSpec): void {
  const { why, who, commit } = spec
  const rollout = active?.state.name ?? ''
  core.emit({ type: 'RolloutStarted', ...key, rollout, why, who, commit, to: spec.to.side ?? 'only' })
}

/** A phase was entered, or gates ended. */
export function tellPhase(
  { core, key, active }: CoreTurn,
  before: RolloutStatus,
  after: RolloutStatus,
): void {
  const rollout = active?.state.name ?? ''
  for (const gate of after.gates ?? []) {
    const known = before.gates?.find((other) => other.name === gate.name)
    if (gate.result === undefined || known?.result !== undefined) continue
    const { name, result, message = '' } = gate
    core.emit({ type: 'GateFinished', ...key, rollout, gate: name, result, message })
  }
  const { awaiting, phase, message = '' } = after
  const isSame = isSameQuestion(before.awaiting, awaiting)
  const decision = before.decisionRequested
  if (
    decision !== undefined &&
    after.decisionRequested === undefined &&
    !isSame &&
    before.awaiting !== undefined
  ) {
    const { gate, verdict, by } = decision
    core.emit({ type: 'GateDecided', ...key, rollout, gate, verdict, by })
  }
  if (awaiting !== undefined && !isSame)
    core.emit({
      type: 'DecisionAwaited',
      ...key,
      rollout,
      gate: awaiting.gate,
      until: awaiting.until,
      message,
    })
  if (phase !== undefined && phase !== before.phase)
    core.emit({ type: 'PhaseEntered', ...key, rollout, phase, message })
}

/** A rollout is over. */
export function tellEnd({ core, key }: CoreTurn, { name, spec, status }: RolloutState): void {
  const started = fromTimestamp(status.startedAt ?? '')
  const isServing =
    status.outcome === 'Succeeded' && status.shiftedAt !== undefined && spec.to.side !== undefined
  core.emit({
    type: 'RolloutFinished',
    ...key,
    rollout: name,
    outcome: status.outcome ?? '',
    reason: status.reason ?? '',
    message: status.message ?? '',
    strategy: spec.strategy.type ?? 'BlueGreen',
    durationMs: fromTimestamp(status.finishedAt ?? '') - started,
    waitMs: (status.waitSeconds ?? 0) * 1000,
    commitToTrafficMs: isServing ? fromTimestamp(status.shiftedAt ?? '') - started : undefined,
  })
}
