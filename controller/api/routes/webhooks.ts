import type { FastifyInstance, FastifyRequest } from 'fastify'
import { concernedBy } from '../../core/webhook/concerned.ts'
import type { Delivery, Heard, Sender } from '../../core/webhook/delivery.ts'
import { readDelivery, SENDERS } from '../../core/webhook/delivery.ts'
import { isSigned } from '../../core/webhook/signature.ts'
import type { Telemetry } from '../../ports/telemetry.ts'
import { annotations } from '../../resources/annotations.ts'
import type { EnvironmentSpec } from '../../resources/generated/environment.ts'
import type { ApiContext } from '../context.ts'
import { mark } from '../marks.ts'
import { badRequest, RequestError } from '../request-error.ts'

/** A push of some hundred commits; what is longer is found by the next poll. GitHub sends up to 25 MB. */
const BODY_LIMIT_BYTES = 1024 * 1024
/** An environment is marked once within it, in milliseconds: a push of many tags is one look. */
const MARKED_FOR_MS = 1_000

export interface WebhookOptions extends ApiContext {
  /** The secret that a sender has to know. Undefined where it has none: it is not served then. */
  readonly secretOf: (sender: Sender) => Promise<string | undefined>
  readonly telemetry: Telemetry
}

/**
 * Where forges announce pushes. A webhook only says where to look: nothing of it is believed but which repository and which reference, and one that is lost is made
 * up for by the next poll. Whoever sends it has no token of the API, but knows the sender's secret.
 */
export async function addWebhooks(app: FastifyInstance, options: WebhookOptions): Promise<void> {
  await app.register(async (scope) => {
    // Signatures are over the bytes.
    scope.removeContentTypeParser('application/json')
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer', bodyLimit: BODY_LIMIT_BYTES },
      (_request, body, done) => done(null, body),
    )
    scope.post<{ Params: { sender: string } }>(
      '/webhooks/:sender',
      { bodyLimit: BODY_LIMIT_BYTES },
      async ({ params: { sender }, headers, body }) => {
        const known = SENDERS.find((name) => name === sender)
        const secret = known === undefined ? undefined : await options.secretOf(known)
        if (known === undefined || secret === undefined) throw notServed(known)
        return take(deliveryOf(known, { headers, body }), { ...options, secret })
      },
    )
  })
}

function deliveryOf(sender: Sender, { headers, body }: Pick<FastifyRequest, 'headers' | 'body'>): Delivery {
  return {
    sender,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
    ),
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
  }
}

/** Answers with the environments that are looked at. */
async function take(
  delivery: Delivery,
  { secret, ...options }: WebhookOptions & { readonly secret: string },
): Promise<{ readonly environments: readonly string[]; readonly message: string }> {
  const { sender } = delivery
  const tell = (result: 'Taken' | 'Ignored' | 'Refused', woken = 0): void =>
    options.telemetry.emit({ type: 'WebhookHeard', sender, result, woken })
  if (!isSigned(delivery, { secret, nowMs: options.clock.now() })) {
    tell('Refused')
    throw notSigned(sender)
  }
  const heard = readDelivery(delivery)
  if (heard.kind === 'Unreadable') {
    tell('Refused')
    throw badRequest(heard.why, 'Send what the page about webhooks in the documentation says.')
  }
  const environments = heard.kind === 'Push' ? await wake(heard.push, options) : []
  tell(environments.length > 0 ? 'Taken' : 'Ignored', environments.length)
  return { environments, message: messageOf(heard, environments) }
}

/** The mark is heard by whichever controller leads the environment; where it is this one, it need not wait for that. */
async function wake(
  push: Extract<Heard, { kind: 'Push' }>['push'],
  { store, clock, reconcile }: ApiContext,
): Promise<string[]> {
  const { items } = await store.list('Environment')
  const followed = items.map(({ metadata: { name }, spec }) => {
    const { source } = spec as unknown as EnvironmentSpec
    return { name, repository: source.repository, branch: source.branch }
  })
  const names = concernedBy(push, followed)
  for (const name of names) {
    await mark(store, { kind: 'Environment', name }, ({ metadata }) => {
      const before = Date.parse(metadata.annotations?.[annotations.pushed] ?? '')
      const isMarked = Math.abs(clock.now() - before) < MARKED_FOR_MS
      return isMarked ? undefined : { [annotations.pushed]: new Date(clock.now()).toISOString() }
    })
    reconcile(name)
  }
  return names
}

function messageOf(heard: Exclude<Heard, { kind: 'Unreadable' }>, environments: readonly string[]): string {
  if (heard.kind === 'Other') return `${heard.event} concerns no environment`
  return environments.length === 0
    ? 'no environment follows this reference of this repository'
    : 'the repository is looked at'
}

const notServed = (sender: Sender | undefined): RequestError =>
  new RequestError(404, {
    code: 'NotFound',
    message:
      sender === undefined
        ? `there are webhooks for ${SENDERS.join(', ')}`
        : `webhooks of ${sender} are not served: it has no secret here`,
    remedy:
      sender === undefined
        ? 'Send it to one of these, such as /webhooks/github.'
        : `Set spec.webhooks.${sender}.secretFrom of the Configuration, and start the controller again.`,
  })

const notSigned = (sender: Sender): RequestError =>
  new RequestError(401, {
    code: 'Unauthorized',
    message: 'the webhook is not signed with the secret',
    remedy: `Give the sender the secret that spec.webhooks.${sender}.secretFrom of the Configuration names; a clock must be right to five minutes.`,
  })
