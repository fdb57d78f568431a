import type { DefaultedReleaseSpec } from '../resources/generated/release.ts'
import type { ResolvedImage, RolloutCause } from '../resources/generated/rollout.ts'

/** What shall run: a revision that exists, or a document that is registered when it is first needed. At least one of the two is there. */
export interface WantedVersion {
  readonly taskDefinition: string | undefined
  readonly document:
    | {
        readonly family: string
        /** Digest of the rendered task definition, as its tag `steersman.dev/digest` has it. */
        readonly digest: string
      }
    | undefined
}

/** An action of a rule in AWS's shape. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html */
export type RuleAction = Readonly<Record<string, unknown>>

/** A release as the wanted commit describes it, with everything resolved that can be resolved without AWS's services. */
export interface DesiredRelease {
  readonly environment: string
  readonly name: string
  readonly spec: DefaultedReleaseSpec
  readonly commit: string
  /** Branch and commit, as `prod@sha1:4f2c…`. */
  readonly revision: string
  /** The commit's author, or whoever moved the tag. */
  readonly who: string
  /** The commit's author and committer, and whoever moved the tag. */
  readonly pushedBy?: readonly string[]
  readonly why: Extract<RolloutCause, 'Commit' | 'Tag' | 'Pin' | 'Failback'>
  /** A person sends it back to a version that a rollout or a record in git says was verified here. */
  readonly goesBack?: true
  readonly reason: string | undefined
  /** Of the container that takes the requests. */
  readonly image: ResolvedImage | undefined
  /** Of the other containers that get one. */
  readonly sidecars?: readonly ResolvedImage[]
  /** Whether an image of its task definition is, or may be, named by a tag that somebody can push again. */
  readonly runsTags?: true
  /** The container that the target group's requests go to. */
  readonly container: string | undefined
  readonly containerPort: number | undefined
  /** Actions of its production rules beside the forward one, by Elastic Load Balancing's own names; undefined where they are as somebody made them. */
  readonly actions?: readonly RuleAction[]
  readonly version: WantedVersion
  /** Over task definition, image digest, settings and gates: failures are kept by it. */
  readonly digest: string
  /** ARN of the task definition that the newest record in git says was verified for this release, or that it was adopted with; it outlives a lost store. */
  readonly recorded: { readonly taskDefinition: string; readonly rollout: number } | undefined
}
