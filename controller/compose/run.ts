import { randomUUID } from 'node:crypto'
import { systemClock } from '../adapters/system/clock.ts'
import { watchConfig } from '../adapters/system/config-watcher.ts'
import { systemFileSystem } from '../adapters/system/file-system.ts'
import { isAlive, processFacts } from '../adapters/system/process.ts'
import { systemRandom, uuidSource } from '../adapters/system/random.ts'
import { createFileLeases } from '../adapters/store/file-leases.ts'
import type { FileStore } from '../adapters/store/file-store.ts'
import { createFileStore } from '../adapters/store/file-store.ts'
import type { Config } from '../config.ts'
import { readConfig } from '../config.ts'
import { createApi } from '../api/create-api.ts'
import { Controller } from '../engine/controller.ts'
import { readConfigFiles } from './config-files.ts'
import { CALL_TIMEOUT_MS, createConnect } from './connect.ts'
import { followConfig } from './follow-config.ts'
import { createSecrets } from './secrets.ts'
import type { Telling } from './telemetry.ts'
import { createTelling } from './telemetry.ts'

export interface RunOptions {
  /** A file, or a directory of them. */
  readonly config: string
  readonly listen?: string | undefined
  readonly logLevel?: string | undefined
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly build: { readonly version: string; readonly commit: string }
}

export interface RunningController {
  /** Of the API and the dashboard. */
  readonly url: string
  /** Resolves when it can't go on, with the reason. */
  readonly failed: Promise<Error>
  /** Takes nothing new, lets what runs end within `limitMs`, gives the lease up and closes everything. */
  stop(limitMs: number): Promise<void>
}

/** How long running work may take to end after SIGTERM. */
const DRAIN_MS = 20_000

/** Runs a controller until the signal, then drains; resolves to the exit code. */
export async function runUntil(signal: AbortSignal, options: RunOptions): Promise<number> {
  const running = await startController(options)
  const ended = await Promise.race([running.failed, aborted(signal)])
  await running.stop(DRAIN_MS)
  if (ended !== undefined) throw ended
  return 0
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(undefined)
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}

/** Starts a controller on the machine's own clock, files and network; throws ConfigError, or PortError `LeaseHeld`. */
export async function startController(options: RunOptions): Promise<RunningController> {
  const { files, directory } = await readConfigFiles(options.config)
  const { variables } = options
  const flags = { listen: options.listen, logLevel: options.logLevel }
  const readAgain = async (): Promise<Config> =>
    readConfig({ ...(await readConfigFiles(options.config)), variables, flags })
  const config = readConfig({ files, directory, variables, flags })
  const lost = Promise.withResolvers<Error>()
  const telling = createTelling({
    config,
    build: options.build,
    clock: systemClock,
    fileSystem: systemFileSystem,
    also: [
      {
        emit(event) {
          if (event.type === 'LeaseChanged' && !event.held)
            lost.resolve(new Error(`the lease was lost; ${event.message}; start this controller again`))
        },
      },
    ],
  })
  const closers = new Closers()
  try {
    const running = await startWith({ config, telling, closers, options })
    const watcher = await watchConfig({
      path: options.config,
      clock: systemClock,
      onMaybeChanged: followConfig({
        config,
        readAgain,
        controller: running.controller,
        telling,
        path: options.config,
      }),
    })
    closers.add(() => watcher.close())
    return {
      url: running.url,
      failed: lost.promise,
      stop: (limitMs) => closers.close(limitMs),
    }
  } catch (error) {
    await closers.close(0)
    throw error
  }
}

async function startWith({
  config,
  telling,
  closers,
  options,
}: {
  readonly config: Config
  readonly telling: Telling
  readonly closers: Closers
  readonly options: RunOptions
}): Promise<{ readonly controller: Controller; readonly url: string }> {
  const { telemetry, redactor, log } = telling
  const clock = systemClock
  const fileSystem = systemFileSystem
  const random = systemRandom
  closers.add(() => telling.flush())
  const secrets = createSecrets({ redactor, variables: options.variables })
  closers.add(() => secrets.close())
  const store = createFileStore({
    directory: `${config.dataDir}/store`,
    fileSystem,
    clock,
    uid: uuidSource(random),
  })
  closers.add(() => store.close())
  const leases = createFileLeases({
    directory: `${config.dataDir}/leases`,
    fileSystem,
    clock,
    holder: await processFacts(randomUUID()),
    isAlive,
  })
  const connect = createConnect({
    clock,
    random,
    telemetry,
    secrets,
    gitDir: config.dataDir,
    listenersUrl: config.listenersUrl,
  })
  const controller = new Controller({
    ports: { clock, random, store, leases, telemetry, connect },
    settings: {
      pollMs: config.pollMs,
      stalenessBoundMs: config.stalenessBoundMs,
      callTimeoutMs: CALL_TIMEOUT_MS,
      rolloutsKept: config.rolloutsKept,
      concurrency: config.concurrency,
    },
  })
  await controller.start()
  closers.add((limitMs) => controller.stop(limitMs))
  await loadStore(store, telling)
  await controller.setEnvironments(config.environments)
  telemetry.emit({ type: 'ConfigurationLoaded', environments: config.environments.length })
  const api = await createApi({
    store,
    clock,
    tokens: config.tokens.map((token) => ({ ...token, token: secrets.read(token.tokenFrom) })),
    metrics: telling.metrics,
    ready: () => controller.ready(),
    reconcile: (environment) => controller.reconcile(environment),
    reconcileRelease: (key) => controller.reconcileRelease(key),
    listen: config.listen,
    telemetryListen: config.telemetryListen,
    version: options.build.version,
    report: (error) => log.error('a request failed', { error }),
  })
  closers.add(() => api.close())
  log.info(`the controller is running at ${api.url}`, { url: api.url, dataDir: config.dataDir })
  return { controller, url: api.url }
}

/** Nobody but the lease's holder may put broken files aside, so the store is read after the lease was taken. */
async function loadStore(store: FileStore, { log }: Telling): Promise<void> {
  for (const { file, movedTo, message } of await store.load())
    log.error(`a file of the store is broken: ${message}`, { file, movedTo })
}

/** What was started, closed in the opposite order; each is tried even when another one fails. */
class Closers {
  readonly #closers: ((limitMs: number) => Promise<void> | void)[] = []

  add(closer: (limitMs: number) => Promise<void> | void): void {
    this.#closers.push(closer)
  }

  async close(limitMs: number): Promise<void> {
    const failures: unknown[] = []
    for (const closer of this.#closers.splice(0).toReversed()) {
      try {
        await closer(limitMs)
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed')
  }
}
