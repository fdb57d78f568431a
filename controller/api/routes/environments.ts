import { annotations, isPausedBy } from '../../resources/annotations.ts'
import { REQUESTED_AT_ANNOTATION } from '../../resources/metadata.ts'
import type { StoredObject } from '../../ports/store.ts'
import { maySee } from '../access/tokens.ts'
import type { ApiContext } from '../context.ts'
import { environmentOf, pageOf } from '../lists.ts'
import { mark, markTime } from '../marks.ts'
import { notFound } from '../request-error.ts'
import type { ApiRequest, Route } from '../route.ts'
import { pageQuery } from '../route.ts'
import type { AnyView, EnvironmentView } from '../view.ts'
import { viewOf } from '../view.ts'

type Marks = Readonly<Record<string, string>>

/** Environments: to read, to pause and resume, to look at now. */
export function environmentRoutes(context: ApiContext): readonly Route[] {
  const { store, clock } = context
  return [
    {
      method: 'GET',
      path: '/environments',
      role: 'viewer',
      summary: 'Every environment, by name.',
      query: pageQuery,
      answer: 'EnvironmentList',
      handle: async ({ identity, query }) => {
        const { items, resourceVersion } = await store.list('Environment')
        const seen = items.filter((object) => maySee(identity, environmentOf(object)))
        return pageOf<EnvironmentView>('Environment', { items: seen, resourceVersion }, query)
      },
    },
    {
      method: 'GET',
      path: '/environments/:environment',
      role: 'viewer',
      summary: 'One environment.',
      answer: 'Environment',
      handle: async ({ identity, params: { environment = '' } }) => {
        const object = maySee(identity, environment) ? await store.get('Environment', environment) : undefined
        if (object === undefined) throw notFound(`Environment ${environment}`)
        return viewOf(object)
      },
    },
    verb(context, 'pause', 'Look and report, but write nothing until resume.', (object, who) =>
      isPausedBy(object.metadata.annotations)
        ? undefined
        : {
            [annotations.paused]: markTime(clock, object, annotations.paused, annotations.resumed),
            [annotations.pausedBy]: who,
          },
    ),
    verb(context, 'resume', 'Ends a pause, and a hold after a tag was moved by hand.', (object, who) => ({
      [annotations.resumed]: markTime(clock, object, annotations.paused, annotations.resumed),
      [annotations.resumedBy]: who,
    })),
    verb(context, 'reconcile', 'Looks at branch, tags and every release now.', (object) => ({
      [REQUESTED_AT_ANNOTATION]: markTime(clock, object, REQUESTED_AT_ANNOTATION),
    })),
  ]
}

function verb(
  context: ApiContext,
  name: string,
  summary: string,
  change: (object: StoredObject, who: string) => Marks | undefined,
): Route {
  const handle = async ({ identity, params: { environment = '' } }: ApiRequest): Promise<AnyView> => {
    if (!maySee(identity, environment)) throw notFound(`Environment ${environment}`)
    const subject = { kind: 'Environment', name: environment } as const
    const object = await mark(context.store, subject, (current) => change(current, identity.name))
    context.reconcile(environment)
    return viewOf(object)
  }
  return {
    method: 'POST',
    path: `/environments/:environment/${name}`,
    role: 'operator',
    summary,
    body: {},
    answer: 'Environment',
    handle,
  }
}
