import type { DigestedFile } from '../../core/infrastructure/input-digest.ts'
import type { RootIssue } from '../../core/infrastructure/root.ts'
import type { GivenImage } from '../../core/infrastructure/variables.ts'

/** What the wanted commit gives to Terraform. */
export type InfrastructureWant =
  | {
      readonly kind: 'Inputs'
      readonly commit: string
      readonly inputDigest: string
      readonly variables: Readonly<Record<string, unknown>>
      readonly images: Readonly<Record<string, GivenImage>>
    }
  /** The root's files hold what is not run; Terraform is not started. */
  | { readonly kind: 'Refused'; readonly commit: string; readonly issues: readonly RootIssue[] }
  /** An image that Terraform has to be given is not there, and none was given before. */
  | { readonly kind: 'ImageMissing'; readonly commit: string; readonly release: string }
  /** A newer commit was applied already: an older one never runs Terraform. */
  | { readonly kind: 'Older'; readonly commit: string }

/** A root as it was read of one commit, without its texts. */
export interface KnownRoot {
  readonly commit: string
  readonly files: readonly DigestedFile[]
  readonly declared: readonly string[]
  readonly issues: readonly RootIssue[]
}
