import { changedConditions } from '../../core/status.ts'
import type { EnvironmentStatus } from '../../resources/types.ts'
import type { StatusSession } from './status.ts'

/** Tells conditions that turned, and how old the newest commit is. */
export function tellEnvironment(
  { engine, state }: StatusSession,
  before: EnvironmentStatus,
  after: EnvironmentStatus,
): void {
  const { telemetry, clock } = engine.ports
  const environment = state.environment.metadata.name
  for (const { type, status, reason, message } of changedConditions(
    before.conditions ?? [],
    after.conditions ?? [],
  )) {
    telemetry.emit({
      type: 'ConditionChanged',
      environment,
      release: undefined,
      condition: type,
      status: status === 'True',
      reason,
      message,
    })
  }
  telemetry.emit({ type: 'FreezeSeen', environment, active: after.freeze !== undefined })
  const { freezeOverride } = after
  if (freezeOverride !== undefined && freezeOverride.at !== before.freezeOverride?.at) {
    const { by, reason } = freezeOverride
    telemetry.emit({ type: 'FreezeOverridden', environment, by, reason })
  }
  if (after.head?.seenAt !== undefined) {
    const serves = after.deployed?.commit === after.head.commit
    telemetry.emit({
      type: 'RevisionSeen',
      environment,
      commit: after.head.commit,
      ageSeconds: serves ? 0 : Math.max(0, (clock.now() - Date.parse(after.head.seenAt)) / 1000),
    })
  }
}
