import { formatIssue } from '../../../controller/core/manifest.ts'
import { changedConditions } from '../../../controller/core/status.ts'
import type { DesiresRead } from '../../../controller/engine/engine.ts'
import type { ReleaseRow, StatusFacts } from '../../../controller/engine/environment/status.ts'
import { statusAfter, summaryOf } from '../../../controller/engine/environment/status.ts'
import { releaseObjectName } from '../../../controller/resources/names.ts'
import type { EnvironmentStatus } from '../../../controller/resources/types.ts'
import type { Session } from './core-session.ts'

/** The environment's status after a reconcile; tells the conditions that turned. */
export function environmentStatusAfter(session: Session, facts: StatusFacts): EnvironmentStatus {
  const { core, state, requestedAt, object, status } = session
  const environment = state.environment.metadata.name
  const rows = [...(state.desires ?? [])].map(([release, desire]): ReleaseRow => {
    const stored = core.store.get('Release', releaseObjectName({ environment, release }))
    return { release, status: stored?.status ?? {}, desire }
  })
  const ahead = facts.kind === 'Seen' ? facts.seen.decision.pending : undefined
  const pending = ahead === undefined ? undefined : core.git.commitsBetween(ahead.base, ahead.head).length
  const before = { requestedAt, object, status, now: core.clock.now(), wall: core.clock.wall() }
  const after = statusAfter(before, facts, { releases: summaryOf(rows), pending })
  const known = (object.status ?? {}) as EnvironmentStatus
  for (const condition of changedConditions(known.conditions ?? [], after.conditions ?? [])) {
    const { type, reason, message } = condition
    const is = condition.status === 'True'
    core.emit({
      type: 'ConditionChanged',
      environment,
      release: undefined,
      condition: type,
      status: is,
      reason,
      message,
    })
  }
  return after
}

/** A commit that can't be understood is told once. */
export function tellRefusal(
  { core, state, status }: Session,
  commit: string,
  { issues }: Extract<DesiresRead, { kind: 'Refused' }>,
): void {
  if (status.issuesCommit === commit) return
  const [first] = issues
  core.emit({
    type: 'ManifestRefused',
    environment: state.environment.metadata.name,
    commit,
    issues: issues.length,
    first: first === undefined ? '' : formatIssue(first),
  })
}
