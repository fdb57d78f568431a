import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createKubeStore } from '../../../controller/adapters/kubernetes/kube-store.ts'
import { openKubeClient } from '../../../controller/adapters/kubernetes/client.ts'
import { createStateTable } from '../../../controller/adapters/store/dynamodb/state-table.ts'
import { createTableStore } from '../../../controller/adapters/store/dynamodb/table-store.ts'
import { systemClock } from '../../../controller/adapters/system/clock.ts'
import { systemRandom } from '../../../controller/adapters/system/random.ts'
import type { Store } from '../../../controller/ports/store.ts'
import { startSandbox } from '../../../controller/sandbox/server.ts'
import { openSmallServer } from '../../../test/adapters/kubernetes/bench.ts'
import { createTable, reach } from '../../../test/adapters/store/dynamodb/bench.ts'
import { makeTemporaryDirectory } from '../../../test/support/temp-directory.ts'

export const KINDS = ['file', 'dynamodb', 'kubernetes'] as const
export type PlaceKind = (typeof KINDS)[number]

/** A store, as a controller's Configuration names it. */
export interface Place {
  readonly kind: PlaceKind
  /** `spec.store`. */
  readonly settings: object
  readonly dataDir: string
  /** Of the controller's environment. */
  readonly variables: Readonly<Record<string, string>>
  /** As another process sees it; undefined where one process alone may write. */
  readonly writer: Store | undefined
  /** Requests that the server has had so far; undefined where there is no server. */
  readonly requests: (() => Promise<Requests>) | undefined
  close(): Promise<void>
}

export interface Requests {
  readonly reads: number
  readonly writes: number
}

/** Makes an empty store of the kind: a directory, or a server in this process. */
export async function openPlace(kind: PlaceKind): Promise<Place> {
  const directory = await makeTemporaryDirectory('steersman-bench-store')
  const dataDir = join(directory.path, 'data')
  mkdirSync(dataDir)
  const opened = await OPEN[kind]()
  return {
    kind,
    dataDir,
    ...opened,
    async close() {
      await opened.close()
      await directory.remove()
    },
  }
}

type Opened = Omit<Place, 'kind' | 'dataDir'>

const OPEN: Record<PlaceKind, () => Promise<Opened>> = {
  file: async () => ({
    settings: { type: 'file' },
    variables: {},
    writer: undefined,
    requests: undefined,
    close: async () => undefined,
  }),
  dynamodb: openDynamo,
  kubernetes: openKubernetes,
}

async function openDynamo(): Promise<Opened> {
  const sandbox = await startSandbox({ port: 0 })
  const client = reach(sandbox.url)
  await createTable(client)
  const parts = { clock: systemClock, random: systemRandom }
  const table = createStateTable({ ...parts, table: 'steersman', callTimeoutMs: 30_000, client })
  const writer = createTableStore({ ...parts, table, uid: randomUUID, pollMs: 1_000 })
  return {
    settings: { type: 'dynamodb', table: 'steersman', region: client.region },
    variables: {
      AWS_ENDPOINT_URL: sandbox.url,
      AWS_ACCESS_KEY_ID: client.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: client.credentials.secretAccessKey,
    },
    writer,
    requests: () => requestsOf(sandbox.url),
    async close() {
      await writer.close()
      table.close()
      await sandbox.close()
    },
  }
}

async function openKubernetes(): Promise<Opened> {
  const server = await openSmallServer()
  const KUBECONFIG = server.api.kubeconfig()
  const client = openKubeClient({ KUBECONFIG }, systemClock)
  return {
    settings: { type: 'kubernetes', namespace: client.namespace },
    variables: { KUBECONFIG },
    writer: createKubeStore({ clock: systemClock, client, namespace: client.namespace }),
    async requests() {
      const { requests } = server.api
      const reads = requests.filter(({ method }) => method === 'GET').length
      return { reads, writes: requests.length - reads }
    },
    close: () => server.close(),
  }
}

/** As the sandbox counts them. */
async function requestsOf(url: string): Promise<Requests> {
  const calls = (await (await fetch(`${url}/_sandbox/calls`)).json()) as readonly {
    readonly count: number
    readonly writes: boolean
  }[]
  const sum = (writes: boolean): number =>
    calls.reduce((total, call) => total + (call.writes === writes ? call.count : 0), 0)
  return { reads: sum(false), writes: sum(true) }
}
