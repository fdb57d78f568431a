import { annotations } from '../../resources/annotations.ts'
import { ENVIRONMENT_LABEL, RELEASE_LABEL, REQUESTED_AT_ANNOTATION } from '../../resources/metadata.ts'
import type { ReleaseKey } from '../../resources/names.ts'
import { releaseObjectName } from '../../resources/names.ts'
import type { StoredObject } from '../../ports/store.ts'
import type { Identity } from '../access/tokens.ts'
import { maySee } from '../access/tokens.ts'
import type { ApiContext } from '../context.ts'
import { environmentOf, pageOf } from '../lists.ts'
import { mark, markTime } from '../marks.ts'
import { notFound } from '../request-error.ts'
import type { ApiRequest, Route } from '../route.ts'
import { nameQuery, pageQuery } from '../route.ts'
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
    verb(context, 'retry', 'Tries content that failed once more.', (object, who) =>
      retryMarks(context, object, who),
    ),
    verb(context, 'restart', 'Swaps to new tasks of the same revision.', (object, who) => ({
      [annotations.restart]: markTime(context.clock, object, annotations.restart),
      [annotations.restartBy]: who,
    })),
    verb(context, 'reconcile', 'Looks at the release now.', (object) => ({
      [REQUESTED_AT_ANNOTATION]: markTime(context.clock, object, REQUESTED_AT_ANNOTATION),
    })),
  ]
}

/** The marks that ask for another try of a release's failed content. */
export const retryMarks = ({ clock }: ApiContext, object: StoredObject, who: string): Marks => ({
  [annotations.retry]: markTime(clock, object, annotations.retry),
  [annotations.retryBy]: who,
})

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
  name: string,
  summary: string,
  change: (object: StoredObject, who: string) => Marks,
): Route {
  const handle = async ({ identity, params }: ApiRequest): Promise<AnyView> => {
    const key = keyIn(params)
    await findRelease(context, identity, key)
    const subject = { kind: 'Release', name: releaseObjectName(key) } as const
    const object = await mark(context.store, subject, (current) => change(current, identity.name))
    context.reconcileRelease(key)
    return viewOf(object)
  }
  return {
    method: 'POST',
    path: `/releases/:environment/:release/${name}`,
    role: 'operator',
    summary,
    body: {},
    answer: 'Release',
    handle,
  }
}
