import type { Config } from '../config.ts'
import { ConfigError } from '../config.ts'
import type { Controller } from '../engine/controller.ts'
import type { Telling } from './telemetry.ts'

/**
 * What to do when the configuration may have changed: good environments are taken over at once, a bad edit is told once and the last good
 * ones stay. The controller's own settings stay as they were read at the start.
 */
export function followConfig({
  config,
  read,
  controller,
  telling: { telemetry, log },
  path,
}: {
  readonly config: Config
  readonly read: () => Promise<Config>
  readonly controller: Pick<Controller, 'setEnvironments'>
  readonly telling: Pick<Telling, 'telemetry' | 'log'>
  readonly path: string
}): () => Promise<void> {
  let taken = fingerprintOf(config)
  let refused: string | undefined

  return async () => {
    const now = await read().catch((error: unknown) => asConfigError(error))
    if (now instanceof ConfigError) return refuse(now)
    refused = undefined
    const seen = fingerprintOf(now)
    if (seen.settings !== taken.settings)
      log.warn('the controller’s own settings have changed: start it again to use them', { config: path })
    const hasNewEnvironments = seen.environments !== taken.environments
    taken = { ...taken, settings: seen.settings }
    if (!hasNewEnvironments) return
    await controller.setEnvironments(now.environments)
    taken = seen
    telemetry.emit({ type: 'ConfigurationLoaded', environments: now.environments.length })
  }

  function refuse({ message }: ConfigError): void {
    if (message === refused) return
    refused = message
    telemetry.emit({ type: 'ConfigurationRefused', file: path, message })
  }
}

function asConfigError(error: unknown): ConfigError {
  if (error instanceof ConfigError) return error
  return new ConfigError([error instanceof Error ? error.message : String(error)])
}

function fingerprintOf({ environments, ...settings }: Config): {
  readonly environments: string
  readonly settings: string
} {
  return { environments: JSON.stringify(environments), settings: JSON.stringify(settings) }
}
