import { newestRecord, recordOf } from './revision/input.ts'
import type {
  DeployRecord,
  RevisionAnswers,
  RevisionInput,
  RevisionMemory,
  TagSeen,
  VerifyQuestion,
} from './revision/input.ts'
import { interruptedPush } from './revision/interrupted-push.ts'
import { revisionConditions } from './revision/outcome.ts'
import type { RevisionDecision, RevisionOutcome, StalledReason } from './revision/outcome.ts'
import { isMoved, revisionQuestions } from './revision/questions.ts'

export type { RevisionAnswers, RevisionInput } from './revision/input.ts'
export type { RevisionDecision } from './revision/outcome.ts'
export { deployRecords } from './revision/input.ts'
export { revisionQuestions } from './revision/questions.ts'
export { acceptedBy, acceptedStill } from './revision/resume.ts'
export { deployTagMessage, parseDeployTag } from './revision/deploy-tag.ts'
export type { DeployedRelease } from './revision/deploy-tag.ts'

/** The key, in lower case, of the commit trailer that ends an environment's hold. */
const RESUME_TRAILER = 'steersman-resume'

/** What the branch's head and the tags mean (RESOURCES.md, "What the branch and the tag mean"). Pure: the same input and answers give the same decision. */
export function decideRevision(input: RevisionInput, answers: RevisionAnswers): RevisionDecision {
  const facts = gather(input, answers)
  const outcome = decide(facts)
  const tagMissing = input.current === undefined && (input.trigger === 'Tag' || facts.deployed !== undefined)
  const base = input.current?.commit ?? facts.deployed?.commit
  return {
    outcome,
    conditions: revisionConditions(outcome, { tagMissing, currentTag: input.currentTag }),
    deployed: facts.deployed,
    nextNumber: (facts.deployed?.number ?? 0) + 1,
    pending: base === undefined || input.head === undefined ? undefined : { base, head: input.head },
    interruptedPush: interruptedPush(input),
    memory: remember(input, outcome),
  }
}

interface Facts extends RevisionInput {
  readonly deployed: DeployRecord | undefined
  readonly answers: RevisionAnswers
  readonly contains: (ancestor: string) => boolean
  readonly refusal: (question: VerifyQuestion) => string | undefined
}

function gather(input: RevisionInput, answers: RevisionAnswers): Facts {
  const questions = revisionQuestions(input)
  if (
    questions.ancestry.length !== answers.ancestry.length ||
    questions.verify.length !== answers.verify.length
  ) {
    throw new Error('a revision was decided without an answer to each of its questions')
  }
  return {
    ...input,
    answers,
    deployed: newestRecord(input.records),
    contains: (ancestor) =>
      ancestor === input.head ||
      questions.ancestry.some(
        (question, index) => question.ancestor === ancestor && answers.ancestry[index] === true,
      ),
    refusal: ({ object, type }) => {
      const asked = questions.verify.findIndex(
        (question) => question.object === object && question.type === type,
      )
      const answer = answers.verify[asked]
      return answer === undefined || answer.valid ? undefined : answer.reason
    },
  }
}

function decide(facts: Facts): RevisionOutcome {
  const { head, current } = facts
  if (head === undefined) {
    return {
      kind: 'Missing',
      reason: 'SourceMissing',
      message: 'the branch or the repository does not exist',
    }
  }
  const headRefused = facts.refusal({ object: head, type: 'commit' })
  if (headRefused !== undefined) return signatureInvalid(`the branch's head ${shortId(head)}`, headRefused)
  if (facts.trigger === 'Tag') return decideByTag(facts)
  if (current !== undefined && isMoved(facts) && !isResumed(facts, current, head))
    return decideMoved(facts, current)
  return decideHead(facts, head)
}

/** `trigger: Tag`: a person or CI moves the tag, within what the branch contains. */
function decideByTag(facts: Facts): RevisionOutcome {
  const { current } = facts
  if (current === undefined) {
    const last = facts.verified?.commit ?? facts.deployed?.commit
    if (last !== undefined) return { kind: 'Wanted', commit: last }
    return { kind: 'Missing', reason: 'TagMissing', message: `tag ${facts.currentTag} does not exist yet` }
  }
  return refusedTag(facts, current) ?? { kind: 'Wanted', commit: current.commit }
}

