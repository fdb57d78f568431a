import { createApi } from '../api/create-api.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { watchConfig } from '../adapters/system/config-watcher.ts'
import { systemFileSystem } from '../adapters/system/file-system.ts'
import type { Config } from '../config.ts'
import type { SecretSource } from '../resources/types.ts'
import { Closers } from './closers.ts'
import type { AwsPlace } from './connect.ts'
import { startEngine } from './engine.ts'
import { followConfig } from './follow-config.ts'
import { loadConfig } from './load-config.ts'
import type { Secrets } from './secrets.ts'
import { createSecrets, fetchSecret } from './secrets.ts'
import type { StartedEngine } from './started-engine.ts'
import type { Telling } from './telemetry.ts'
import { createTelling } from './telemetry.ts'

export interface RunOptions {
  /** A file, or a directory of them. */
  readonly config: string
  readonly listen?: string | undefined
  readonly logLevel?: string | undefined
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly build: { readonly version: string; readonly commit: string }
  readonly aws?: AwsPlace
}

export interface RunningController {
  /** Of the API and the dashboard. */
  readonly url: string
  /** Where it keeps what it knows. */
  readonly dataDir: string
  /** Resolves when it can't go on, with the reason. */
  readonly failed: Promise<Error>
  /** Takes nothing new, lets what runs end within `limitMs`, gives the lease up and closes everything. */
  stop(limitMs: number): Promise<void>
}

/** How long running work may take to end after SIGTERM; container platforms kill after 30 seconds. */
const DRAIN_MS = 20_000

/** How long it may take when the start itself fails. */
const STOP_MS = 5_000

/** Runs a controller until the signal, then drains; resolves to the exit code. */
export async function runUntil(signal: AbortSignal, options: RunOptions): Promise<number> {
  const running = await startController(options)
  const ended = await Promise.race([running.failed, aborted(signal)])
  // Whoever lost the lease must not go on with what it knew.
  await running.stop(ended === undefined ? DRAIN_MS : 0)
  if (ended !== undefined) throw ended
  return 0
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(undefined)
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}

/** Starts a controller on the machine's own clock, files and network; throws ConfigError, StartError, or PortError `LeaseHeld`. */
export async function startController(options: RunOptions): Promise<RunningController> {
  const read = (): Promise<Config> => loadConfig(options.config, options.variables, options)
  const config = await read()
  const lost = Promise.withResolvers<Error>()
  const telling = tellingOf(config, options, (reason) => lost.resolve(reason))
  const closers = new Closers()
  closers.add(() => telling.flush())
  try {
    const secrets = createSecrets({ redactor: telling.redactor, variables: options.variables })
    closers.add(() => secrets.close())
    const engine = await startEngine({
      config,
      telling,
      secrets,
      closers,
      aws: options.aws,
      variables: options.variables,
      onFailed: lost.resolve,
    })
    const { controller } = engine
    const url = await startApi({ config, telling, secrets, closers, engine, options })
    const onMaybeChanged = followConfig({ config, read, controller, telling, path: options.config })
    const watcher = await watchConfig({ path: options.config, clock: systemClock, onMaybeChanged })
    closers.add(() => watcher.close())
    const { dataDir } = config
    return { url, dataDir, failed: lost.promise, stop: (limitMs) => closers.close(limitMs) }
  } catch (error) {
    await closers.close(STOP_MS)
    throw error
  }
}

/** Files are read once, under the lease: a controller that another one took it from knows nothing any more. So does the only one that acts in Kubernetes, when it was away for so long. */
function tellingOf(config: Config, { build }: RunOptions, onLost: (reason: Error) => void): Telling {
  return createTelling({
    config,
    build,
    clock: systemClock,
    fileSystem: systemFileSystem,
    also: [
      {
        emit(event) {
          if (event.type === 'LeaseChanged' && !event.held && !takesItAgain(config.store))
            onLost(new Error(`the lease was lost; ${event.message}; start this controller again`))
        },
      },
    ],
  })
}

/** A table tells what changed; and where leases are handed to and fro in a cluster, each that is taken is a new beginning. */
const takesItAgain = (store: Config['store']): boolean =>
  store.type === 'dynamodb' || (store.type === 'kubernetes' && store.shards > 1)

async function startApi({
  config,
  telling,
  secrets,
  closers,
  engine,
  options,
}: {
  readonly config: Config
  readonly telling: Telling
  readonly secrets: Secrets
  readonly closers: Closers
  readonly engine: StartedEngine
  readonly options: RunOptions
}): Promise<string> {
  const { log, metrics } = telling
  const { controller, store } = engine
  const secretOf = (source: SecretSource): Promise<string> => fetchSecret(secrets, source)
  await secrets.prepare(config.tokens.map(({ tokenFrom }) => tokenFrom))
  // One that is missing is told of here, and not when the first push goes unheard.
  for (const source of Object.values(config.webhooks)) await secretOf(source)
  const api = await createApi({
    store,
    clock: systemClock,
    tokens: config.tokens.map((token) => ({ ...token, token: secrets.read(token.tokenFrom) })),
    secret: secretOf,
    webhooks: {
      telemetry: telling.telemetry,
      secretOf: async (sender) => {
        const source = config.webhooks[sender]
        return source && secretOf(source)
      },
    },
    metrics,
    ready: () => engine.ready(),
    reconcile: (environment) => controller.reconcile(environment),
    reconcileRelease: (key) => controller.reconcileRelease(key),
    reconcileAtOnce: (key) => controller.reconcileAtOnce(key),
    listen: config.listen,
    telemetryListen: config.telemetryListen,
    hosts: config.hosts,
    version: options.build.version,
    report: (error) => log.error('a request failed', { error }),
  })
  closers.add(() => api.close())
  log.info(`the controller is running at ${api.url}`, { url: api.url, dataDir: config.dataDir })
  return api.url
}
