import { newestRecord, recordOf } from './input.ts'
import type { AncestryQuestion, RevisionInput, RevisionQuestions, VerifyQuestion } from './input.ts'
import { isOurs } from './interrupted-push.ts'

/** What has to be asked of the repository, so that the decision itself needs no I/O. Ask all, then call {@link decideRevision}. */
export function revisionQuestions(input: RevisionInput): RevisionQuestions {
  const { head, current, memory } = input
  if (head === undefined) return { ancestry: [], verify: [], resume: undefined }
  const deployed = newestRecord(input.records)
  const baselines = [current?.commit, deployed?.commit, memory.head]
  const distinct = [...new Set(baselines)].filter((commit) => commit !== undefined && commit !== head)
  const ancestry = distinct.map((ancestor): AncestryQuestion => ({
    ancestor: String(ancestor),
    descendant: head,
  }))
  const exclude = deployed?.commit ?? current?.commit
  return {
    ancestry,
    verify: verifyQuestions(input, head),
    resume: isMoved(input) && exclude !== undefined ? { exclude, head } : undefined,
  }
}

/** Whether the tag is where a person put it, and not where we last did; without any record we put none anywhere. */
export function isMoved(input: RevisionInput): boolean {
  return (
    input.trigger === 'Branch' &&
    input.current !== undefined &&
    input.current.commit !== newestRecord(input.records)?.commit &&
    !isOurs(input)
  )
}

function verifyQuestions(input: RevisionInput, head: string): readonly VerifyQuestion[] {
  const questions: VerifyQuestion[] = []
  if (input.verify === 'HEAD' || input.verify === 'TagAndHEAD')
    questions.push({ object: head, type: 'commit' })
  const tags = input.verify === 'Tag' || input.verify === 'TagAndHEAD'
  if (!tags || input.current === undefined || (input.trigger === 'Branch' && !isMoved(input)))
    return questions
  questions.push({ object: input.current.object, type: 'tag', tagName: input.currentTag })
  const record = recordOf(input.records, input.current.commit)
  if (input.trigger === 'Branch' && record !== undefined) {
    questions.push({ object: record.object, type: 'tag', tagName: `${input.tagPrefix}${record.number}` })
  }
  return questions
}
