import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { fastify } from 'fastify'
import { asRequestError, badRequest, bodyOf, notFound, notJson, RequestError } from '../request-error.ts'
import { addHeaders, alwaysHeaders } from './headers.ts'

const BODY_LIMIT_BYTES = 64 * 1024
const HEADER_LIMIT_BYTES = 16 * 1024
const MAXIMUM_CONNECTIONS = 1_000

/** A fastify server with bounds on everything, whose every refusal is `{error: {code, message, remedy}}`. `report` is told of faults of ours. */
export function createServer(report: (error: unknown) => void): FastifyInstance {
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    requestTimeout: 15_000,
    keepAliveTimeout: 60_000,
    routerOptions: { maxParamLength: 100 },
    http: { maxHeaderSize: HEADER_LIMIT_BYTES, headersTimeout: 10_000 },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false } },
    clientErrorHandler: refuseUnreadable,
    exposeHeadRoutes: false,
    frameworkErrors: (error, _request, reply) => {
      const refusal = asRequestError(error) ?? unreadable()
      const headers = { ...alwaysHeaders, 'content-type': 'application/json; charset=utf-8' }
      reply.raw.writeHead(refusal.status, headers).end(JSON.stringify(bodyOf(refusal)))
    },
  })
  app.server.maxConnections = MAXIMUM_CONNECTIONS
  addHeaders(app)
  addJson(app)
  app.setErrorHandler((error, _request, reply) => {
    const refusal = asRequestError(error)
    if (refusal === undefined) report(error)
    const answered = refusal ?? fault
    if (answered.status === 401) reply.header('www-authenticate', 'Bearer realm="steersman"')
    if (answered.status === 429) reply.header('retry-after', '1')
    return reply.code(answered.status).send(bodyOf(answered))
  })
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(bodyOf(notFound(`${request.method} ${request.url.split('?')[0]?.slice(0, 200)}`))),
  )
  return app
}

const unreadable = (): RequestError => badRequest('the request cannot be read', 'Send valid HTTP.')

const fault = new RequestError(500, {
  code: 'InternalError',
  message: 'the controller failed at this request',
  remedy: "Look at the controller's log; if it happens again, report it.",
})

/** JSON is all that is understood; an empty body is an empty object. */
function addJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    const text = body.toString()
    try {
      done(null, text.trim() === '' ? {} : (JSON.parse(text) as unknown))
    } catch {
      done(badRequest('the body is no JSON', 'Send a JSON object, or nothing.'))
    }
  })
  app.addHook('onRequest', async (request) => {
    const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
    if (request.method === 'POST' && type !== 'application/json') throw notJson()
  })
}

/** What Node's parser refused before there was a request: answered on the bare socket. */
function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const refusal =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new RequestError(431, {
          code: 'HeadersTooLarge',
          message: `the headers are longer than ${HEADER_LIMIT_BYTES / 1024} KiB`,
          remedy: 'Send shorter ones.',
        })
      : unreadable()
  const body = JSON.stringify(bodyOf(refusal))
  socket.end(
    [
      `HTTP/1.1 ${refusal.status} ${refusal.code}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}
