import { annotations } from './annotations.ts'
import type { GateAnswer, HookStatus } from './generated/rollout.ts'

/** What a receiver may answer, as hooks of ECS do. */
export const HOOK_STATUSES: readonly HookStatus[] = ['SUCCEEDED', 'FAILED', 'IN_PROGRESS']

/** The newest answer that a receiver has called back with; undefined for none, or one that says nothing. */
export function answerIn({
  metadata,
}: {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> | undefined }
}): GateAnswer | undefined {
  const marks = metadata.annotations ?? {}
  const at = marks[annotations.answered]
  const gate = marks[annotations.answeredGate]
  const answer = HOOK_STATUSES.find((known) => known === marks[annotations.answer])
  return at === undefined || gate === undefined || answer === undefined ? undefined : { gate, answer, at }
}
