import type { MemoryFileSystem } from '../../support/memory-file-system.ts'
import type { SimulatedAws } from '../aws/simulated-aws.ts'
import type { CoreStore } from '../core/core-store.ts'
import type { MemoryMirror } from '../git/mirror.ts'
import type { MemoryRemote } from '../git/remote.ts'
import type { SimulatedCluster } from '../cluster/simulated-cluster.ts'
import type { SimulatedTable } from '../store/simulated-table.ts'
import type { SimulatedTerraform } from '../terraform/simulated-terraform.ts'
import type { Randomness } from '../time/randomness.ts'
import type { Time } from '../time/time.ts'
import type { DiskState } from './disk.ts'
import type { Forge } from './git-gateway.ts'

/** What is outside of every controller. */
export interface Surroundings {
  readonly time: Time
  readonly aws: SimulatedAws
  readonly remote: MemoryRemote
  readonly forge: Forge
  readonly randomness: Randomness
  /** Undefined where the story has none. */
  readonly terraform: SimulatedTerraform | undefined
}

/** What controllers on one machine share, and what outlives each of them. */
export interface Machine {
  readonly fileSystem: MemoryFileSystem
  readonly mirror: MemoryMirror
  readonly disk: DiskState
  /** Holds the controllers' objects at core depth, where nothing is on the disk. */
  readonly coreStore?: CoreStore | undefined
  /** Holds the controllers' objects and leases where they share no disk. */
  readonly table: SimulatedTable | undefined
  /** The same where the store is a Kubernetes cluster. */
  readonly cluster: SimulatedCluster | undefined
  /** Names of the leases over which the environments are spread, where several controllers share a store. */
  readonly shards: readonly string[]
  /** Nobody can tell of another one's process whether it is there, as in containers. */
  readonly isApart: boolean
  /** Instances whose process is there, paused ones included. */
  readonly living: Set<string>
  /** How far its clock is off, in milliseconds. */
  wallOffsetMs: number
  /** The power went in the middle of a write to the disk. */
  onPowerLoss: () => void
}

/** Where the controllers' objects are on their machine's disk. */
export const STORE = '/data/store'

/** Credentials of which no output may ever show the secret (I9). */
export const ACCESS_KEY_ID = 'simulation'
export const SECRET = 'TheSimulationsSecretAccessKey0123456789x'
