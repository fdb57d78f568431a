import { systemClock } from '../adapters/system/clock.ts'
import { systemRandom } from '../adapters/system/random.ts'
import type { Config } from '../config.ts'
import { Controller } from '../engine/controller.ts'
import type { EngineSettings } from '../engine/engine.ts'
import type { Store } from '../ports/store.ts'
import type { Closers } from './closers.ts'
import type { AwsPlace } from './connect.ts'
import { CALL_TIMEOUT_MS, createConnect } from './connect.ts'
import type { Secrets } from './secrets.ts'
import type { Telling } from './telemetry.ts'
import { scriptsBeside } from './scripts.ts'
import type { OpenedStore } from './stores.ts'
import { openStore } from './stores.ts'
import { createTerraforms } from './terraforms.ts'

/** Puts store, leases and connections below the engine and lets it begin; throws PortError `LeaseHeld`. */
export async function startEngine({
  config,
  telling,
  secrets,
  closers,
  aws,
  variables,
}: {
  readonly config: Config
  readonly telling: Telling
  readonly secrets: Secrets
  readonly closers: Closers
  readonly aws: AwsPlace | undefined
  /** The process's own, of which Terraform gets a few. */
  readonly variables: Readonly<Record<string, string | undefined>>
}): Promise<{ readonly controller: Controller; readonly store: Store }> {
  const { telemetry } = telling
  const opened = await openStore(config, closers)
  const { store, leases, leadership } = opened
  const connect = createConnect({
    clock: systemClock,
    random: systemRandom,
    telemetry,
    secrets,
    gitDir: config.dataDir,
    listenersUrl: config.listenersUrl,
    scripts: scriptsBeside(config.directory, (text) => telling.redactor.text(text)),
    terraform: createTerraforms({
      dataDir: config.dataDir,
      concurrency: config.terraform.concurrency,
      redact: (text) => telling.redactor.text(text),
      variables,
    }),
    aws,
  })
  const controller = new Controller({
    ports: { clock: systemClock, random: systemRandom, store, leases, telemetry, connect },
    settings: engineSettings(config),
    leadership,
  })
  closers.add((limitMs) => controller.stop(limitMs))
  await controller.start()
  await loadStore(opened, telling)
  await controller.setEnvironments(config.environments)
  telemetry.emit({ type: 'ConfigurationLoaded', environments: config.environments.length })
  return { controller, store }
}

/** The engine's part of the configuration. */
export function engineSettings({
  pollMs,
  stalenessBoundMs,
  rolloutsKept,
  concurrency,
  terraform,
}: Config): EngineSettings {
  return {
    pollMs,
    stalenessBoundMs,
    rolloutsKept,
    concurrency,
    callTimeoutMs: CALL_TIMEOUT_MS,
    terraformConcurrency: terraform.concurrency,
    terraformMayShareUser: terraform.isolation === 'Preferred',
  }
}

/** Nobody but the lease's holder may put broken files aside, so the store is read after the lease was taken. */
async function loadStore(opened: OpenedStore, { log }: Telling): Promise<void> {
  for (const { file, movedTo, message } of await opened.load())
    log.error(`a file of the store is broken: ${message}`, { file, movedTo })
}
