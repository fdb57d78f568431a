import type { FastifyInstance, FastifyReply } from 'fastify'

/** Of every answer: nothing is guessed, framed, cached or told to others. */
export const alwaysHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
}

/** Of the page: its own files and its own API, nothing inline and nothing from elsewhere (Content Security Policy Level 3). */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Sets the headers before anything else is done, so that refusals carry them too. */
export function addHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(alwaysHeaders)
  })
}

/** The page's files may be kept, when each use asks whether they are still the same. */
export const asPage = (reply: FastifyReply): FastifyReply =>
  reply.headers({ 'content-security-policy': PAGE_POLICY, 'cache-control': 'no-cache' })

/** What a stream, which goes around fastify's own answer, has to carry. */
export const streamHeaders: Readonly<Record<string, string>> = {
  ...alwaysHeaders,
  'content-type': 'text/event-stream; charset=utf-8',
  'x-accel-buffering': 'no',
}
