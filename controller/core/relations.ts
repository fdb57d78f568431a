import type { ReleaseStatus } from '../resources/generated/release.ts'
import { findCondition } from '../resources/conditions.ts'
import type { RolloutState } from './rollout/state.ts'

/** Another release of the environment, as its own reconciles left it. */
export interface Relative {
  readonly release: string
  /** Content digest that the commit wants of it; undefined while that is not known. */
  readonly wanted: string | undefined
  readonly status: ReleaseStatus
  readonly active: RolloutState | undefined
  readonly lastSucceeded: RolloutState | undefined
  /** Number of its newest rollout; 0 before the first. */
  readonly newest: number
}

/** The other releases that have a say in when a release's rollout begins. */
export interface Relations {
  /** What it depends on, as far as the environment has it. */
  readonly dependsOn: readonly Relative[]
  readonly group: { readonly name: string; readonly others: readonly Relative[] } | undefined
}

/** What the release says of itself, for those that wait for it. */
export function saidBy({ release, status }: Pick<Relative, 'release' | 'status'>): string {
  const ready = findCondition(status.conditions ?? [], 'Ready')
  const isOfBefore = ready === undefined || ready.status === 'True'
  return `${release}: ${isOfBefore ? 'not begun yet' : ready.message}`
}
