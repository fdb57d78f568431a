import { failbackMarks, markTime, requestMarks } from '../../../controller/api/marks.ts'
import { RequestError } from '../../../controller/api/request-error.ts'
import { answerMarks } from '../../../controller/api/routes/callbacks.ts'
import { decisionMarks } from '../../../controller/api/routes/decisions.ts'
import type { Served } from '../../../controller/core/plan/failback.ts'
import { lastGoodBefore } from '../../../controller/core/plan/failback.ts'
import { isFinished } from '../../../controller/core/rollout/state.ts'
import type { Clock } from '../../../controller/ports/clock.ts'
import type { Kind, StoredObject } from '../../../controller/ports/store.ts'
import type { RolloutSpec } from '../../../controller/resources/types.ts'
import { annotations } from '../../../controller/resources/annotations.ts'
import { releaseObjectName } from '../../../controller/resources/names.ts'
import { ENVIRONMENT } from '../aws/shape.ts'
import type { Asked } from '../run/asked.ts'

type Marks = Readonly<Record<string, string>>

const OPS = 'ops'

/** What the HTTP API writes for a verb: annotations of one object, worked out from how it is then. */
export interface Marking {
  readonly subject: { readonly kind: Kind; readonly name: string }
  readonly change: (object: StoredObject) => Marks | undefined
}

/** Undefined where there is nothing to ask it of; `rollouts` are those of the release, the newest first. */
export function markingOf(
  asked: Asked,
  {
    clock,
    rollouts,
    environment,
  }: {
    readonly clock: Clock
    readonly rollouts: readonly StoredObject[]
    readonly environment: StoredObject | undefined
  },
): Marking | undefined {
  const time = (object: StoredObject, ...before: string[]): string => markTime(clock, object, ...before)
  switch (asked.verb) {
    case 'pause':
    case 'resume': {
      const [at, by] =
        asked.verb === 'pause'
          ? [annotations.paused, annotations.pausedBy]
          : [annotations.resumed, annotations.resumedBy]
      return ofEnvironment((object) => ({
        [at]: time(object, annotations.paused, annotations.resumed),
        [by]: OPS,
      }))
    }
    case 'override-freeze':
      return ofEnvironment((object) => ({
        [annotations.freezeOverridden]: time(object, annotations.freezeOverridden),
        [annotations.freezeOverriddenBy]: OPS,
        [annotations.freezeOverriddenReason]: 'it can not wait',
      }))
    case 'approve':
      return ofEnvironment((object) => ({
        [annotations.planApproved]: time(object, annotations.planApproved),
        [annotations.planApprovedBy]: OPS,
        [annotations.approvedPlan]: asked.plan,
      }))
    case 'unlock':
      return ofEnvironment((object) => ({
        [annotations.unlock]: time(object, annotations.unlock),
        [annotations.unlockBy]: OPS,
        [annotations.unlockId]: asked.lock,
      }))
    case 'decide': {
      const { rollout, verdict, gate, by, token } = asked
      const identity = { name: by, role: 'approver', environments: undefined } as const
      const request = { identity, params: {}, query: {}, body: { gate, clientToken: token } }
      return {
        subject: { kind: 'Rollout', name: rollout },
        change: (object) => unlessRefused(() => decisionMarks(object, verdict, { clock, request })),
      }
    }
    case 'answer':
      return {
        subject: { kind: 'Rollout', name: asked.rollout },
        change: (object) => unlessRefused(() => answerMarks(object, asked, clock)),
      }
    case 'retry':
    case 'restart': {
      const { verb, token } = asked
      return {
        subject: {
          kind: 'Release',
          name: releaseObjectName({ environment: ENVIRONMENT, release: asked.release }),
        },
        change: (object) => requestMarks(object, verb, { clock, who: OPS, token }),
      }
    }
    case 'rollback-now': {
      const to = lastGoodBefore(rollouts.map(servedOf))
      if (to === undefined) return undefined
      const { token, release } = asked
      const wish = { clock, who: OPS, token, to, reason: 'errors', environment }
      return {
        subject: { kind: 'Release', name: releaseObjectName({ environment: ENVIRONMENT, release }) },
        change: (object) => failbackMarks(object, wish),
      }
    }
    case 'abort': {
      const running = rollouts.find(({ status }) => !isFinished(status))
      return running === undefined
        ? undefined
        : {
            subject: { kind: 'Rollout', name: running.metadata.name },
            change: (object) =>
              isFinished(object.status) || object.metadata.annotations?.[annotations.abort] !== undefined
                ? undefined
                : { [annotations.abort]: time(object), [annotations.abortBy]: OPS },
          }
    }
  }
}

/** A refusal is an answer too. */
function unlessRefused(marks: () => Marks | undefined): Marks | undefined {
  try {
    return marks()
  } catch (error) {
    if (error instanceof RequestError) return undefined
    throw error
  }
}

function servedOf({ spec, status }: StoredObject): Served {
  const { number, taskDefinition } = spec as unknown as RolloutSpec
  return { number, taskDefinition, outcome: isFinished(status) ? (status?.['outcome'] as string) : undefined }
}

const ofEnvironment = (change: Marking['change']): Marking => ({
  subject: { kind: 'Environment', name: ENVIRONMENT },
  change,
})
