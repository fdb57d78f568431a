import { annotations } from '../../resources/annotations.ts'
import { decisionIn } from '../../resources/decision.ts'
import type { GateVerdict, RolloutSpec, RolloutStatus } from '../../resources/generated/rollout.ts'
import type { Schema } from '../../resources/schema.ts'
import { decisionProblem } from '../../core/rollout/decisions.ts'
import type { Clock } from '../../ports/clock.ts'
import type { StoredObject } from '../../ports/store.ts'
import { markTime } from '../marks.ts'
import { RequestError } from '../request-error.ts'
import type { ApiRequest } from '../route.ts'
import { clientToken, tokenOf } from '../route.ts'

/** What a decision comes with. */
export const decisionBody: Readonly<Record<string, Schema>> = {
  gate: {
    type: 'string',
    minLength: 1,
    maxLength: 63,
    description: 'The gate that is decided; left out, the one that the rollout waits for.',
  },
  comment: { type: 'string', maxLength: 1024, description: 'Why, for those who read it later.' },
  clientToken,
}

/**
 * The marks of a person's decision; undefined where it was taken already. It is about what the object says now: where the rollout has gone on meanwhile, it
 * is refused and not kept for another question.
 */
export function decisionMarks(
  object: StoredObject,
  verdict: GateVerdict,
  { clock, request: { identity, body } }: { readonly clock: Clock; readonly request: ApiRequest },
): Readonly<Record<string, string>> | undefined {
  const token = tokenOf(body)
  const marks = object.metadata.annotations ?? {}
  if (token !== undefined && marks[annotations.decisionToken] === token) return undefined
  const status = (object.status ?? {}) as RolloutStatus
  const { gate = status.awaiting?.gate ?? '', comment = '' } = body as { gate?: string; comment?: string }
  const decision = { gate, verdict, by: identity.name }
  const spec = object.spec as unknown as RolloutSpec
  const problem = decisionProblem({ spec, status }, decision)
  if (problem !== undefined) throw refused(problem, identity.name)
  if (isOpen(object, status)) throw alreadyDecided(object)
  return {
    [annotations.decided]: markTime(clock, object, annotations.decided),
    [annotations.decidedBy]: decision.by,
    [annotations.decidedGate]: gate,
    [annotations.decision]: verdict,
    [annotations.decisionComment]: comment,
    [annotations.decisionToken]: token ?? '',
  }
}

/** Whether a decision was asked for that no controller has taken over yet. */
function isOpen(object: StoredObject, { handledDecisionAt }: RolloutStatus): boolean {
  const decision = decisionIn(object)
  return decision !== undefined && decision.at !== handledDecisionAt
}

const refused = (
  { code, message }: NonNullable<ReturnType<typeof decisionProblem>>,
  by: string,
): RequestError =>
  code === 'NotAnApprover'
    ? new RequestError(403, {
        code,
        message,
        remedy: `Let somebody else approve it; ${by} may reject it.`,
      })
    : new RequestError(409, { code, message, remedy: 'See `steersman status`.' })

const alreadyDecided = (object: StoredObject): RequestError =>
  new RequestError(409, {
    code: 'AlreadyDecided',
    message: `it was ${decisionIn(object)?.verdict.toLowerCase() ?? 'decided'} by ${decisionIn(object)?.by ?? 'somebody'} a moment ago`,
    remedy: 'Look at it again in a moment; to stop the rollout, abort it.',
  })
