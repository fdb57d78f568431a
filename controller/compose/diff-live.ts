import { existsSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFileStore } from '../adapters/store/file-store.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { systemFileSystem } from '../adapters/system/file-system.ts'
import { systemRandom, uuidSource } from '../adapters/system/random.ts'
import { createRedactor } from '../adapters/telemetry/redactor.ts'
import type { Preview } from '../cli/context.ts'
import type { Config } from '../config.ts'
import { newState } from '../engine/controller.ts'
import { previewEnvironment } from '../engine/preview.ts'
import { PortError } from '../ports/error.ts'
import type { Store } from '../ports/store.ts'
import type { DefaultedEnvironment } from '../resources/types.ts'
import { createConnect } from './connect.ts'
import { engineSettings } from './engine.ts'
import { loadConfig } from './load-config.ts'
import { createSecrets } from './secrets.ts'
import { createTerraforms } from './terraforms.ts'

export interface DiffRequest {
  readonly config: string
  /** Left out, all. */
  readonly environment: string | undefined
  /** Left out, all of the environment. */
  readonly release: string | undefined
}

/**
 * What the controller would do, by its own decision. Nothing is written: the store is read from a copy, as its files belong to the running
 * controller, and the repository through a mirror of its own.
 */
export async function diffLive(
  request: DiffRequest,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<readonly Preview[]> {
  const config = await loadConfig(request.config, variables)
  const environments = chosen(config, request)
  const directory = await mkdtemp(join(tmpdir(), 'steersman-diff-'))
  const redactor = createRedactor()
  const secrets = createSecrets({ redactor, variables })
  try {
    const store = await copyOfStore(config, directory)
    const connect = createConnect({
      clock: systemClock,
      random: systemRandom,
      telemetry: { emit: () => undefined },
      secrets,
      gitDir: directory,
      listenersUrl: config.listenersUrl,
      // Roots are read for what they are given; no Terraform is started.
      terraform: createTerraforms({
        dataDir: directory,
        concurrency: 1,
        redact: (text) => redactor.text(text),
        variables,
      }),
    })
    const previewer = { ports: { store, clock: systemClock }, settings: engineSettings(config) }
    const previews: Preview[] = []
    for (const environment of environments) {
      const state = newState(environment, connect(environment))
      try {
        previews.push(...(await previewEnvironment(previewer, state, request.release)))
      } finally {
        await state.connections.close()
      }
    }
    if (request.release !== undefined && previews.length === 0) throw unknownRelease(request.release)
    return previews
  } finally {
    secrets.close()
    await rm(directory, { recursive: true, force: true })
  }
}

function chosen(
  { environments }: Config,
  { environment, config }: DiffRequest,
): readonly DefaultedEnvironment[] {
  if (environment === undefined) return environments
  const found = environments.filter(({ metadata }) => metadata.name === environment)
  if (found.length > 0) return found
  throw new PortError(`${config} has no environment ${JSON.stringify(environment)}`, {
    code: 'EnvironmentMissing',
    handling: 'stall',
    remedy: 'correct the name, or give the config that has it',
  })
}

/** Opening a store puts broken files aside, which only the holder of its lease may do. */
async function copyOfStore({ dataDir }: Config, directory: string): Promise<Store> {
  const copy = join(directory, 'store')
  await copyWhole(join(dataDir, 'store'), copy)
  return createFileStore({
    directory: copy,
    fileSystem: systemFileSystem,
    clock: systemClock,
    uid: uuidSource(systemRandom),
  })
}

/** Files of a running controller come and go, and their directory changes its name with its holder: a copy that met that is made anew. */
const MAXIMUM_COPIES = 5

async function copyWhole(from: string, to: string): Promise<void> {
  for (let attempt = 1; existsSync(from); attempt += 1) {
    try {
      return await cp(from, to, { recursive: true })
    } catch (error) {
      const hasGone = error instanceof Error && 'code' in error && error.code === 'ENOENT'
      if (!hasGone || attempt === MAXIMUM_COPIES) throw error
      await rm(to, { recursive: true, force: true })
    }
  }
}

const unknownRelease = (release: string): PortError =>
  new PortError(`the wanted commit has no release ${JSON.stringify(release)}`, {
    code: 'ReleaseMissing',
    handling: 'stall',
    remedy: 'correct the name; `steersman diff ENVIRONMENT` shows all of an environment',
  })
