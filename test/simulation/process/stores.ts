import { createEventRecorder } from '../../../controller/adapters/kubernetes/events/event-recorder.ts'
import { kubeClientOver } from '../../../controller/adapters/kubernetes/calls.ts'
import { KubeLeases } from '../../../controller/adapters/kubernetes/kube-leases.ts'
import { createOwnedStore } from '../../../controller/adapters/kubernetes/owned-store.ts'
import { createStateTable } from '../../../controller/adapters/store/dynamodb/state-table.ts'
import { createTableLeases } from '../../../controller/adapters/store/dynamodb/table-leases.ts'
import { createTableStore } from '../../../controller/adapters/store/dynamodb/table-store.ts'
import { createFileLeases } from '../../../controller/adapters/store/file-leases.ts'
import { createFileStore } from '../../../controller/adapters/store/file-store.ts'
import { uuidSource } from '../../../controller/adapters/system/random.ts'
import type { StoredEnvironments } from '../../../controller/compose/stores.ts'
import type { Leadership } from '../../../controller/engine/leads.ts'
import { ALONE, ONE_OF_SEVERAL } from '../../../controller/engine/leads.ts'
import type { Random } from '../../../controller/ports/random.ts'
import type { LeaseHolder, Leases, Store } from '../../../controller/ports/store.ts'
import type { Telemetry } from '../../../controller/ports/telemetry.ts'
import { REGION } from '../aws/shape.ts'
import { SimulatedSigner } from '../aws/signer.ts'
import { simulatedWire } from '../aws/wire.ts'
import { clusterWire } from '../cluster/cluster-wire.ts'
import type { SimulatedCluster } from '../cluster/simulated-cluster.ts'
import { NAMESPACE } from '../cluster/simulated-cluster.ts'
import type { SimulatedTable } from '../store/simulated-table.ts'
import { TABLE } from '../store/simulated-table.ts'
import { diskOf } from './disk.ts'
import type { Machine, Surroundings } from './machine.ts'
import { ACCESS_KEY_ID, SECRET, STORE } from './machine.ts'
import type { SimulatedProcess } from './simulated-process.ts'

/** Where a simulated controller keeps its state, put together as `steersman run` does it. */
export interface OpenedStore {
  readonly store: Store
  readonly leases: Leases
  readonly leadership: Leadership
  /** Reads what must be read once the lease was taken. */
  load(): Promise<void>
  /** Set where its Environments are people's own objects. */
  readonly environments: StoredEnvironments | undefined
  /** Hears every event too. */
  readonly telemetry?: Telemetry
}

interface Opening {
  readonly surroundings: Pick<Surroundings, 'time' | 'randomness'>
  readonly machine: Machine
  readonly process: SimulatedProcess
  readonly name: string
  readonly random: Random
}

export function openStore(opening: Opening): OpenedStore {
  const { table, cluster } = opening.machine
  if (cluster !== undefined) return openCluster(cluster, opening)
  return table === undefined ? openFiles(opening) : openTable(table, opening)
}

function openFiles({ surroundings, machine, process, name, random }: Opening): OpenedStore {
  const { clock } = process
  const fileSystem = diskOf(process, machine.fileSystem, {
    random: surroundings.randomness.stream(`${name} disk`),
    state: machine.disk,
    onPowerLoss: () => machine.onPowerLoss(),
  })
  const leases = createFileLeases({
    fileSystem,
    clock,
    directory: '/data/leases',
    holder: holderOf(name),
    isAlive: isAliveOn(machine),
  })
  const uid = uuidSource(random)
  const store = createFileStore({ fileSystem, clock, directory: STORE, uid, epochs: leases })
  const load = async (): Promise<void> => void (await store.load())
  return { store, leases, leadership: ALONE, load, environments: undefined }
}

/** As `steersman run` has them. */
const TABLE_TIMEOUT_MS = 2_000
const TABLE_POLL_MS = 500

function openTable(
  simulated: SimulatedTable,
  { surroundings, machine, process, name, random }: Opening,
): OpenedStore {
  const { clock } = process
  const { time, randomness } = surroundings
  const network = randomness.stream(`${name} network to the table`)
  const requestHandler = simulatedWire({
    world: simulated.as(process),
    process,
    time,
    random: network,
    lateness: (operation) => simulated.lateness(operation, process),
    of: 'store',
  })
  const parts = { clock, random }
  const table = createStateTable({
    ...parts,
    table: TABLE,
    callTimeoutMs: TABLE_TIMEOUT_MS,
    client: {
      region: REGION,
      endpoint: 'http://table.simulation',
      requestHandler,
      signerConstructor: SimulatedSigner,
      credentials: async () => ({ accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET }),
    },
  })
  const store = createTableStore({ ...parts, table, uid: uuidSource(random), pollMs: TABLE_POLL_MS })
  const leases = createTableLeases({
    table,
    clock,
    holder: holderOf(name),
    isAlive: isAliveOn(machine),
    onTaken: () => store.catchUp(),
  })
  const leadership = { shards: machine.shards, standsBy: true }
  return { store, leases, leadership, load: () => store.catchUp(), environments: undefined }
}

function openCluster(
  cluster: SimulatedCluster,
  { surroundings, machine, process, name, random }: Opening,
): OpenedStore {
  const { clock } = process
  const { time, randomness } = surroundings
  const network = randomness.stream(`${name} network to the cluster`)
  const send = clusterWire({ cluster, process, time, random: network })
  const client = kubeClientOver({ namespace: NAMESPACE, send, clock })
  const parts = { client, namespace: NAMESPACE, clock }
  const { telemetry } = createEventRecorder({
    ...parts,
    random,
    instance: name,
    redact: (text) => text,
    onLost: () => undefined,
  })
  // There it is a part of an object's name.
  const holder = holderOf(name.replaceAll(/[^a-z0-9]+/g, '-'))
  const { shards } = machine
  const leases = new KubeLeases({ ...parts, holder, isAlive: async () => undefined, shards: shards.length })
  const { store, ...environments } = createOwnedStore({ ...parts, leaseUid: (lease) => leases.uidOf(lease) })
  const leadership = shards.length === 1 ? ONE_OF_SEVERAL : { shards, standsBy: true }
  return { store, leases, leadership, load: async () => undefined, environments, telemetry }
}

const isAliveOn =
  ({ isApart, living }: Machine) =>
  async ({ instance }: LeaseHolder): Promise<boolean | undefined> =>
    isApart ? undefined : living.has(instance)

const holderOf = (instance: string): LeaseHolder => ({
  host: 'simulation',
  bootId: 'boot',
  pid: 1,
  processStartedAt: 1,
  instance,
})
