import { freezeAt } from '../../core/freeze.ts'
import { annotations } from '../../resources/annotations.ts'
import type { DefaultedFreezeWindow } from '../../resources/generated/environment.ts'
import type { StoredObject } from '../../ports/store.ts'
import { maySee } from '../access/tokens.ts'
import type { ApiContext } from '../context.ts'
import { mark, markTime } from '../marks.ts'
import { notFound, RequestError } from '../request-error.ts'
import type { ApiRequest, Route } from '../route.ts'
import type { AnyView } from '../view.ts'
import { viewOf } from '../view.ts'

/** Sets a freeze aside. */
export const freezeRoute = (context: ApiContext): Route => ({
  method: 'POST',
  path: '/environments/:environment/override-freeze',
  role: 'admin',
  summary: 'Sets aside the freeze windows that are open now; the next ones hold again.',
  body: {
    reason: {
      type: 'string',
      minLength: 1,
      maxLength: 1024,
      description: 'Why, for those who read it later.',
    },
  },
  answer: 'Environment',
  handle: (request) => overrideFreeze(context, request),
})

async function overrideFreeze(
  { store, clock, reconcile }: ApiContext,
  { identity, body, params: { environment = '' } }: ApiRequest,
): Promise<AnyView> {
  if (!maySee(identity, environment)) throw notFound(`Environment ${environment}`)
  const { reason } = body
  if (typeof reason !== 'string' || reason.trim() === '')
    throw new RequestError(400, {
      code: 'ReasonMissing',
      message: 'a freeze is not set aside without a reason',
      remedy: 'Give one, for those who read it later.',
    })
  const object = await mark(store, { kind: 'Environment', name: environment }, (current) => {
    assertOverridable(current, clock.now())
    return {
      [annotations.freezeOverridden]: markTime(clock, current, annotations.freezeOverridden),
      [annotations.freezeOverriddenBy]: identity.name,
      [annotations.freezeOverriddenReason]: reason,
    }
  })
  reconcile(environment)
  return viewOf(object)
}

/** Throws 409 where no window is open, or one can't be read, which only its correction ends. */
function assertOverridable({ metadata, spec }: StoredObject, now: number): void {
  const windows = (spec['freeze'] ?? []) as DefaultedFreezeWindow[]
  const before = metadata.annotations?.[annotations.freezeOverridden]
  const overriddenAt = before === undefined ? undefined : Date.parse(before)
  const freeze = freezeAt(windows, { now, overriddenAt })
  if (freeze === undefined)
    throw new RequestError(409, {
      code: 'NotFrozen',
      message: `${metadata.name} is not frozen`,
      remedy: 'There is nothing to set aside; one window can’t be set aside before it opens.',
    })
  if (freeze.until === undefined)
    throw new RequestError(409, {
      code: 'FreezeUnreadable',
      message: `a window of ${metadata.name} can’t be read: ${freeze.windows.join(', ')}`,
      remedy: 'Correct spec.freeze of the Environment.',
    })
}
