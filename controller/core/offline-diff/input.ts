import type { ReleaseSpec } from '../../resources/generated/release.ts'
import type { Document } from '../defaults/shape.ts'

/** What one offline diff is told: the release after overlays and substitution, and the parsed live-state file. */
export interface OfflineDiffInput {
  readonly release: {
    readonly name: string
    /** After overlays and substitution; a placeholder that is left matches any text. */
    readonly spec: ReleaseSpec
    /** ECS's own document, from `taskDefinition.file` or `inline`. */
    readonly taskDefinitionDocument?: Document | undefined
  }
  /** The environment's name, where one was given: the task definition's family is compared only then. */
  readonly environment?: string | undefined
  /** The wanted commit, where one was given: it is the tag of `tagFromCommit`. */
  readonly commit?: string | undefined
  /** The parsed live-state file. */
  readonly live: unknown
}
