import { systemClock } from '../adapters/system/clock.ts'
import { systemRandom } from '../adapters/system/random.ts'
import type { Config } from '../config.ts'
import { Controller } from '../engine/controller.ts'
import type { EngineSettings } from '../engine/engine.ts'
import type { Closers } from './closers.ts'
import type { AwsPlace } from './connect.ts'
import { CALL_TIMEOUT_MS, createConnect } from './connect.ts'
import type { Secrets } from './secrets.ts'
import type { Telling } from './telemetry.ts'
import { scriptsBeside } from './scripts.ts'
import { standBy } from './stand-by.ts'
import type { StartedEngine } from './started-engine.ts'
import { openStore } from './stores.ts'
import { tellPeople } from './tell-people.ts'
import { createTerraforms } from './terraforms.ts'

/** What an engine is put together from. */
interface EngineParts {
  readonly config: Config
  readonly telling: Telling
  readonly secrets: Secrets
  readonly closers: Closers
  readonly aws: AwsPlace | undefined
  /** The process's own, of which Terraform gets a few. */
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly onFailed: (reason: Error) => void
}

/**
 * Puts store, leases and connections below the engine and lets it begin; throws PortError `LeaseHeld`. Where several controllers share a store it stands by
 * until the lease is free, and `onFailed` hears what it can't go on after.
 */
export async function startEngine({
  config,
  telling,
  secrets,
  closers,
  aws,
  variables,
  onFailed,
}: EngineParts): Promise<StartedEngine> {
  const { telemetry } = telling
  const opened = await openStore(config, { variables, closers, telling, secrets })
  const { store, leases, leadership, environments } = opened
  tellPeople({ store, secrets, telling, closers })
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
    settings: { ...engineSettings(config), environmentsAreStored: environments !== undefined },
    leadership,
  })
  closers.add((limitMs) => controller.stop(limitMs))
  if (environments !== undefined)
    return standBy({
      config,
      controller,
      store,
      environments,
      prepare: (sources) => secrets.prepare(sources),
      telling,
      clock: systemClock,
      closers,
      onFailed,
    })
  await controller.start()
  await opened.load(telling)
  await controller.setEnvironments(config.environments)
  telemetry.emit({ type: 'ConfigurationLoaded', environments: config.environments.length })
  return { controller, store, ready: () => controller.ready() }
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
