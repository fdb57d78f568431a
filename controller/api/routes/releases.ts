import { ENVIRONMENT_LABEL, RELEASE_LABEL, REQUESTED_AT_ANNOTATION } from '../../resources/metadata.ts'
import type { ReleaseKey } from '../../resources/names.ts'
import { releaseObjectName } from '../../resources/names.ts'
import type { Clock } from '../../ports/clock.ts'
import type { StoredObject } from '../../ports/store.ts'
import type { Identity } from '../access/tokens.ts'
import { maySee } from '../access/tokens.ts'
import type { ApiContext } from '../context.ts'
import { environmentOf, pageOf } from '../lists.ts'
import { mark, markTime, requestMarks } from '../marks.ts'
import { notFound } from '../request-error.ts'
import { assertFailedItself } from './group-retry.ts'
import type { ApiRequest, Route } from '../route.ts'
import { clientToken, nameQuery, pageQuery, tokenOf } from '../route.ts'
import type { AnyView, ReleaseView } from '../view.ts'
import { viewOf } from '../view.ts'

type Marks = Readonly<Record<string, string>>

/** Releases: to read, to try again, to restart, to look at now. */
export function releaseRoutes(context: ApiContext): readonly Route[] {
  const { store } = context
  return [
    {
      method: 'GET',
      path: '/releases',
      role: 'viewer',
      summary: 'Releases of all environments or of one, by name.',
      query: { ...pageQuery, environment: nameQuery('Only of this environment.') },
      answer: 'ReleaseList',
      handle: async ({ identity, query }) => {
        const labels = query['environment'] === undefined ? {} : { [ENVIRONMENT_LABEL]: query['environment'] }
        const { items, resourceVersion } = await store.list('Release', { labels })
        const seen = items.filter((object) => maySee(identity, environmentOf(object)))
        return pageOf<ReleaseView>('Release', { items: seen, resourceVersion }, query)
      },
    },
    {
      method: 'GET',
      path: '/releases/:environment/:release',
      role: 'viewer',
      summary: 'One release.',
      answer: 'Release',
      handle: async ({ identity, params }) => viewOf(await findRelease(context, identity, keyIn(params))),
    },
    verb(context, {
      name: 'retry',
      summary: 'Tries content that failed once more.',
      body: { clientToken },
      change: (object, asked) => requestMarks(object, 'retry', asked),
      assertMayAsk: (key) => assertFailedItself(store, key),
    }),
    verb(context, {
      name: 'restart',
      summary: 'Swaps to new tasks of the same revision.',
      body: { clientToken },
      change: (object, asked) => requestMarks(object, 'restart', asked),
    }),
    verb(context, {
      name: 'reconcile',
      summary: 'Looks at the release now.',
      body: {},
      change: (object, { clock }) => ({
        [REQUESTED_AT_ANNOTATION]: markTime(clock, object, REQUESTED_AT_ANNOTATION),
      }),
    }),
  ]
}

/**
 * The stored release; throws 404 where there is none, or none that the caller may see. The names of `a-b/c` and `a/b-c` are the same in
 * the store, so the labels are compared.
 */
export async function findRelease(
  { store }: ApiContext,
  identity: Identity,
  key: ReleaseKey,
): Promise<StoredObject> {
  const object = maySee(identity, key.environment)
    ? await store.get('Release', releaseObjectName(key))
    : undefined
  const labels = object?.metadata.labels
  if (
    object === undefined ||
    labels?.[ENVIRONMENT_LABEL] !== key.environment ||
    labels[RELEASE_LABEL] !== key.release
  )
    throw notFound(`Release ${key.environment}/${key.release}`)
  return object
}

const keyIn = ({ environment = '', release = '' }: Readonly<Record<string, string>>): ReleaseKey => ({
  environment,
  release,
})

function verb(
  context: ApiContext,
  {
    name,
    summary,
    body: fields,
    change,
    assertMayAsk = async () => undefined,
  }: Pick<Route, 'summary'> & {
    readonly name: string
    readonly body: NonNullable<Route['body']>
    readonly change: (
      object: StoredObject,
      asked: { readonly clock: Clock; readonly who: string; readonly token: string | undefined },
    ) => Marks | undefined
    readonly assertMayAsk?: (key: ReleaseKey) => Promise<void>
  },
): Route {
  const handle = async ({ identity, params, body }: ApiRequest): Promise<AnyView> => {
    const key = keyIn(params)
    await findRelease(context, identity, key)
    await assertMayAsk(key)
    const subject = { kind: 'Release', name: releaseObjectName(key) } as const
    const asked = { clock: context.clock, who: identity.name, token: tokenOf(body) }
    const object = await mark(context.store, subject, (current) => change(current, asked))
    context.reconcileRelease(key)
    return viewOf(object)
  }
  return {
    method: 'POST',
    path: `/releases/:environment/:release/${name}`,
    role: 'operator',
    summary,
    body: fields,
    answer: 'Release',
    handle,
  }
}
