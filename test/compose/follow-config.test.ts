import { describe, expect, it } from 'vitest'

import { followConfig } from '../../controller/compose/follow-config.ts'
import type { Config } from '../../controller/config.ts'
import { ConfigError, readConfig } from '../../controller/config.ts'
import type { SteersmanEvent } from '../../controller/core/event.ts'

const configOf = (...names: readonly string[]): Config =>
  readConfig({
    directory: '/',
    variables: {},
    files: names.map((name) => {
      const text = `{apiVersion: steersman.dev/v1alpha1, kind: Environment, metadata: {name: ${name}}, spec: {source: {repository: /r, branch: b}, aws: {region: eu-west-1}}}`
      return { path: `${name}.yaml`, text, mode: 'file', size: text.length, validUtf8: true }
    }),
  })

function followed(config: Config) {
  const events: SteersmanEvent[] = []
  const warnings: string[] = []
  const taken: (readonly string[])[] = []
  const stage: { now: Config | Error; failure: Error | undefined } = { now: config, failure: undefined }
  const look = followConfig({
    config,
    path: 'config',
    read: () => (stage.now instanceof Error ? Promise.reject(stage.now) : Promise.resolve(stage.now)),
    controller: {
      setEnvironments: (environments) => {
        if (stage.failure !== undefined) return Promise.reject(stage.failure)
        taken.push(environments.map(({ metadata }) => metadata.name))
        return Promise.resolve()
      },
    },
    telling: {
      telemetry: { emit: (event) => void events.push(event) },
      log: {
        error: () => undefined,
        warn: (message) => void warnings.push(message),
        info: () => undefined,
        debug: () => undefined,
      },
    },
  })
  return { stage, look, events, warnings, taken }
}

describe('a configuration that may have changed', () => {
  it('is left alone when it has not', async () => {
    const { look, events, taken } = followed(configOf('prod'))
    await look()
    expect({ events, taken }).toEqual({ events: [], taken: [] })
  })

  it('is taken over when it is good', async () => {
    const { stage, look, events, taken } = followed(configOf('prod'))
    stage.now = configOf('prod', 'staging')
    await look()
    await look()
    expect(taken).toEqual([['prod', 'staging']])
    expect(events).toEqual([{ type: 'ConfigurationLoaded', environments: 2 }])
  })

  it('is told once when it is bad, and the last good one stays', async () => {
    const { stage, look, events, taken } = followed(configOf('prod'))
    stage.now = new ConfigError(['a.yaml:1:1: bad'])
    await look()
    await look()
    expect(taken).toEqual([])
    expect(events).toEqual([{ type: 'ConfigurationRefused', file: 'config', message: 'a.yaml:1:1: bad' }])
    stage.now = configOf('prod')
    await look()
    stage.now = new ConfigError(['a.yaml:1:1: bad'])
    await look()
    expect(events).toHaveLength(2)
  })

  it('is tried again when the controller could not take it', async () => {
    const { stage, look, taken } = followed(configOf('prod'))
    stage.now = configOf('staging')
    stage.failure = new Error('busy')
    await expect(look()).rejects.toThrow('busy')
    stage.failure = undefined
    await look()
    expect(taken).toEqual([['staging']])
  })

  it('asks for a restart once when the controller’s own settings differ', async () => {
    const { stage, look, warnings, taken } = followed(configOf('prod'))
    stage.now = { ...configOf('prod'), pollMs: 1 }
    await look()
    await look()
    expect(warnings).toHaveLength(1)
    expect(taken).toEqual([])
  })
})
