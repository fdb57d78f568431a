import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NotedWrite } from '../../controller/sandbox/kernel/calls.ts'
import { startSandbox } from '../../controller/sandbox/server.ts'
import { eventually } from './eventually.ts'
import type { Load } from './load.ts'
import { startLoad } from './load.ts'
import type { Ending } from './machine.ts'
import { WEB } from './machine.ts'
import type { ReleaseVariant } from './machine/release-files.ts'
import { releaseFiles } from './machine/release-files.ts'
import type { PairShape } from './machine/shape.ts'
import { ACCOUNT, IMAGE_REPOSITORY, makeCluster, makePair, REGION } from './machine/shape.ts'
import type { TestRepository } from './repository.ts'
import { createRepository } from './repository.ts'
import type { SteersmanProcess } from './steersman-process.ts'
import { startSteersman } from './steersman-process.ts'
import { makeTemporaryDirectory } from './temp-directory.ts'

/** The demo's story in real processes: `steersman sandbox`, a git repository, and as many `steersman run` as a test starts. */
export interface Town {
  readonly sandboxUrl: string
  readonly repository: TestRepository
  readonly dataDir: string
  /** The controller; resolves when its API answers. Each name is a machine of its own: its data, and its access key, under which the sandbox notes what it writes. */
  run(name?: string): Promise<RunningTown>
  /** A controller that may not come up. */
  tryToRun(name?: string): SteersmanProcess
  /** Commits the release to the branch; a running controller sees it within its interval, or when told. */
  push(variant: ReleaseVariant): string
  /** Users of the production listener at the port: the demo's, unless another is named. */
  load(port?: number): Promise<Load>
  /** Writes to AWS so far, by operation. */
  writes(): Promise<Record<string, number>>
  /** The same one by one, in their order. */
  noted(): Promise<readonly NotedWrite[]>
  behaves(version: string, behavior: object): Promise<void>
  fault(fault: object): Promise<void>
  /** Ends all faults. */
  clearFaults(): Promise<void>
  records(): number[]
  currentCommit(): string | undefined
  variables(): Record<string, string>
}

export interface RunningTown {
  readonly process: SteersmanProcess
  readonly url: string
  get(path: string): Promise<Record<string, unknown>>
  reconcile(): Promise<void>
  untilDeployed(commit: string, withinMs?: number): Promise<void>
}

const SPEED = 50

export interface TownOptions {
  /** The sandbox's first state: the demo's shape, or nothing at all, for whoever makes one by AWS's own calls. */
  readonly world?: 'demo' | 'empty'
  /** Pairs that the demo's shape has besides its own. */
  readonly pairs?: readonly PairShape[]
  /** Members of the Environment's spec, over the usual ones. */
  readonly spec?: Readonly<Record<string, unknown>>
  /** Members of the Environment's source, over the usual ones. */
  readonly source?: Readonly<Record<string, unknown>>
  /** Where the controller keeps its objects; with Kubernetes the Environment is applied there, as `KUBECONFIG` of the variables says. */
  readonly store?: StorePlace
  /** Members of the Configuration's spec, over the usual ones. */
  readonly configuration?: Readonly<Record<string, unknown>>
  /** Variables of the controller beside those that lead it to the sandbox. */
  readonly variables?: Readonly<Record<string, string>>
}

export type StorePlace =
  | { readonly type: 'file' }
  | {
      readonly type: 'kubernetes'
      readonly namespace: string
      readonly apply: (document: object) => Promise<void>
      readonly shards: number
    }

