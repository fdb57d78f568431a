import type { RolloutState } from '../core/rollout/state.ts'
import { findCondition } from '../resources/conditions.ts'
import type { ReleaseStatus, RolloutSpec, RolloutStatus } from '../resources/types.ts'
import type { EnvironmentState } from './engine.ts'
import { dependentsOf, othersOf } from './relations.ts'
import type { Turn } from './turn.ts'

/** Asks that the others are looked at now: they wait for what this release has just come to. */
export function wake({ engine, key }: Turn, releases: readonly string[]): void {
  for (const release of releases) if (release !== key.release) engine.enqueueRelease({ ...key, release })
}

/** Wakes the other members of a rollout's group. */
export const wakeGroup = (turn: Turn, before: RolloutStatus, after: RolloutStatus): void =>
  turn.active === undefined
    ? undefined
    : wake(turn, wokenByStep({ ...turn.active.state, status: before }, after))

/** Wakes whoever waits for this release. */
export const wakeWaiting = (turn: Turn, before: ReleaseStatus, after: ReleaseStatus): void =>
  wake(turn, wokenByEnd(turn.state, turn.key.release, { before, after }))

/** The releases whose rollouts move with this one. */
export const membersOf = ({ group }: Pick<RolloutSpec, 'group'>): readonly string[] =>
  (group?.members ?? []).map(({ release }) => release)

/** Whom a step of a rollout concerns: the other members, where it has come further, goes back or wants to. */
export function wokenByStep({ spec, status: before }: RolloutState, after: RolloutStatus): readonly string[] {
  const isSame =
    before.phase === after.phase && before.readyStep === after.readyStep && before.refusal === after.refusal
  return isSame ? [] : membersOf(spec)
}

/** Whom the end of a reconcile concerns: what depends on the release, and the members of its group, where it serves or asks for another version. */
export function wokenByEnd(
  { releases }: Pick<EnvironmentState, 'releases'>,
  release: string,
  { before, after }: { readonly before: ReleaseStatus; readonly after: ReleaseStatus },
): readonly string[] {
  const isSame =
    readyOf(before) === readyOf(after) &&
    before.verified?.digest === after.verified?.digest &&
    before.waiting?.asks?.digest === after.waiting?.asks?.digest &&
    before.waiting?.asks?.number === after.waiting?.asks?.number
  return isSame ? [] : [...dependentsOf(releases, release), ...othersOf(releases, release)]
}

const readyOf = ({ conditions = [] }: ReleaseStatus): string | undefined => {
  const ready = findCondition(conditions, 'Ready')
  return `${ready?.status ?? ''} ${ready?.reason ?? ''}`
}
