import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFileStore } from '../adapters/store/file-store.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { systemFileSystem } from '../adapters/system/file-system.ts'
import { systemRandom, uuidSource } from '../adapters/system/random.ts'
import { createRedactor } from '../adapters/telemetry/redactor.ts'
import type { Config } from '../config.ts'
import { newState } from '../engine/new-state.ts'
import type { EnvironmentState } from '../engine/engine.ts'
import type { Previewer } from '../engine/preview.ts'
import type { Store } from '../ports/store.ts'
import type { DefaultedEnvironment } from '../resources/types.ts'
import { createConnect } from './connect.ts'
import { engineSettings } from './engine.ts'
import { createSecrets } from './secrets.ts'
import { scriptsBeside } from './scripts.ts'
import { createTerraforms } from './terraforms.ts'

/** What a look at what the controller would do works with. */
export interface Previewing {
  readonly previewer: Previewer
  /** The environment with its connections. A branch that is not the environment's own holds unmerged code: Terraform gets the role for that alone. */
  readonly open: (environment: DefaultedEnvironment, branch: string | undefined) => EnvironmentState
}

/**
 * Nothing is written: the store is read from a copy, as its files belong to the running controller, and the repository through a mirror of its own.
 * All of it is removed in the end.
 */
export async function withPreviewing<T>(
  config: Config,
  variables: Readonly<Record<string, string | undefined>>,
  use: (previewing: Previewing) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'steersman-preview-'))
  const own = join(directory, 'own')
  await mkdir(own, { mode: 0o700 })
  const redactor = createRedactor()
  const secrets = createSecrets({ redactor, variables })
  const states: EnvironmentState[] = []
  try {
    const store = await copyOfStore(config, own)
    const connect = createConnect({
      clock: systemClock,
      random: systemRandom,
      telemetry: { emit: () => undefined },
      secrets,
      gitDir: own,
      listenersUrl: config.listenersUrl,
      scripts: scriptsBeside(config.directory, (text) => redactor.text(text)),
      terraform: createTerraforms({
        dataDir: directory,
        concurrency: 1,
        redact: (text) => redactor.text(text),
        variables,
      }),
    })
    return await use({
      previewer: { ports: { store, clock: systemClock }, settings: engineSettings(config) },
      open(environment, branch) {
        const state = newState(environment, connect(asPlanned(environment, branch)), systemClock.monotonic())
        states.push(state)
        return state
      },
    })
  } finally {
    await Promise.all(states.map(({ connections }) => connections.close()))
    secrets.close()
    await rm(directory, { recursive: true, force: true })
  }
}

/** Whether the code of a branch may be planned: the environment's own branch, or any with a role for unmerged code. */
export const mayBePlanned = ({ spec }: DefaultedEnvironment, branch: string | undefined): boolean =>
  !isUnmerged(spec, branch) || spec.terraform?.previewRoleArn !== undefined

export const roleMissing = (branch: string): string =>
  `branch ${branch} is not the environment's own, and code that is not merged is planned only with a role that may do nothing but read: give it in spec.terraform.previewRoleArn`

function asPlanned(environment: DefaultedEnvironment, branch: string | undefined): DefaultedEnvironment {
  const { spec } = environment
  const { terraform } = spec
  if (terraform?.previewRoleArn === undefined || !isUnmerged(spec, branch)) return environment
  return { ...environment, spec: { ...spec, terraform: { ...terraform, roleArn: terraform.previewRoleArn } } }
}

const isUnmerged = ({ source }: DefaultedEnvironment['spec'], branch: string | undefined): boolean =>
  branch !== undefined && branch !== source.branch

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
