import type { FastifyInstance } from 'fastify'
import type { ApiRequest, Route } from '../route.ts'
import type { Guard } from './guard.ts'

/** Serves the table of routes below /api/v1; who calls is settled before the body is read. */
export function addRoutes(app: FastifyInstance, guard: Guard, routes: readonly Route[]): void {
  for (const route of routes) {
    app.route<{ Params: ApiRequest['params']; Querystring: ApiRequest['query']; Body: unknown }>({
      method: route.method,
      url: `/api/v1${route.path}`,
      schema: {
        querystring: { type: 'object', additionalProperties: false, properties: route.query ?? {} },
        ...(route.body === undefined
          ? {}
          : { body: { type: 'object', additionalProperties: false, properties: route.body } }),
      },
      onRequest: async (request) => {
        guard.identify(request, route.role)
      },
      handler: (request) =>
        route.handle({
          identity: guard.identify(request, route.role),
          params: request.params,
          query: request.query,
          body: (request.body ?? {}) as ApiRequest['body'],
        }),
    })
  }
}
