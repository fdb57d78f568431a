import type { FastifyInstance } from 'fastify'
import type { SecretSource } from '../resources/types.ts'
import { isLoopback } from './access/origin.ts'
import type { TokenSettings } from './access/tokens.ts'
import type { ApiContext } from './context.ts'
import { openApiDocument } from './openapi.ts'
import { RequestError } from './request-error.ts'
import { addCallbacks } from './routes/callbacks.ts'
import { environmentRoutes } from './routes/environments.ts'
import { failbackRoute } from './routes/failback.ts'
import { freezeRoute } from './routes/freeze.ts'
import { infrastructureRoutes } from './routes/infrastructure.ts'
import { addPage } from './routes/page.ts'
import type { ProbeOptions } from './routes/probes.ts'
import { addProbes } from './routes/probes.ts'
import { releaseRoutes } from './routes/releases.ts'
import { rolloutRoutes } from './routes/rollouts.ts'
import { addWatch } from './routes/watch.ts'
import type { WebhookOptions } from './routes/webhooks.ts'
import { addWebhooks } from './routes/webhooks.ts'
import { createServer } from './server/create-server.ts'
import { addGuard } from './server/guard.ts'
import type { Address } from './server/listen.ts'
import { listen, StartError } from './server/listen.ts'
import { addRoutes } from './server/routes.ts'

export type { TokenSettings } from './access/tokens.ts'
export type { Address } from './server/listen.ts'

export interface ApiOptions extends ApiContext, ProbeOptions {
  readonly store: ApiContext['store']
  readonly tokens: readonly TokenSettings[]
  readonly listen: Address
  /** Serves only /healthz, /readyz and /metrics, without a token. */
  readonly telemetryListen?: Address | undefined
  /** Further names by which a proxy or a DNS entry reaches the server; Host headers with others are refused. */
  readonly hosts?: readonly string[]
  readonly version: string
  /** Reads a secret that documents name; left out, nobody calls back. */
  readonly secret?: (source: SecretSource) => Promise<string>
  /** Who may announce pushes, and who hears of it; left out, nobody may. */
  readonly webhooks?: Pick<WebhookOptions, 'secretOf' | 'telemetry'>
  /** Told of faults while serving, which the caller does not get to see. */
  readonly report?: (error: unknown) => void
}

export interface Api {
  /** With the port that was really taken, also when 0 was asked for. */
  readonly url: string
  readonly telemetryUrl?: string
  /** Ends every stream and connection. */
  close(): Promise<void>
}

/** Serves API, probes, metrics and the status page; rejects with a StartError, which says how to mend it, when it can't or must not. */
export async function createApi(options: ApiOptions): Promise<Api> {
  assertSafe(options)
  const stopped = new AbortController()
  const app = await createApp(options, stopped.signal)
  const telemetry = options.telemetryListen === undefined ? undefined : createTelemetry(options)
  const close = async (): Promise<void> => {
    stopped.abort()
    await Promise.all([app.close(), telemetry?.close()])
  }
  try {
    const url = await listen(app, options.listen)
    if (telemetry === undefined || options.telemetryListen === undefined) return { url, close }
    return { url, telemetryUrl: await listen(telemetry, options.telemetryListen), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The same server before it listens: answers requests that are handed to it in the process. */
export async function createApp(options: ApiOptions, stopped: AbortSignal): Promise<FastifyInstance> {
  const { store, clock, tokens, reconcile, reconcileRelease, reconcileAtOnce, version } = options
  const context: ApiContext = { store, clock, reconcile, reconcileRelease, reconcileAtOnce }
  const app = createServer(options.report ?? (() => undefined))
  const reachable = { host: options.listen.host, hosts: options.hosts ?? [] }
  const guard = addGuard(app, { reachable, tokens, clock })
  const routes = [
    ...environmentRoutes(context),
    freezeRoute(context),
    ...infrastructureRoutes(context),
    ...releaseRoutes(context),
    failbackRoute(context),
    ...rolloutRoutes(context),
  ]
  const document = openApiDocument(routes, version)

  addProbes(app, options, {
    knows: (request) => guard.knows(request),
    assertReader: (request) => {
      if (guard.identify(request, 'viewer').environments !== undefined) throw notForOne()
    },
  })
  addRoutes(app, guard, routes)
  if (options.secret !== undefined) addCallbacks(app, { ...context, secret: options.secret })
  addWatch(app, { guard, context, stopped })
  app.get('/api/openapi.json', () => document)
  if (options.webhooks !== undefined) await addWebhooks(app, { ...context, ...options.webhooks })
  await addPage(app)
  return app
}

function createTelemetry(options: ApiOptions): FastifyInstance {
  const app = createServer(options.report ?? (() => undefined))
  addProbes(app, options, { knows: () => true, assertReader: () => undefined })
  return app
}

/** Without tokens whoever reaches the port may do everything, so only this machine may reach it. */
function assertSafe({ tokens, listen: { host } }: ApiOptions): void {
  const empty = tokens.find(({ token }) => token.trim() === '')
  if (empty !== undefined)
    throw new StartError(`token ${empty.name} is empty`, {
      code: 'EmptyToken',
      remedy: 'Fill the variable or file that its tokenFrom names.',
    })
  if (tokens.length > 0 || isLoopback(host)) return
  throw new StartError(`without tokens the API must not listen on ${host}, where other machines reach it`, {
    code: 'TokensMissing',
    remedy: 'Set spec.tokens in the configuration, or listen on 127.0.0.1.',
  })
}

const notForOne = (): RequestError =>
  new RequestError(403, {
    code: 'Forbidden',
    message: 'metrics tell of every environment, and the token is for some',
    remedy: 'Use a viewer token without environments, or telemetryListen.',
  })
