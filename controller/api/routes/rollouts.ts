import { annotations } from '../../resources/annotations.ts'
import { ENVIRONMENT_LABEL, RELEASE_LABEL } from '../../resources/metadata.ts'
import type { ReleaseKey } from '../../resources/names.ts'
import type { GateVerdict, RolloutStatus } from '../../resources/generated/rollout.ts'
import { parseRolloutName, releaseObjectName } from '../../resources/names.ts'
import { finishedPhases } from '../../core/rollout/state.ts'
import type { StoredObject } from '../../ports/store.ts'
import type { Identity } from '../access/tokens.ts'
import { maySee } from '../access/tokens.ts'
import type { ApiContext } from '../context.ts'
import { environmentOf, pageOf } from '../lists.ts'
import { mark, markTime, requestMarks, wasTaken } from '../marks.ts'
import { conflict, notFound } from '../request-error.ts'
import type { ApiRequest, Route } from '../route.ts'
import { nameQuery, pageQuery, tokenOf } from '../route.ts'
import type { AnyView, RolloutView } from '../view.ts'
import { viewOf } from '../view.ts'
import { decisionBody, decisionMarks } from './decisions.ts'
import { assertFailedItself } from './group-retry.ts'
import { findRelease } from './releases.ts'

/** Rollouts: to read, to end, to try again. */
export function rolloutRoutes(context: ApiContext): readonly Route[] {
  return [
    listRoute(context),
    {
      method: 'GET',
      path: '/rollouts/:rollout',
      role: 'viewer',
      summary: 'One rollout.',
      answer: 'Rollout',
      handle: async ({ identity, params }) => viewOf(await findRollout(context, identity, nameIn(params))),
    },
    {
      method: 'POST',
      path: '/rollouts/:rollout/abort',
      role: 'operator',
      summary: 'Takes a running rollout back.',
      body: { reason: { type: 'string', maxLength: 1024, description: 'Why, for those who read it later.' } },
      answer: 'Rollout',
      handle: (request) => abort(context, request),
    },
    {
      method: 'POST',
      path: '/rollouts/:rollout/retry',
      role: 'operator',
      summary:
        "Tries the newest rollout's content once more, or asks the gate again that halts a running one. Answers with its release.",
      body: decisionBody,
      answer: 'Release',
      handle: (request) => retry(context, request),
    },
    {
      method: 'POST',
      path: '/rollouts/:rollout/approve',
      role: 'approver',
      summary: 'Lets the gate pass that the rollout waits for.',
      body: decisionBody,
      answer: 'Rollout',
      handle: async (request) => viewOf(await decide(context, request, 'Approved')),
    },
    {
      method: 'POST',
      path: '/rollouts/:rollout/reject',
      role: 'approver',
      summary: 'Refuses the gate that the rollout waits for.',
      body: decisionBody,
      answer: 'Rollout',
      handle: async (request) => viewOf(await decide(context, request, 'Rejected')),
    },
  ]
}

const listRoute = ({ store }: ApiContext): Route => ({
  method: 'GET',
  path: '/rollouts',
  role: 'viewer',
  summary: 'Rollouts, newest first.',
  query: {
    ...pageQuery,
    environment: nameQuery('Only of this environment.'),
    release: nameQuery('Only of releases of this name.'),
  },
  answer: 'RolloutList',
  handle: async ({ identity, query }) => {
    const labels = {
      ...(query['environment'] === undefined ? {} : { [ENVIRONMENT_LABEL]: query['environment'] }),
      ...(query['release'] === undefined ? {} : { [RELEASE_LABEL]: query['release'] }),
    }
    const { items, resourceVersion } = await store.list('Rollout', { labels })
    const seen = items.filter((object) => maySee(identity, environmentOf(object)))
    return pageOf<RolloutView>('Rollout', { items: seen, resourceVersion }, query)
  },
})

