import { timestamp } from '../time.ts'
import type { DeployRecord, RevisionMemory } from './input.ts'
import type { InterruptedPush } from './interrupted-push.ts'

export type StalledReason = 'TagNotOnBranch' | 'BranchRewound' | 'SignatureInvalid'

/** What a commit and a tag mean for an environment. */
export type RevisionOutcome =
  /** Roll this commit out, or keep it. */
  | { readonly kind: 'Wanted'; readonly commit: string }
  /** Serve what the record says (task definitions and digests), run no Terraform, write no tag. */
  | {
      readonly kind: 'Held'
      readonly commit: string
      readonly record: DeployRecord
      /** The tagger; undefined for a lightweight tag, which names nobody and no time. */
      readonly who: string | undefined
      /** Milliseconds since the epoch. */
      readonly at: number | undefined
    }
  /** What runs keeps running until a person mends it. */
  | {
      readonly kind: 'Stalled'
      readonly reason: StalledReason
      readonly message: string
      readonly remedy: string
    }
  /** What runs keeps running; it is looked at again every interval, without backoff. */
  | { readonly kind: 'Missing'; readonly reason: 'SourceMissing' | 'TagMissing'; readonly message: string }

export interface RevisionCondition {
  readonly type: 'SourceReady' | 'Held' | 'TagMissing' | 'Stalled'
  readonly status: boolean
  readonly reason: string
  readonly message: string
}

export interface RevisionDecision {
  readonly outcome: RevisionOutcome
  readonly conditions: readonly RevisionCondition[]
  /** D. */
  readonly deployed: DeployRecord | undefined
  /** The number of the next record. */
  readonly nextNumber: number
  /** To be counted for `status.pending`: how far the head is ahead. */
  readonly pending: { readonly base: string; readonly head: string } | undefined
  readonly interruptedPush: InterruptedPush
  /** To be stored in the status and given to the next decision. */
  readonly memory: RevisionMemory
}

/** The conditions of an outcome; all four each time, so that none outlives its cause. */
export function revisionConditions(
  outcome: RevisionOutcome,
  { tagMissing, currentTag }: { readonly tagMissing: boolean; readonly currentTag: string },
): readonly RevisionCondition[] {
  return [
    sourceReady(outcome),
    held(outcome),
    tagMissing
      ? condition('TagMissing', true, 'TagMissing', `tag ${currentTag} does not exist`)
      : condition('TagMissing', false, 'TagPresent', ''),
    outcome.kind === 'Stalled'
      ? condition('Stalled', true, outcome.reason, `${outcome.message}; ${outcome.remedy}`)
      : condition('Stalled', false, 'NotStalled', ''),
  ]
}

function sourceReady(outcome: RevisionOutcome): RevisionCondition {
  if (outcome.kind === 'Missing' && outcome.reason === 'SourceMissing') {
    return condition('SourceReady', false, 'SourceMissing', outcome.message)
  }
  return outcome.kind === 'Stalled'
    ? condition('SourceReady', false, outcome.reason, outcome.message)
    : condition('SourceReady', true, 'Fetched', '')
}

function held(outcome: RevisionOutcome): RevisionCondition {
  if (outcome.kind !== 'Held') return condition('Held', false, 'NotHeld', '')
  const who = outcome.who ?? 'somebody (the tag is lightweight and names nobody)'
  const when = outcome.at === undefined ? '' : ` at ${isoTime(outcome.at)}`
  const where = `to deployment ${outcome.record.number} (commit ${outcome.commit.slice(0, 12)})`
  return condition(
    'Held',
    true,
    'RolledBackByTag',
    `${who} moved the tag${when} ${where}; end it with: steersman resume`,
  )
}

function condition(
  type: RevisionCondition['type'],
  status: boolean,
  reason: string,
  message: string,
): RevisionCondition {
  return { type, status, reason, message }
}

/** RFC 3339; a tag may claim any time, also one that no calendar has. */
function isoTime(at: number): string {
  return Math.abs(at) <= 8_640_000_000_000_000 ? timestamp(at) : 'an impossible time'
}
