import { annotations } from './annotations.ts'
import type { GateDecision, GateVerdict } from './generated/rollout.ts'

const VERDICTS: readonly GateVerdict[] = ['Approved', 'Rejected', 'Retried']

/** The newest decision that a person asked for on a Rollout; undefined for none, or one that says nothing. */
export function decisionIn({
  metadata,
}: {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> | undefined }
}): GateDecision | undefined {
  const marks = metadata.annotations ?? {}
  const at = marks[annotations.decided]
  const gate = marks[annotations.decidedGate]
  const verdict = VERDICTS.find((known) => known === marks[annotations.decision])
  if (at === undefined || gate === undefined || verdict === undefined) return undefined
  const comment = marks[annotations.decisionComment]
  const by = marks[annotations.decidedBy] ?? 'somebody'
  return { gate, verdict, by, at, ...(comment === undefined || comment === '' ? {} : { comment }) }
}