/** Starts the sandbox; everything is ended when the test is. */
export async function startTown(
  ending: Ending,
  {
    world = 'demo',
    pairs = [],
    spec = {},
    source = {},
    store = { type: 'file' },
    configuration = {},
    variables: more = {},
  }: TownOptions = {},
): Promise<Town> {
  const directory = await makeTemporaryDirectory('steersman-town')
  // Terraform's own user passes through to its directory.
  chmodSync(directory.path, 0o711)
  const repository = createRepository()
  const sandbox = startSteersman(['sandbox', '--port', '0', '--speed', String(SPEED), '-o', 'json'])
  const started: SteersmanProcess[] = [sandbox]
  const loads: Load[] = []
  ending.onTestFinished(async () => {
    await Promise.all(loads.map((load) => load.stop()))
    await Promise.all(started.map((process) => process.kill()))
    repository.remove()
    await directory.remove()
  })
  const { url } = await sandbox.line((line) => typeof line['url'] === 'string', 'the sandbox')
  const sandboxUrl = String(url)
  const admin = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${sandboxUrl}/_sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(await response.text())
    return response.json()
  }
  if (world === 'demo') await admin('PUT', 'state', await shape(pairs))
  const environment = { source: { repository: repository.path, ...source }, spec }
  if (store.type === 'kubernetes') await store.apply(environmentDocument(environment))
  const configs = new Map<string, string>()
  const configOf = (name: string): string => {
    const home = join(directory.path, name)
    mkdirSync(home, { recursive: true })
    const config = configs.get(name) ?? writeConfig(home, { ...environment, configuration }, store)
    configs.set(name, config)
    return config
  }
  // The first controller's is there from the beginning: commands read it, too.
  configOf('')
  const tryToRun = (name = ''): SteersmanProcess => {
    const key = name === '' ? {} : { AWS_ACCESS_KEY_ID: name }
    const controller = startSteersman(['run', '--config', configOf(name)], {
      ...variables(),
      ...key,
      ...more,
    })
    started.push(controller)
    return controller
  }
  const variables = (): Record<string, string> => ({
    AWS_ENDPOINT_URL: sandboxUrl,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: REGION,
    STEERSMAN_LISTENERS_URL: `${sandboxUrl}/_sandbox/listeners`,
  })
  return {
    sandboxUrl,
    repository,
    dataDir: join(directory.path, 'data'),
    variables,
    tryToRun,
    run: (name) => running(tryToRun(name)),
    push: (variant) => repository.commit(releaseFiles(variant), { branch: 'demo' }),
    async load(port = WEB.port) {
      const rows = (await admin('GET', 'listeners')) as { port: number; url: string }[]
      const load = startLoad(rows.find((row) => row.port === port)?.url ?? '')
      loads.push(load)
      await load.more(10)
      return load
    },
    async writes() {
      const rows = (await admin('GET', 'calls')) as { operation: string; count: number; writes: boolean }[]
      return Object.fromEntries(
        rows.filter(({ writes }) => writes).map(({ operation, count }) => [operation, count]),
      )
    },
    noted: async () => (await admin('GET', 'writes')) as readonly NotedWrite[],
    behaves: async (version, behavior) =>
      void (await admin('POST', 'images', { image: `${IMAGE_REPOSITORY}:${version}`, behavior })),
    fault: async (fault) => void (await admin('POST', 'faults', fault)),
    clearFaults: async () => void (await admin('DELETE', 'faults')),
    records: () =>
      repository
        .git(['for-each-ref', '--format=%(refname:lstrip=4)', 'refs/tags/deploy/demo'])
        .split('\n')
        .map(Number)
        .filter((number) => number > 0),
    currentCommit: () =>
      repository.git(['for-each-ref', '--format=%(*objectname)', 'refs/tags/deploy/demo/current']).trim() ||
      undefined,
  }
}

/** The demo's shape as a world, made in this process and given to the other one. */
async function shape(pairs: readonly PairShape[]): Promise<unknown> {
  const sandbox = await startSandbox({ port: 0, speed: SPEED })
  makeCluster(sandbox, 'demo')
  for (const pair of [WEB, ...pairs]) makePair(sandbox, pair)
  const state = sandbox.world.dump()
  await sandbox.close()
  return state
}

type Parts = Readonly<Record<'source' | 'spec', Readonly<Record<string, unknown>>>>

/** Writes the configuration of a controller with the environment `demo`, where that is not in its store, and returns its directory. */
export function writeConfig(
  directory: string,
  { configuration = {}, ...parts }: Parts & { readonly configuration?: Readonly<Record<string, unknown>> },
  store: StorePlace = { type: 'file' },
): string {
  const config = join(directory, 'config')
  mkdirSync(config)
  const { type } = store
  const document = {
    apiVersion: 'steersman.dev/v1alpha1',
    kind: 'Configuration',
    spec: {
      listen: '127.0.0.1:0',
      dataDir: '../data',
      pollInterval: '100ms',
      stalenessBound: '2s',
      terraform: { isolation: 'Preferred' },
      store: type === 'file' ? { type } : { type, namespace: store.namespace, shards: store.shards },
      ...configuration,
    },
  }
  const documents = {
    'configuration.yaml': document,
    ...(type === 'file' ? { 'demo.yaml': environmentDocument(parts) } : {}),
  }
  for (const [name, written] of Object.entries(documents))
    writeFileSync(join(config, name), JSON.stringify(written))
  return config
}

function environmentDocument({ source, spec }: Parts): object {
  return {
    apiVersion: 'steersman.dev/v1alpha1',
    kind: 'Environment',
    metadata: { name: 'demo' },
    spec: {
      source: { branch: 'demo', path: 'deploy', interval: '1s', ...source },
      aws: { region: REGION, accountId: ACCOUNT },
      allow: {
        clusters: ['demo'],
        loadBalancers: ['demo'],
        families: ['demo-*'],
        executionRoles: ['*'],
        taskRoles: ['*'],
      },
      ...spec,
    },
  }
}

async function running(process: SteersmanProcess): Promise<RunningTown> {
  const { url } = await process.line(
    (line) => typeof line['url'] === 'string' && String(line['message']).includes('running at'),
    'the controller',
  )
  const api = `${String(url)}/api/v1`
  const get = async (path: string): Promise<Record<string, unknown>> => {
    const response = await fetch(`${api}${path}`)
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
    return (await response.json()) as Record<string, unknown>
  }
  const deployed = async (): Promise<unknown> => {
    const { status } = (await get('/environments/demo')) as {
      status: { deployed?: { commit: string }; conditions?: { type: string; status: string }[] }
    }
    const ready = status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True')
    return ready === true ? status.deployed?.commit : undefined
  }
  return {
    process,
    url: String(url),
    get,
    async reconcile() {
      const response = await fetch(`${api}/environments/demo/reconcile`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      })
      if (!response.ok) throw new Error(await response.text())
    },
    async untilDeployed(commit, withinMs = 40_000) {
      await eventually(deployed, (seen) => seen === commit, { what: `commit ${commit}`, withinMs })
    },
  }
}
