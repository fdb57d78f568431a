import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { createTerraform } from '../../../controller/adapters/terraform/terraform.ts'
import type { SteersmanEvent } from '../../../controller/core/event.ts'
import type { EnvironmentStatus } from '../../../controller/resources/types.ts'
import { startSandbox } from '../../../controller/sandbox/server.ts'
import { eventually } from '../eventually.ts'
import type { TestRepository, TreeEntry } from '../repository.ts'
import { createRepository } from '../repository.ts'
import { makeTemporaryDirectory } from '../temp-directory.ts'
import { environmentOf } from './environment.ts'
import type { EnvironmentSpec } from './environment.ts'
import { bearController } from './incarnation.ts'
import { createMortality } from './mortality.ts'
import { ACCOUNT } from './shape.ts'

/** The branch that all environments of a fleet follow. */
const BRANCH = 'fleet'

/** Environments without a release that share one Terraform root, each with a state of its own. */
export interface Fleet {
  readonly repository: TestRepository
  readonly events: readonly SteersmanEvent[]
  /** Commits to the branch that all follow; nobody is told. */
  commit(files: Readonly<Record<string, TreeEntry>>): string
  /** Tells the controller, and resolves when every environment and its infrastructure were looked at once more. */
  sweep(): Promise<void>
  untilApplied(commit: string, withinMs: number): Promise<void>
  close(): Promise<void>
}

/** Starts a controller for them. `path`: where programs are; `configuration`: of Terraform's CLI; `terraform`: more of the environments' settings. */
export async function startFleet({
  size,
  path,
  configuration,
  terraform = {},
}: {
  readonly size: number
  readonly path: string
  readonly configuration?: string
  readonly terraform?: EnvironmentSpec
}): Promise<Fleet> {
  const top = await makeTemporaryDirectory('steersman-fleet')
  // Terraform's own users pass through to their directories, and write their states.
  chmodSync(top.path, 0o711)
  const states = join(top.path, 'states')
  mkdirSync(states)
  chmodSync(states, 0o777)
  const sandbox = await startSandbox({ port: 0, speed: 50 })
  const repository = createRepository()
  const events: SteersmanEvent[] = []
  const { controller, store } = await bearController({
    dataDir: join(top.path, 'data'),
    sandboxUrl: sandbox.url,
    accountId: ACCOUNT,
    settings: { terraformMayShareUser: true, callTimeoutMs: 5_000 },
    emit: (event) => events.push(event),
    mortality: createMortality(),
    signingKeyFile: undefined,
    terraform: createTerraform({
      binary: 'terraform',
      directory: join(top.path, 'runs'),
      clock: systemClock,
      redact: (text) => text,
      outerEnvironment: { PATH: path, TF_CLI_CONFIG_FILE: configuration },
    }),
  })
  const names = Array.from({ length: size }, (_, index) => `fleet-${index}`)
  const environments = names.map((name) => {
    const state = join(states, `${name}.tfstate`)
    writeFileSync(state, '')
    chmodSync(state, 0o666)
    const settings = { path: 'infra', backend: 'local', backendConfig: { path: state }, ...terraform }
    const source = { branch: BRANCH, interval: '10m' }
    return environmentOf(name, { path: repository.path, spec: { source, terraform: settings } })
  })
  await controller.start()
  await controller.setEnvironments(environments)
  const statusOf = async (name: string): Promise<EnvironmentStatus> =>
    (await store.get('Environment', name))?.status ?? {}
  return {
    repository,
    events,
    commit: (files) => repository.commit(files, { branch: BRANCH }),
    async sweep() {
      const from = events.length
      for (const name of names) controller.reconcile(name)
      await eventually(
        () => new Set(events.slice(from).flatMap(lookedAt)).size,
        (count) => count >= 2 * size,
        { what: 'a look at every environment and its infrastructure', withinMs: 120_000, everyMs: 5 },
      )
    },
    async untilApplied(commit, withinMs) {
      const isApplied = ({ infrastructure }: EnvironmentStatus): boolean =>
        infrastructure?.commit === commit && infrastructure.applying === undefined
      await eventually(
        async () => (await Promise.all(names.map(statusOf))).filter((status) => !isApplied(status)),
        (others) => others.length === 0,
        { what: `commit ${commit} to be applied everywhere`, withinMs, everyMs: 100 },
      )
    },
    async close() {
      await controller.stop(10_000)
      await sandbox.close()
      repository.remove()
      await top.remove()
    },
  }
}

function lookedAt(event: SteersmanEvent): string[] {
  return event.type === 'Reconciled' && event.kind !== 'Release' ? [`${event.kind}/${event.key}`] : []
}
