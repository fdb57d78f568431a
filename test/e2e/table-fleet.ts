import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NotedWrite } from '../../controller/sandbox/kernel/calls.ts'
import { startSandbox } from '../../controller/sandbox/server.ts'
import { createTable } from '../adapters/store/dynamodb/bench.ts'
import { eventually } from '../support/eventually.ts'
import type { Load } from '../support/load.ts'
import { startLoad } from '../support/load.ts'
import type { Ending } from '../support/machine.ts'
import { releaseFiles } from '../support/machine/release-files.ts'
import { ACCOUNT, makeCluster, makePair, REGION } from '../support/machine/shape.ts'
import { createRepository } from '../support/repository.ts'
import type { SteersmanProcess } from '../support/steersman-process.ts'
import { startSteersman } from '../support/steersman-process.ts'
import { makeTemporaryDirectory } from '../support/temp-directory.ts'

const SPEED = 50
const TABLE = 'steersman'

/** Many environments with one release each, in one account, for as many controllers over one table as a test starts. */
export interface TableFleet {
  readonly environments: readonly string[]
  readonly sandboxUrl: string
  /** A controller as on a machine of its own; the sandbox notes its writes under the name. */
  run(name: string): Promise<{ readonly process: SteersmanProcess; readonly url: string }>
  /** Commits the version for all environments. */
  push(version: string): string
  /** Waits until the last rollout of each environment, as a controller tells it, has the number and has succeeded. */
  untilAllSucceeded(url: string, number: number, withinMs: number): Promise<void>
  /** Requests to the release of one environment. */
  load(environment: string): Promise<Load>
  /** Has the table answer nothing but errors from now on, until what that resolves to is called. */
  loseTable(): Promise<() => Promise<void>>
  /** Writes to AWS beside the table's, one by one. */
  writesOf(name: string): Promise<readonly NotedWrite[]>
}

export async function startTableFleet(
  ending: Ending,
  {
    size,
    shards,
    queueUrl,
  }: {
    readonly size: number
    readonly shards: number
    /** That all environments name, which then look at themselves once in ten minutes. */
    readonly queueUrl?: string
  },
): Promise<TableFleet> {
  const directory = await makeTemporaryDirectory('steersman-table-fleet')
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
  const environments = Array.from({ length: size }, (_, index) => `e${index}`)
  const put = await fetch(`${sandboxUrl}/_sandbox/state`, {
    method: 'PUT',
    body: JSON.stringify(await shapeOf(environments)),
  })
  if (!put.ok) throw new Error(await put.text())
  await createTable(
    {
      region: REGION,
      endpoint: sandboxUrl,
      credentials: { accessKeyId: 'owner', secretAccessKey: 'test' },
    },
    TABLE,
  )
  const ask = async (path: string): Promise<unknown> => (await fetch(`${sandboxUrl}/_sandbox/${path}`)).json()
  return {
    environments,
    sandboxUrl,
    async run(name) {
      const home = join(directory.path, name)
      mkdirSync(home)
      const config = configure(home, { environments, repository: repository.path, shards, queueUrl })
      const process = startSteersman(['run', '--config', config], {
        AWS_ENDPOINT_URL: sandboxUrl,
        AWS_ACCESS_KEY_ID: name,
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_REGION: REGION,
        STEERSMAN_LISTENERS_URL: `${sandboxUrl}/_sandbox/listeners`,
      })
      started.push(process)
      const line = await process.line(
        ({ message }) => String(message).includes('running at'),
        `the controller ${name}`,
      )
      return { process, url: String(line['url']) }
    },
    push: (version) => repository.commit(filesOf(environments, version), { branch: 'fleet' }),
    async untilAllSucceeded(api, number, withinMs) {
      await eventually(
        () => unfinished(api, environments, number),
        (left) => left.length === 0,
        { what: `rollout ${number} of every environment`, withinMs, everyMs: 1_000 },
      )
    },
    async load(environment) {
      const rows = (await ask('listeners')) as { loadBalancer: string; port: number; url: string }[]
      const row = rows.find(({ loadBalancer, port }) => loadBalancer === environment && port === 80)
      const load = startLoad(row?.url ?? '')
      loads.push(load)
      await load.more(10)
      return load
    },
    async loseTable() {
      const faults = `${sandboxUrl}/_sandbox/faults`
      const fault = { service: 'dynamodb', operation: '*', error: 'ServiceUnavailable' }
      const lost = await fetch(faults, { method: 'POST', body: JSON.stringify(fault) })
      if (!lost.ok) throw new Error(await lost.text())
      return async () => void (await fetch(faults, { method: 'DELETE' }))
    },
    writesOf: async (name) =>
      ((await ask('writes')) as NotedWrite[]).filter(
        ({ principal, service }) => principal === name && service !== 'dynamodb',
      ),
  }
}

async function shapeOf(environments: readonly string[]): Promise<unknown> {
  const sandbox = await startSandbox({ port: 0, speed: SPEED })
  makeCluster(sandbox, 'demo')
  for (const name of environments)
    makePair(sandbox, { release: name, loadBalancer: name, port: 80, testPort: 8081 })
  const state = sandbox.world.dump()
  await sandbox.close()
  return state
}

/** Each environment has a folder of its own, and a release that is called as itself. */
function filesOf(environments: readonly string[], version: string): Record<string, string> {
  const files = environments.flatMap((name) =>
    Object.entries(
      releaseFiles({ release: name, loadBalancer: name, version, desiredCount: 1, deadline: '20m' }),
    ).map(([path, text]) => [path.replace(/^deploy/, name), text]),
  )
  return Object.fromEntries(files) as Record<string, string>
}

function configure(
  home: string,
  {
    environments,
    repository,
    shards,
    queueUrl,
  }: {
    readonly environments: readonly string[]
    readonly repository: string
    readonly shards: number
    readonly queueUrl: string | undefined
  },
): string {
  const config = join(home, 'config')
  mkdirSync(config)
  const write = (name: string, document: object): void =>
    writeFileSync(
      join(config, `${name}.yaml`),
      JSON.stringify({ apiVersion: 'steersman.dev/v1alpha1', ...document }),
    )
  write('configuration', {
    kind: 'Configuration',
    spec: {
      listen: '127.0.0.1:0',
      dataDir: '../data',
      pollInterval: '500ms',
      stalenessBound: '2s',
      store: { type: 'dynamodb', table: TABLE, shards },
    },
  })
  for (const name of environments)
    write(name, {
      kind: 'Environment',
      metadata: { name },
      spec: {
        source: {
          repository,
          branch: 'fleet',
          path: name,
          interval: queueUrl === undefined ? '10s' : '10m',
        },
        aws: {
          region: REGION,
          accountId: ACCOUNT,
          ...(queueUrl === undefined ? {} : { events: { queueUrl } }),
        },
      },
    })
  return config
}

async function unfinished(
  api: string,
  environments: readonly string[],
  number: number,
): Promise<readonly string[]> {
  const looks = environments.map(async (name) => {
    const response = await fetch(`${api}/api/v1/rollouts/${name}-${name}-${number}`)
    const { status } = (response.ok ? await response.json() : {}) as { status?: { outcome?: string } }
    return status?.outcome === 'Succeeded' ? [] : [`${name}: ${status?.outcome ?? response.status}`]
  })
  return (await Promise.all(looks)).flat()
}
