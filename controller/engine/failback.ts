import type { DesiredRelease } from '../core/desired.ts'
import type { Failback } from '../core/plan/failback.ts'
import { abortedFor, failbackReason, failbackRelease } from '../core/plan/failback.ts'
import type { RolloutState } from '../core/rollout/state.ts'
import { annotations } from '../resources/annotations.ts'
import type { ReleaseStatus } from '../resources/types.ts'
import type { StoredObject } from '../ports/store.ts'
import type { Desire, EnvironmentState } from './engine.ts'
import type { StoredRollout } from './objects.ts'
import { asRelease } from './objects.ts'

/** A person's wish to go back at once that nothing has ended yet: neither a later `resume`, nor that the branch says the same. */
export function openFailback(
  release: StoredObject,
  environment: StoredObject | undefined,
  status: ReleaseStatus,
): Failback | undefined {
  const marks = release.metadata.annotations ?? {}
  const id = marks[annotations.failback]
  const to = Number(marks[annotations.failbackTo])
  const resumed = environment?.metadata.annotations?.[annotations.resumed] ?? ''
  const isResumed = resumed !== (marks[annotations.failbackResume] ?? '')
  if (id === undefined || id === status.lastHandledFailbackAt || isResumed || !Number.isInteger(to))
    return undefined
  return {
    id,
    by: marks[annotations.failbackBy] ?? 'somebody',
    reason: marks[annotations.failbackReason],
    to,
  }
}

/** What a release is worked on with. */
export interface Failed {
  readonly desire: Desire | undefined
  readonly active: StoredRollout | undefined
  readonly status: ReleaseStatus
  readonly held: EnvironmentState['held']
}

/** The same under a wish to go back at once: that decides what is wanted, until the branch says so itself. */
export function withFailback(
  before: Omit<Failed, 'held'>,
  facts: {
    readonly failback: Failback | undefined
    readonly release: StoredObject
    readonly target: RolloutState | undefined
    readonly newest: RolloutState | undefined
    readonly held: EnvironmentState['held']
  },
): Failed {
  const { desire, active, status } = before
  const { failback, release, target, newest, held } = facts
  if (failback === undefined || desire?.kind === 'Removed') return { ...before, held }
  const hold = {
    by: failback.by,
    at: failback.id,
    reason: failbackReason(failback),
    rollout: failback.to,
  }
  if (target === undefined || newest === undefined) {
    const message = `rollout ${failback.to} is not known any more; name another one, or resume`
    return { desire: { kind: 'Stalled', reason: 'PinMissing', message }, active, status, held: hold }
  }
  if (saysTheSame(desire, status, target))
    return { desire, active, status: { ...status, lastHandledFailbackAt: failback.id }, held }
  const recorded = desire?.kind === 'Ready' ? desire.release.recorded : undefined
  const { spec } = asRelease(release)
  return {
    desire: {
      kind: 'Ready',
      release: failbackRelease(failback, { target, newest, spec, recorded }),
      rendered: undefined,
    },
    active:
      active === undefined ? undefined : { ...active, state: abortedFor(failback, active.state, target) },
    status,
    held: hold,
  }
}

/** Whether the branch wants that very version. */
function saysTheSame(desire: Desire | undefined, status: ReleaseStatus, { spec }: RolloutState): boolean {
  if (desire?.kind !== 'Ready') return false
  return revisionOf(desire.release, status) === spec.taskDefinition
}

const revisionOf = (
  { version: { taskDefinition, document } }: DesiredRelease,
  { taskDefinitions }: ReleaseStatus,
): string | undefined =>
  taskDefinition ?? (document === undefined ? undefined : taskDefinitions?.[document.digest])
