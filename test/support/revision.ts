import { decideRevision, revisionQuestions } from '../../controller/core/revision.ts'
import type { RevisionAnswers, RevisionDecision, RevisionInput } from '../../controller/core/revision.ts'

/** Commits c1 to c6 in one line; `x…` are on no branch. */
const line = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6']
/** When the tag was moved. */
export const when = Date.UTC(2026, 0, 2, 3, 4, 5)

/** A record of a deployment. */
export const record = (number: number, commit: string) => ({ number, object: `record-${number}`, commit })

/** An annotated tag that Ana made. */
export const tag = (commit: string, object = `tag-${commit}`) => ({
  object,
  commit,
  annotated: true,
  tagger: 'Ana <ana@example.com>',
  taggedAt: when,
})

/** c5 is deployed and is the head. */
export const deployed: RevisionInput = {
  environment: 'prod',
  trigger: 'Branch',
  hold: 'UntilResume',
  allowRewind: false,
  verify: 'none',
  currentTag: 'deploy/prod/current',
  tagPrefix: 'deploy/prod/',
  head: 'c5',
  current: tag('c5'),
  verified: undefined,
  records: [record(1, 'c3'), record(2, 'c5')],
  intent: undefined,
  memory: { head: 'c5', hold: undefined },
  resumed: undefined,
}

const isInHistory = (ancestor: string, descendant: string): boolean =>
  line.includes(ancestor) && line.includes(descendant) && line.indexOf(ancestor) <= line.indexOf(descendant)

/** What the repository answers. */
export interface Answering {
  /** Objects that are not validly signed. */
  readonly unsigned?: readonly string[]
  readonly resume?: RevisionAnswers['resume']
}

/** The decision about a changed situation, in the history above. */
export function decide(
  change: Partial<RevisionInput>,
  { unsigned = [], resume = [] }: Answering = {},
): RevisionDecision {
  const input = { ...deployed, ...change }
  const questions = revisionQuestions(input)
  return decideRevision(input, {
    ancestry: questions.ancestry.map(({ ancestor, descendant }) => isInHistory(ancestor, descendant)),
    verify: questions.verify.map(({ object }) =>
      unsigned.includes(object)
        ? { valid: false, reason: 'it is not signed' }
        : { valid: true, signer: 'ana' },
    ),
    resume: questions.resume === undefined ? [] : resume,
  })
}

/** The decision in one line, and the conditions that are true (SourceReady: that is false). */
export function told(decision: RevisionDecision): string {
  const { outcome } = decision
  const conditions = decision.conditions
    .filter(({ type, status }) => (type === 'SourceReady' ? !status : status))
    .map(({ type, status, reason }) => `${status ? '' : 'not '}${type}(${reason})`)
  return [outcomeText(outcome), ...conditions].join(' ')
}

function outcomeText(outcome: RevisionDecision['outcome']): string {
  switch (outcome.kind) {
    case 'Wanted':
      return `want ${outcome.commit}`
    case 'Held':
      return `hold ${outcome.commit} as ${outcome.record.number}`
    case 'Stalled':
    case 'Missing':
      return outcome.kind.toLowerCase()
  }
}

/** The situation after Ana moved the tag back to c3, which was deployment 1. */
export const moved = { head: 'c6', current: tag('c3', 'by-hand'), memory: { head: 'c6', hold: undefined } }
/** A commit with the trailer that ends holds. */
export const resumeCommit = (value: string, committedAt = when + 1) => [
  { id: 'c6', committedAt, trailers: [{ key: 'steersman-resume', value }] },
]
/** What is told of a tag outside of the branch. */
export const stalledTag = 'stalled not SourceReady(TagNotOnBranch) Stalled(TagNotOnBranch)'
/** What is told of a branch that lost commits. */
export const rewound = 'stalled not SourceReady(BranchRewound) Stalled(BranchRewound)'
/** What is told of a hold at deployment 1. */
export const heldAt1 = 'hold c3 as 1 Held(RolledBackByTag)'
