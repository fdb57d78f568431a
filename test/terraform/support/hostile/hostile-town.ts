import { execFileSync } from 'node:child_process'
import { chmodSync, globSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { systemClock } from '../../../../controller/adapters/system/clock.ts'
import { createTerraform } from '../../../../controller/adapters/terraform/terraform.ts'
import type { TerraformSession } from '../../../../controller/ports/terraform.ts'
import type { CountedTerraform } from '../../../support/counted-terraform.ts'
import { countedTerraform } from '../../../support/counted-terraform.ts'
import { runDirectories } from '../../../../controller/adapters/terraform/run-records.ts'
import { eventually } from '../../../support/eventually.ts'
import type { Ending } from '../../../support/machine.ts'
import { releaseFiles } from '../../../support/machine/release-files.ts'
import { ACCOUNT } from '../../../support/machine/shape.ts'
import type { TreeEntry } from '../../../support/repository.ts'
import { makeTemporaryDirectory } from '../../../support/temp-directory.ts'
import type { RunningTown, Town } from '../../../support/town.ts'
import { startTown } from '../../../support/town.ts'
import { mirrorsConfiguration } from '../terraform.ts'
import { IN_ENVIRONMENT, plantHome } from './planted.ts'
import type { Prowler } from './prowler.ts'
import { BACKEND, HOSTILE_ROOT } from './roots.ts'
import { EVIL_PROVIDERS, plantProviders, plantProwler } from './prowler.ts'

/** What the environment allows. */
const PROVIDERS = ['hashicorp/aws', ...EVIL_PROVIDERS.map((name) => `acme/${name}`)]

/** `steersman run` that knows secrets, and whose repository has roots that are after them. */
export interface HostileTown {
  readonly town: Town
  readonly controller: RunningTown
  readonly terraform: CountedTerraform
  readonly prowler: Prowler
  /** Opens a root as the controller would, without a look at its files; {@link SlippedRoot} says what is filled in. */
  openPastTheCheck(files: Readonly<Record<string, string>>): Promise<TerraformSession>
  /** Commits a root in place of the one before. */
  push(files: Readonly<Record<string, TreeEntry>>): string
  /** Waits until the environment says of its infrastructure what holds. */
  untilSaid(holds: (said: Said) => boolean, what: string): Promise<Said>
  /** Everything that the controller has told so far: log, API, page and metrics. */
  told(): Promise<string>
  /** Everything that it keeps in files, once no run of Terraform has any. */
  kept(): Promise<string>
}

export interface Said {
  readonly reason: string
  readonly message: string
}

/** Starts it; everything is ended when the tests are. */
export async function startHostileTown(ending: Ending): Promise<HostileTown> {
  const { path: top, remove } = await makeTemporaryDirectory('steersman-hostile')
  ending.onTestFinished(remove)
  chmodSync(top, 0o711)
  const open = join(top, 'open')
  mkdirSync(open)
  chmodSync(open, 0o777)
  const home = join(top, 'home')
  const tokenFile = plantHome(home)
  const terraform = countedTerraform(top)
  const configuration = join(open, 'terraform.rc')
  const state = join(open, 'hostile.tfstate')
  writeFileSync(state, '')
  chmodSync(state, 0o666)
  const town = await startTown(ending, {
    spec: {
      terraform: {
        roleArn: `arn:aws:iam::${ACCOUNT}:role/terraform`,
        path: HOSTILE_ROOT,
        backend: 'local',
        backendConfig: { path: state },
        providers: PROVIDERS,
      },
    },
    source: { credentialsFrom: { file: tokenFile } },
    variables: {
      ...IN_ENVIRONMENT,
      HOME: home,
      PATH: `${terraform.path}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
      TF_CLI_CONFIG_FILE: configuration,
    },
  })
  const prowler = plantProwler(open, [home, town.dataDir])
  const mirror = plantProviders(open, prowler)
  writeFileSync(configuration, mirrorsConfiguration({ 'acme/*': mirror }))
  const locked = lockedProviders(open, configuration)
  const controller = await town.run()
  let before: readonly string[] = []
  return {
    town,
    controller,
    terraform,
    prowler,
    openPastTheCheck(files) {
      const places = { PROGRAM: prowler.file, PID: String(controller.process.pid), HOME: home }
      const filled = Object.entries(files).map(([name, text]) => ({
        path: `${HOSTILE_ROOT}/${name}`,
        text: Object.entries(places).reduce((rest, [place, value]) => rest.replaceAll(place, value), text),
      }))
      return createTerraform({
        binary: 'terraform',
        directory: join(top, 'runs'),
        clock: systemClock,
        redact: (text) => text,
        outerEnvironment: { PATH: process.env['PATH'], TF_CLI_CONFIG_FILE: configuration },
      }).open({
        environment: 'demo',
        files: [
          ...filled,
          { path: `${HOSTILE_ROOT}/main.tf`, text: BACKEND },
          { path: `${HOSTILE_ROOT}/.terraform.lock.hcl`, text: lockFile(locked, Object.values(files)) },
        ],
        root: HOSTILE_ROOT,
        workspace: { name: 'default', create: false },
        backendConfig: { path: state },
        varFiles: [],
        variables: {},
        credentials: { AWS_ACCESS_KEY_ID: 'given-to-terraform', AWS_SECRET_ACCESS_KEY: 'given-to-terraform' },
        secrets: [],
      })
    },
    push(files) {
      const gone = before.filter((path) => !(path in files)).map((path) => [path, null] as const)
      before = Object.keys(files)
      const lock = { [`${HOSTILE_ROOT}/.terraform.lock.hcl`]: lockFile(locked, Object.values(files)) }
      return town.repository.commit(
        { ...Object.fromEntries(gone), ...releaseFiles({ version: 'v1' }), ...lock, ...files },
        { branch: 'demo' },
      )
    },
    untilSaid: (holds, what) =>
      eventually(() => said(controller), holds, { what, withinMs: 45_000, everyMs: 50 }),
    told: () => told(controller),
    kept: async () => {
      const runs = (): Promise<readonly string[]> => runDirectories(join(town.dataDir, 'terraform'))
      await eventually(runs, (left) => left.length === 0, { what: 'the end of every run', withinMs: 45_000 })
      return contentsOf(town.dataDir)
    },
  }
}

/** The blocks of lock files by provider, as a team commits them. */
function lockedProviders(folder: string, configuration: string): ReadonlyMap<string, string> {
  const root = join(folder, 'locked')
  mkdirSync(root)
  const required = PROVIDERS.map((source) => `${source.split('/')[1] ?? ''} = { source = "${source}" }\n`)
  writeFileSync(join(root, 'main.tf'), `terraform {\n  required_providers {\n${required.join('')}  }\n}\n`)
  execFileSync('terraform', ['init', '-input=false'], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: root, TF_CLI_CONFIG_FILE: configuration },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const blocks = readFileSync(join(root, '.terraform.lock.hcl'), 'utf8').split(/^(?=provider )/m)
  return new Map(
    PROVIDERS.map((source) => [source, blocks.find((block) => block.includes(`/${source}"`)) ?? '']),
  )
}

/** The lock file of a root: Terraform wants exactly the providers that it asks for. */
function lockFile(blocks: ReadonlyMap<string, string>, texts: readonly unknown[]): string {
  const all = texts.join('\n')
  const isUsed = (source: string): boolean =>
    all.includes(`"${source}"`) || (source === 'hashicorp/aws' && /^(?:provider|resource) "aws/m.test(all))
  return [...blocks].map(([source, block]) => (isUsed(source) ? block : '')).join('')
}

async function said({ get }: RunningTown): Promise<Said> {
  const { status } = (await get('/environments/demo')) as {
    status?: { conditions?: readonly { type: string; reason: string; message: string }[] }
  }
  const ready = status?.conditions?.find(({ type }) => type === 'InfrastructureReady')
  return ready ?? { reason: '', message: JSON.stringify(status) }
}

const PAGES = ['/', '/metrics', '/api/v1/environments', '/api/v1/releases', '/api/v1/rollouts']

async function told({ process: { lines }, url }: RunningTown): Promise<string> {
  const answers = await Promise.all(
    PAGES.map(async (page) => {
      const response = await fetch(`${url}${page}`)
      if (!response.ok) throw new Error(`${page} answered ${response.status}`)
      return response.text()
    }),
  )
  return [...lines.map(({ text }) => text), ...answers].join('\n')
}

/** Names and contents of all files below a folder; one that goes away meanwhile is not among them. */
function contentsOf(folder: string): string {
  return globSync('**', { cwd: folder })
    .map((name) => `${name}\n${contentOf(join(folder, name))}`)
    .join('\n')
}

function contentOf(file: string): string {
  try {
    return lstatSync(file).isFile() ? readFileSync(file, 'latin1') : ''
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