/** `T ≠ D`: somebody moved the tag by hand. */
function decideMoved(facts: Facts, current: TagSeen): RevisionOutcome {
  const refused = refusedTag(facts, current)
  if (refused !== undefined) return refused
  const record = recordOf(facts.records, current.commit)
  if (record === undefined) {
    return tagNotOnBranch(
      facts,
      `commit ${shortId(current.commit)} was never deployed: no ${facts.tagPrefix}<number> names it`,
    )
  }
  const recordRefused = facts.refusal({ object: record.object, type: 'tag' })
  if (recordRefused !== undefined)
    return signatureInvalid(`tag ${facts.tagPrefix}${record.number}`, recordRefused)
  return {
    kind: 'Held',
    commit: current.commit,
    record,
    who: current.annotated ? current.tagger : undefined,
    at: current.annotated ? current.taggedAt : undefined,
  }
}

function refusedTag(facts: Facts, current: TagSeen): RevisionOutcome | undefined {
  if (!facts.contains(current.commit)) {
    return tagNotOnBranch(facts, `commit ${shortId(current.commit)} is not in the branch's history`)
  }
  const refused = facts.refusal({ object: current.object, type: 'tag' })
  return refused === undefined ? undefined : signatureInvalid(`tag ${facts.currentTag}`, refused)
}

/** `trigger: Branch`: the head, unless the branch lost what was deployed from it. */
function decideHead(facts: Facts, head: string): RevisionOutcome {
  const baselines = [
    isMoved(facts) ? undefined : (facts.current?.commit ?? facts.deployed?.commit),
    facts.memory.head,
  ]
  const lost = baselines.find((commit) => commit !== undefined && !facts.contains(commit))
  if (lost === undefined || facts.allowRewind || facts.resumed?.head === head)
    return { kind: 'Wanted', commit: head }
  return stalled(
    'BranchRewound',
    `the branch was rewound or force-pushed: its head ${shortId(head)} does not contain ${shortId(lost)}`,
    'push a head that contains it, accept this one with `steersman resume`, or set spec.source.allowRewind',
  )
}

/** Ended by `steersman resume`, by a later commit's trailer, or, with `hold: NextCommit`, by any commit that came after the hold was first seen. */
function isResumed(facts: Facts, current: TagSeen, head: string): boolean {
  if (facts.resumed?.tagObject === current.object) return true
  const hold = facts.memory.hold?.object === current.object ? facts.memory.hold : undefined
  if (facts.hold === 'NextCommit' && hold !== undefined && hold.head !== head) return true
  return facts.answers.resume
    .slice(0, current.annotated ? undefined : newerThan(facts, hold?.head))
    .some(
      (commit) =>
        (!current.annotated || commit.committedAt >= current.taggedAt) &&
        commit.trailers.some(
          ({ key, value }) =>
            key.toLowerCase() === RESUME_TRAILER && value.split(/[\s,]+/).includes(facts.environment),
        ),
    )
}

/** How many of the commits, the newest first, came after the head that a hold began with; none where it was not seen before: its tag names no time. */
function newerThan({ answers }: Facts, head: string | undefined): number {
  if (head === undefined) return 0
  const index = answers.resume.findIndex(({ id }) => id === head)
  return index < 0 ? answers.resume.length : index
}

function remember(input: RevisionInput, outcome: RevisionOutcome): RevisionMemory {
  const { current, head, memory } = input
  const wanted = input.trigger === 'Branch' && outcome.kind === 'Wanted'
  // A branch that is gone for a while ends no hold, and begins none anew.
  if (head === undefined) return memory
  const known = current !== undefined && memory.hold?.object === current.object
  const hold = current !== undefined && isMoved(input) ? { object: current.object, head } : undefined
  return {
    head: wanted ? outcome.commit : memory.head,
    hold: hold !== undefined && known ? memory.hold : hold,
  }
}

function tagNotOnBranch(facts: Facts, why: string): RevisionOutcome {
  return stalled(
    'TagNotOnBranch',
    `tag ${facts.currentTag} was moved, but ${why}`,
    facts.trigger === 'Tag'
      ? 'move the tag to a commit of the branch'
      : 'move the tag to a deployed commit of the branch, or go on from the branch with `steersman resume`',
  )
}

function signatureInvalid(what: string, why: string): RevisionOutcome {
  return stalled(
    'SignatureInvalid',
    `${what} is not verified: ${why}`,
    'sign it with a key that spec.source.verify trusts',
  )
}

function stalled(reason: StalledReason, message: string, remedy: string): RevisionOutcome {
  return { kind: 'Stalled', reason, message, remedy }
}

function shortId(commit: string): string {
  return commit.slice(0, 12)
}
