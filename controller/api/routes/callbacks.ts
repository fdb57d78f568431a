import type { FastifyInstance } from 'fastify'
import { callbackOf, isCallbackToken } from '../../core/gate/callback.ts'
import { answerProblem } from '../../core/rollout/answers.ts'
import type { Clock } from '../../ports/clock.ts'
import type { StoredObject } from '../../ports/store.ts'
import { annotations } from '../../resources/annotations.ts'
import { HOOK_STATUSES } from '../../resources/answer.ts'
import type { HookStatus, RolloutSpec } from '../../resources/generated/rollout.ts'
import { ENVIRONMENT_LABEL, RELEASE_LABEL } from '../../resources/metadata.ts'
import type { EnvironmentSpec } from '../../resources/generated/environment.ts'
import type { SecretSource } from '../../resources/types.ts'
import { bearerOf } from '../access/tokens.ts'
import type { ApiContext } from '../context.ts'
import { mark, markTime } from '../marks.ts'
import { RequestError } from '../request-error.ts'

export interface CallbackOptions extends ApiContext {
  /** What callbacks of an environment are signed with. Throws where it is missing. */
  readonly secret: (source: SecretSource) => Promise<string>
}

/** Where receivers of webhook gates call back. Whoever calls has no token of the API but the one that came with the question, and learns nothing but whether it is taken. */
export function addCallbacks(app: FastifyInstance, options: CallbackOptions): void {
  app.post<{ Params: { rollout: string; gate: string }; Body: { hookStatus: HookStatus } }>(
    '/api/v1/rollouts/:rollout/gates/:gate',
    {
      schema: {
        body: {
          type: 'object',
          required: ['hookStatus'],
          properties: { hookStatus: { type: 'string', enum: [...HOOK_STATUSES] } },
        },
      },
    },
    async ({ params: { rollout, gate }, headers: { authorization }, body: { hookStatus } }) => {
      const object = await options.store.get('Rollout', rollout)
      const isKnown = object !== undefined && (await isMeant(object, { gate, authorization }, options))
      if (!isKnown) throw unauthorized()
      await mark(options.store, { kind: 'Rollout', name: rollout }, (current) =>
        answerMarks(current, { gate, answer: hookStatus }, options.clock),
      )
      const { [ENVIRONMENT_LABEL]: environment = '', [RELEASE_LABEL]: release = '' } =
        object.metadata.labels ?? {}
      options.reconcileRelease({ environment, release })
      return { taken: hookStatus }
    },
  )
}

/** The marks of an answer. Throws a RequestError where nobody waits for it. */
export function answerMarks(
  object: StoredObject,
  { gate, answer }: { readonly gate: string; readonly answer: HookStatus },
  clock: Clock,
): Readonly<Record<string, string>> {
  const { spec, status = {} } = object
  const why = answerProblem({ spec, status }, gate)
  if (why !== undefined)
    throw new RequestError(409, {
      code: 'NotWaitedFor',
      message: why,
      remedy: 'Nothing: the answer came too late, and nobody needs it any more.',
    })
  return {
    [annotations.answered]: markTime(clock, object, annotations.answered),
    [annotations.answeredGate]: gate,
    [annotations.answer]: answer,
  }
}

async function isMeant(
  object: StoredObject,
  { gate, authorization }: { readonly gate: string; readonly authorization: string | undefined },
  { store, secret }: CallbackOptions,
): Promise<boolean> {
  const environment = await store.get('Environment', object.metadata.labels?.[ENVIRONMENT_LABEL] ?? '')
  const { webhookSecretFrom: source } = (environment?.spec ?? {}) as Partial<EnvironmentSpec>
  const token = bearerOf(authorization)
  if (source === undefined || token === undefined) return false
  const rollout = { name: object.metadata.name, spec: object.spec as unknown as RolloutSpec }
  return isCallbackToken(token, callbackOf(rollout, gate), await secret(source))
}

/** The same for a rollout that is not there, so that nobody can find out which ones are. */
const unauthorized = (): RequestError =>
  new RequestError(401, {
    code: 'Unauthorized',
    message: 'no valid token of this gate came with the request',
    remedy: 'Send `Authorization: Bearer TOKEN` with what the header steersman-callback-token had.',
  })