async function abort(context: ApiContext, { identity, params, body }: ApiRequest): Promise<AnyView> {
  const rollout = await findRollout(context, identity, nameIn(params))
  const reason = typeof body['reason'] === 'string' ? { [annotations.abortReason]: body['reason'] } : {}
  const object = await mark(context.store, { kind: 'Rollout', name: rollout.metadata.name }, (current) => {
    if (isFinished(current))
      throw conflict('AlreadyFinished', `${current.metadata.name} has ended`, 'There is nothing to abort.')
    if (hasOpenAbort(current)) return undefined
    return {
      [annotations.abort]: markTime(context.clock, current, annotations.abort),
      [annotations.abortBy]: identity.name,
      ...reason,
    }
  })
  context.reconcileAtOnce(keyOf(rollout))
  return viewOf(object)
}

async function decide(context: ApiContext, request: ApiRequest, verdict: GateVerdict): Promise<StoredObject> {
  const rollout = await findRollout(context, request.identity, nameIn(request.params))
  const subject = { kind: 'Rollout', name: rollout.metadata.name } as const
  const { clock } = context
  const object = await mark(context.store, subject, (current) =>
    decisionMarks(current, verdict, { clock, request }),
  )
  context.reconcileRelease(keyOf(rollout))
  return object
}

async function retry(context: ApiContext, request: ApiRequest): Promise<AnyView> {
  const { identity, params, body } = request
  const rollout = await findRollout(context, identity, nameIn(params))
  const { name } = rollout.metadata
  const key = keyOf(rollout)
  if (body['gate'] !== undefined) {
    await decide(context, request, 'Retried')
    return viewOf(await findRelease(context, identity, key))
  }
  if (!isFinished(rollout))
    throw conflict(
      'StillRunning',
      `${name} is still running`,
      'Wait for its end, or abort it first; where a gate halts it, name the gate.',
    )
  const release = await findRelease(context, identity, key)
  const token = tokenOf(body)
  // Sent again: by now the rollout that it asked for may be the newest.
  if (wasTaken(release, 'retry', token)) return viewOf(release)
  const newest = await newestOf(context, key)
  if (newest !== name)
    throw conflict('NotTheNewest', `${newest} came after ${name}`, `Retry ${newest}, or the release.`)
  await assertFailedItself(context.store, key)
  const subject = { kind: 'Release', name: releaseObjectName(key) } as const
  const asked = { clock: context.clock, who: identity.name, token }
  const object = await mark(context.store, subject, (current) => requestMarks(current, 'retry', asked))
  context.reconcileRelease(key)
  return viewOf(object)
}

async function newestOf({ store }: ApiContext, key: ReleaseKey): Promise<string> {
  const labels = { [ENVIRONMENT_LABEL]: key.environment, [RELEASE_LABEL]: key.release }
  const { items } = await store.list('Rollout', { labels })
  const numbers = items.map(({ metadata }) => parseRolloutName(metadata.name)?.number ?? 0)
  return `${releaseObjectName(key)}-${Math.max(0, ...numbers)}`
}

async function findRollout({ store }: ApiContext, identity: Identity, name: string): Promise<StoredObject> {
  const object = await store.get('Rollout', name)
  if (object === undefined || !maySee(identity, environmentOf(object))) throw notFound(`Rollout ${name}`)
  return object
}

const nameIn = ({ rollout = '' }: Readonly<Record<string, string>>): string => rollout

const keyOf = ({ metadata: { labels } }: StoredObject): ReleaseKey => ({
  environment: labels?.[ENVIRONMENT_LABEL] ?? '',
  release: labels?.[RELEASE_LABEL] ?? '',
})

const isFinished = ({ status }: StoredObject): boolean =>
  (finishedPhases as readonly unknown[]).includes(status?.['phase'])

/** An abort that a person withdrew at a gate may be asked for again. */
function hasOpenAbort({ metadata, status }: StoredObject): boolean {
  const at = metadata.annotations?.[annotations.abort]
  const known = (status as RolloutStatus | undefined)?.abortRequested
  return at !== undefined && !(known?.at === at && known.withdrawnBy !== undefined)
}
