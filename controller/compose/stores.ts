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
import { ALONE, ONE_OF_SEVERAL } from '../engine/leads.ts'
import type { Leases, Store } from '../ports/store.ts'
import type { Closers } from './closers.ts'
import type { Secrets } from './secrets.ts'
import type { Telling } from './telemetry.ts'

/** Where the controller keeps its state, and how it shares it with others. */
export interface OpenedStore {
  readonly store: Store
  readonly leases: Leases
  readonly leadership: Leadership
  /** Reads what must be read once the lease was taken, and before anything else. */
  load(telling: Telling): Promise<void>
  /** Set where its Environments are people's own objects, and not a mirror of the configuration. */
  readonly environments: StoredEnvironments | undefined
}

/** Environments that people put into the store and take out of it. */
export interface StoredEnvironments {
  /** Lets a deleted Environment be gone for every rollout that has ended. */
  readonly letGo: (name: string) => Promise<void>
  /** Has one stay, when it is deleted, until its services were taken down, or lets it go without that. */
  readonly keepForDrain: (name: string, isWanted: boolean) => Promise<void>
}

interface Surroundings {
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly closers: Closers
  readonly telling: Telling
  readonly secrets: Secrets
}

/** Opens the configured store; a Kubernetes client is loaded only where one is asked for. */
export function openStore(config: Config, surroundings: Surroundings): Promise<OpenedStore> {
  const { closers } = surroundings
  const { store } = config
  switch (store.type) {
    case 'file':
      return openFiles(config, closers)
    case 'dynamodb':
      return openTable(store, closers)
    case 'kubernetes':
      return openCluster(store, surroundings)
  }
}

async function openFiles({ dataDir }: Config, closers: Closers): Promise<OpenedStore> {
  const files = { fileSystem: systemFileSystem, clock: systemClock }
  const holder = await processFacts(randomUUID())
  const leases = createFileLeases({ ...files, directory: `${dataDir}/leases`, holder, isAlive })
  const uid = uuidSource(systemRandom)
  const store = createFileStore({ ...files, directory: `${dataDir}/store`, uid, epochs: leases })
  closers.add(() => store.close())
  return {
    store,
    leases,
    leadership: ALONE,
    environments: undefined,
    /** Nobody but the lease's holder may put broken files aside. */
    async load({ log }) {
      for (const { file, movedTo, message } of await store.load())
        log.error(`a file of the store is broken: ${message}`, { file, movedTo })
    },
  }
}

/** Of one attempt at the table; together with the pauses between attempts shorter than a lease lasts. */
const TABLE_TIMEOUT_MS = 2_000
/** What others have written is seen within a second, the time of a call with it. */
const TABLE_POLL_MS = 500

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
  return { store, leases, leadership, environments: undefined, load: () => store.catchUp() }
}

async function openCluster(
  { namespace: wanted, shards }: Extract<Config['store'], { type: 'kubernetes' }>,
  { variables, closers, telling, secrets }: Surroundings,
): Promise<OpenedStore> {
  const { createEventRecorder, createKubeSecrets, createOwnedStore, KubeLeases, openKubeClient } =
    await import('../adapters/kubernetes/kubernetes.ts')
  const client = openKubeClient(variables, systemClock)
  const namespace = wanted ?? client.namespace
  const holder = await processFacts(randomUUID())
  const recorder = createEventRecorder({
    client,
    namespace,
    clock: systemClock,
    random: systemRandom,
    instance: `${holder.host}_${holder.instance}`,
    redact: (text) => telling.redactor.text(text),
    onLost: ({ code, message }) =>
      telling.log.warn(`Events of Kubernetes are lost: ${message}`, { code, namespace }),
  })
  const leases = new KubeLeases({ client, namespace, clock: systemClock, holder, isAlive, shards })
  const leaseUid = (lease: string): string | undefined => leases.uidOf(lease)
  const { store, ...environments } = createOwnedStore({ client, namespace, clock: systemClock, leaseUid })
  // They lie beside the controller, wherever its objects are.
  const kubeSecrets = createKubeSecrets({ client, namespace: client.namespace })
  secrets.useCluster(kubeSecrets)
  closers.add(() => kubeSecrets.close())
  telling.hear(recorder.telemetry)
  closers.add((limitMs) => recorder.close(Math.min(limitMs, EVENTS_CLOSE_MS)))
  return {
    store,
    leases,
    leadership: shards === 1 ? ONE_OF_SEVERAL : { shards: shardNames(shards), standsBy: true },
    environments,
    load: async () => undefined,
  }
}

/** How long the end waits for Events that are not written yet, in milliseconds. */
const EVENTS_CLOSE_MS = 2_000
