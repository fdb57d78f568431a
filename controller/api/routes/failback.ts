import type { Served } from '../../core/plan/failback.ts'
import { changesSince, firstRollouts, unsafeText } from '../../core/irreversible.ts'
import { lastGoodBefore } from '../../core/plan/failback.ts'
import { ENVIRONMENT_LABEL, RELEASE_LABEL } from '../../resources/metadata.ts'
import type { ReleaseKey } from '../../resources/names.ts'
import { releaseObjectName } from '../../resources/names.ts'
import type { ReleaseStatus, RolloutSpec, RolloutStatus } from '../../resources/types.ts'
import type { StoredObject } from '../../ports/store.ts'
import type { ApiContext } from '../context.ts'
import { failbackMarks, mark, wasTaken } from '../marks.ts'
import { conflict } from '../request-error.ts'
import type { ApiRequest, Route } from '../route.ts'
import { clientToken, tokenOf } from '../route.ts'
import type { AnyView } from '../view.ts'
import { viewOf } from '../view.ts'
import { findRelease } from './releases.ts'

/** Sends a release back at once, and holds it there. */
export const failbackRoute = (context: ApiContext): Route => ({
  method: 'POST',
  path: '/releases/:environment/:release/rollback',
  role: 'operator',
  summary:
    'Goes back at once to what a rollout served, and stays there until resume, or until the branch says the same.',
  body: {
    to: {
      type: 'integer',
      minimum: 1,
      description: 'The number of a rollout that succeeded; left out, the last good one before the live one.',
    },
    reason: {
      type: 'string',
      minLength: 1,
      maxLength: 1024,
      description: 'Why, for those who read it later.',
    },
    unsafe: {
      type: 'boolean',
      description: 'Whether to go back also behind what was done since and is not undone by it.',
    },
    clientToken,
  },
  answer: 'Release',
  handle: (request) => failBack(context, request),
})

async function failBack(context: ApiContext, { identity, params, body }: ApiRequest): Promise<AnyView> {
  const key = { environment: params['environment'] ?? '', release: params['release'] ?? '' }
  const release = await findRelease(context, identity, key)
  const token = tokenOf(body)
  if (wasTaken(release, 'failback', token)) return viewOf(release)
  const served = await servedBy(context, key)
  const to = typeof body['to'] === 'number' ? known(served, body['to']) : lastGood(release, served)
  if (body['unsafe'] !== true) assertSafe(release, served, to)
  const reason = typeof body['reason'] === 'string' ? body['reason'] : `rolled back to rollout ${to}`
  const environment = await context.store.get('Environment', key.environment)
  const { clock } = context
  const subject = { kind: 'Release', name: releaseObjectName(key) } as const
  const object = await mark(context.store, subject, (current) =>
    failbackMarks(current, { clock, who: identity.name, token, to, reason, environment }),
  )
  context.reconcileAtOnce(key)
  return viewOf(object)
}

async function servedBy({ store }: ApiContext, key: ReleaseKey): Promise<readonly Served[]> {
  const labels = { [ENVIRONMENT_LABEL]: key.environment, [RELEASE_LABEL]: key.release }
  const { items } = await store.list('Rollout', { labels })
  return items.map(({ spec, status }) => {
    const { number, taskDefinition } = spec as unknown as RolloutSpec
    const { outcome, finishedAt } = (status ?? {}) as RolloutStatus
    return { number, taskDefinition, outcome: finishedAt === undefined ? undefined : outcome }
  })
}

function known(served: readonly Served[], to: number): number {
  const rollout = served.find(({ number }) => number === to)
  if (rollout?.outcome === 'Succeeded') return to
  throw conflict(
    'NotVerified',
    rollout === undefined ? `rollout ${to} is not known` : `rollout ${to} did not succeed`,
    'Name one that Succeeded; see `steersman history`.',
  )
}

/** Asked for once more without a number, what is held would be left for what it was left for. */
function lastGood({ status }: StoredObject, served: readonly Served[]): number {
  const { held } = (status ?? {}) as ReleaseStatus
  if (held?.rollout !== undefined)
    throw conflict(
      'AlreadyHeld',
      `it is held at what rollout ${held.rollout} served, by ${held.by}`,
      'Name another rollout, or resume.',
    )
  const to = lastGoodBefore(served)
  if (to !== undefined) return to
  throw conflict(
    'NothingBefore',
    'no other rollout has served',
    'Revert the commit in git, or roll back without `--now`: that knows what served before the first rollout.',
  )
}

/** What was done since, and can't be undone, is said before it is gone back behind. */
function assertSafe({ status }: StoredObject, served: readonly Served[], to: number): void {
  const { irreversible = [], live } = (status ?? {}) as ReleaseStatus
  const target = served.find(({ number }) => number === to) ?? { number: to, taskDefinition: undefined }
  const changes = changesSince(irreversible, {
    target,
    live: live?.taskDefinition,
    first: firstRollouts(served),
  })
  if (changes.length > 0)
    throw conflict(
      'UnsafeRollback',
      unsafeText(to, changes),
      'Go back less far, or say that it is to be done all the same: `--unsafe`.',
    )
}
