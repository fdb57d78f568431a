import { randomUUID } from 'node:crypto'
import { createStateTable } from '../adapters/store/dynamodb/state-table.ts'
import { createTableLeases } from '../adapters/store/dynamodb/table-leases.ts'
import { createTableStore } from '../adapters/store/dynamodb/table-store.ts'
import { createFileLeases } from '../adapters/store/file-leases.ts'
import { createFileStore } from '../adapters/store/file-store.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { systemFileSystem } from '../adapters/system/file-system.ts'
import { isAlive, processFacts } from '../adapters/system/process.ts'
import { systemRandom, uuidSource } from '../adapters/system/random.ts'
import type { Config } from '../config.ts'
import { shardNames } from '../core/shards.ts'
import type { Leadership } from '../engine/leads.ts'
import { ALONE } from '../engine/leads.ts'
import type { Leases, Store } from '../ports/store.ts'
import type { Closers } from './closers.ts'

/** Where the controller keeps its state, and how it shares it with others. */
export interface OpenedStore {
  readonly store: Store
  readonly leases: Leases
  readonly leadership: Leadership
  /** Reads everything once the lease was taken; resolves to what was broken and put aside. */
  load(): Promise<readonly { readonly file: string; readonly movedTo: string; readonly message: string }[]>
}

export function openStore(config: Config, closers: Closers): Promise<OpenedStore> {
  return config.store.type === 'dynamodb' ? openTable(config.store, closers) : openFiles(config, closers)
}

async function openFiles({ dataDir }: Config, closers: Closers): Promise<OpenedStore> {
  const files = { fileSystem: systemFileSystem, clock: systemClock }
  const holder = await processFacts(randomUUID())
  const leases = createFileLeases({ ...files, directory: `${dataDir}/leases`, holder, isAlive })
  const uid = uuidSource(systemRandom)
  const store = createFileStore({ ...files, directory: `${dataDir}/store`, uid, epochs: leases })
  closers.add(() => store.close())
  return { store, leases, leadership: ALONE, load: () => store.load() }
}

/** Of one attempt at the table; together with the pauses between attempts shorter than a lease lasts. */
const TABLE_TIMEOUT_MS = 2_000
const TABLE_POLL_MS = 1_000

async function openTable(
  { table: name, region, shards }: Extract<Config['store'], { type: 'dynamodb' }>,
  closers: Closers,
): Promise<OpenedStore> {
  const parts = { clock: systemClock, random: systemRandom }
  const table = createStateTable({
    ...parts,
    table: name,
    callTimeoutMs: TABLE_TIMEOUT_MS,
    ...(region === undefined ? {} : { client: { region } }),
  })
  closers.add(async () => table.close())
  const store = createTableStore({ ...parts, table, uid: uuidSource(systemRandom), pollMs: TABLE_POLL_MS })
  closers.add(() => store.close())
  const holder = await processFacts(randomUUID())
  const leases = createTableLeases({
    table,
    clock: systemClock,
    holder,
    isAlive,
    onTaken: () => store.catchUp(),
  })
  const leadership = { shards: shardNames(shards), standsBy: true }
  return { store, leases, leadership, load: () => store.catchUp().then(() => []) }
}
