import type { SaidRoot } from '../terraform/root.ts'

/** What a commit wants of one release. */
export interface SaidRelease {
  readonly version: string
  readonly desiredCount: number
  /** Number of the rollout that it is pinned to. */
  readonly pin?: number | undefined
  /** No gate asks it anything before it takes traffic. */
  readonly isUngated?: true
}

/** What a commit says, known from how it was made and not by reading it. */
export interface Said {
  readonly releases: ReadonlyMap<string, SaidRelease>
  /** The release whose document nobody can understand, until it is pushed again. */
  readonly broken: string | undefined
  /** What Terraform is to make; undefined where there is none. */
  readonly root?: SaidRoot | undefined
}
