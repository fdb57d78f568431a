import { randomUUID } from 'node:crypto'
import { createFileLeases } from '../adapters/store/file-leases.ts'
import { createFileStore } from '../adapters/store/file-store.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { systemFileSystem } from '../adapters/system/file-system.ts'
import { isAlive, processFacts } from '../adapters/system/process.ts'
import { systemRandom, uuidSource } from '../adapters/system/random.ts'
import type { Config } from '../config.ts'
import type { LeaseHolder, Leases, Store } from '../ports/store.ts'
import type { Closers } from './closers.ts'
import type { Telling } from './telemetry.ts'

/** Where state is kept, as the configuration says. */
export interface OpenedStore {
  readonly store: Store
  readonly leases: Leases
  /** Reads what must be read once the lease is held, and before anything else. */
  load(telling: Telling): Promise<void>
  /**
   * Whether others write there too: several controllers, of which one acts and the others stand by, and people. Their Environments are read from the store then.
   */
  readonly isShared: boolean
}

/** Opens the configured store; a Kubernetes client is loaded only where one is asked for. */
export async function openStore(
  config: Config,
  variables: Readonly<Record<string, string | undefined>>,
  closers: Closers,
): Promise<OpenedStore> {
  const holder = await processFacts(randomUUID())
  return config.store.type === 'kubernetes'
    ? kubernetesStore(config.store.namespace, variables, holder)
    : fileStore(config, closers, holder)
}

function fileStore({ dataDir }: Config, closers: Closers, holder: LeaseHolder): OpenedStore {
  const files = { fileSystem: systemFileSystem, clock: systemClock }
  const leases = createFileLeases({ ...files, directory: `${dataDir}/leases`, holder, isAlive })
  const uid = uuidSource(systemRandom)
  const store = createFileStore({ ...files, directory: `${dataDir}/store`, uid, epochs: leases })
  closers.add(() => store.close())
  return {
    store,
    leases,
    isShared: false,
    /** Nobody but the lease's holder may put broken files aside. */
    async load({ log }) {
      for (const { file, movedTo, message } of await store.load())
        log.error(`a file of the store is broken: ${message}`, { file, movedTo })
    },
  }
}

async function kubernetesStore(
  wanted: string | undefined,
  variables: Readonly<Record<string, string | undefined>>,
  holder: LeaseHolder,
): Promise<OpenedStore> {
  const { createKubeStore, KubeLeases, openKubeClient } = await import('../adapters/kubernetes/kubernetes.ts')
  const client = openKubeClient(variables)
  const namespace = wanted ?? client.namespace
  return {
    store: createKubeStore({ client, namespace }),
    leases: new KubeLeases({ client, namespace, clock: systemClock, holder, isAlive }),
    isShared: true,
    load: async () => undefined,
  }
}
