import type { DeepFacts } from '../core/deep-drift.ts'
import type { DesiredRelease } from '../core/desired.ts'
import type { Issue, LoadedRelease } from '../core/manifest.ts'
import type { ReleaseObservation } from '../core/observation.ts'
import type { Inventory } from '../core/unmanaged.ts'
import type { RenderedTaskDefinition } from '../core/task-definition.ts'
import type { ChangedBy, DefaultedEnvironment, DefaultedRelease } from '../resources/types.ts'
import type { Clock } from '../ports/clock.ts'
import type { Random } from '../ports/random.ts'
import type { Leases, Store, StoredObject } from '../ports/store.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import type { ReleaseKey } from '../resources/names.ts'
import type { Connect, Connections } from './connections.ts'
import type { InfrastructureWant, KnownRoot } from './infrastructure/wanted.ts'
import type { Unsettled } from './follow-wall.ts'
import type { Hurry } from './hurry.ts'
import type { SteadyClock } from './steady-clock.ts'
import type { Leads } from './leads.ts'

export interface EngineSettings {
  /** How often a rollout looks at the world while it waits. */
  readonly pollMs: number
  /** How long a read may show the world before a write. */
  readonly stalenessBoundMs: number
  /** Timeout of one write; the lease must be sure for at least as long. */
  readonly callTimeoutMs: number
  /** Finished rollouts kept per release. */
  readonly rolloutsKept: number
  readonly concurrency: number
  /** Terraform roots that are open at once. */
  readonly terraformConcurrency: number
  /** Whether Terraform may run as the controller's own user, who can read its memory. */
  readonly terraformMayShareUser: boolean
  /** Whether the store's Environments are people's own, and not a mirror of a configuration. */
  readonly environmentsAreStored?: boolean
}

/** What the engine is given once, by main.ts. */
export interface EnginePorts {
  readonly clock: Clock
  readonly random: Random
  readonly store: Store
  readonly leases: Leases
  readonly telemetry: Telemetry
  readonly connect: Connect
}

/** What the wanted commit says of a release: all of it, or what it still waits for. */
export type Desire =
  | {
      readonly kind: 'Ready'
      readonly release: DesiredRelease
      readonly rendered: RenderedTaskDefinition | undefined
    }
  | {
      readonly kind: 'Waiting'
      readonly reason: string
      readonly message: string
      readonly until: number | undefined
    }
  /** Only a person can mend it. */
  | { readonly kind: 'Stalled'; readonly reason: string; readonly message: string }
  /** No longer in the branch; `prune` takes what is left of it to zero. */
  | {
      readonly kind: 'Removed'
      readonly release: DesiredRelease
      readonly prune: boolean
      /** Set where the whole environment is taken down: the releases that must be gone before this one. */
      readonly after?: readonly string[]
    }

/** What is kept of a release that was read: where each part was written is as large as all the rest. */
export type WantedRelease = Pick<LoadedRelease, 'release' | 'outputReferences'>

/** What reading the wanted commit came to. */
export type DesiresRead =
  | { readonly kind: 'Refused'; readonly issues: readonly Issue[] }
  | {
      readonly kind: 'Read'
      readonly loaded: readonly WantedRelease[]
      readonly desires: ReadonlyMap<string, Desire>
      /** Undefined where the environment has no Terraform, or a person's hold says what serves. */
      readonly infrastructure: InfrastructureWant | undefined
    }

/** How much of an environment is looked at: its releases, too, or what is recorded of it alone. */
export type Extent = 'Everything' | 'Record'

/** One environment as the engine knows it: its document, its connections, and what can be computed again from git and AWS. */
export interface EnvironmentState {
  readonly environment: DefaultedEnvironment
  readonly connections: Connections
  /** When this controller took it over, on the monotonic clock. */
  readonly ledSince: number
  /** The wanted commit's releases as they were written, for claims of other environments. */
  claimed: readonly DefaultedRelease[]
  /** What was read last, by everything that it depends on. */
  read: { readonly key: string; readonly read: DesiresRead } | undefined
  /** The stored Releases as they were when they were made a mirror of what was read, by name. */
  readonly mirrored: Map<string, Pick<StoredObject['metadata'], 'uid' | 'generation'>>
  /** What the next reconcile was asked for; undefined by the clock alone. */
  asked: Extent | undefined
  /** When the clock asks for it, on the monotonic clock: who asks for less meanwhile does not put it off. */
  dueAt: number
  /** The wanted commit's releases with their relations: what depends on what, and what moves together. */
  releases: readonly DefaultedRelease[]
  /** The references that the mirror was last brought up to. */
  fetched: string | undefined
  /** A person's hold by tag, while it lasts. */
  held:
    | { readonly by: string; readonly at: string; readonly reason?: string; readonly rollout?: number }
    | undefined
  /** By release; undefined until the wanted commit was read. */
  desires: ReadonlyMap<string, Desire> | undefined
  /** The Terraform root of the commit that was read last. */
  root: KnownRoot | undefined
  /** What Terraform shall make; undefined until the wanted commit was read. */
  infrastructure: InfrastructureWant | undefined
  /** Somebody asked for everything to be looked at: what failed is tried at once. */
  infrastructureAsked: boolean
  /** What was seen of each release last: only for what does not change, such as ports. */
  readonly lastSeen: Map<string, ReleaseObservation>
  /** What the last sweep saw of each release, and when on the monotonic clock; used once. */
  readonly sweep: Map<string, { readonly observation: ReleaseObservation; readonly at: number }>
  /** Who has changed a field, by release and path, as far as it was found out. */
  readonly changedBy: Map<string, ChangedBy>
  /** Fields of which that is being found out; off once it was refused. */
  readonly asking: { off: boolean; readonly marks: Set<string> }
  /** Releases of which the last reconcile found that nothing is to be done, with what that was decided on. */
  readonly rest: Map<string, Rest>
  /** When each release was last heard of, on the monotonic clock: what was seen before is too old. */
  readonly woken: Map<string, number>
  /** Whether the queue of `spec.aws.events` is heard; undefined before it was tried, and without one. */
  listening: { readonly listens: boolean; readonly reason: string; readonly message: string } | undefined
  /** What the last deep look at each release showed. */
  readonly deep: Map<string, DeepLook>
  /** What there is in the places where the releases run; undefined before the first look. */
  inventory: InventoryLook | undefined
}

/** All that a reconcile was decided on which found nothing to do and nothing to wait for. */
export interface Rest {
  readonly desire: Desire
  readonly observation: ReleaseObservation
  readonly releaseVersion: string
  readonly environmentVersion: string | undefined
}

/** A look at all that there is in the places where releases run. */
export interface InventoryLook {
  readonly asked: string
  /** On the monotonic clock. */
  readonly monotonic: number
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly inventory: Inventory
  /** Why not all of it could be seen. */
  readonly problem: string | undefined
}

/** A deep look, and when it was on the monotonic clock. */
export interface DeepLook {
  readonly asked: string
  readonly monotonic: number
  readonly facts: DeepFacts
}

/** What reading the wanted commit needs: it writes nothing. */
export interface Reader {
  readonly ports: Pick<EnginePorts, 'store' | 'clock'>
}

/** The store beside every lease: what is written there asks, and decides nothing. */
export type SharedStore = Pick<Store, 'get' | 'list' | 'update'>

/** What each reconcile may use. */
export interface Engine {
  readonly ports: EnginePorts & { readonly clock: SteadyClock }
  readonly settings: EngineSettings
  readonly leads: Pick<Leads, 'of'>
  /** For marks on what another controller leads. */
  readonly shared: SharedStore
  /** Aborted when the controller is asked to end. */
  readonly stopping: AbortSignal
  readonly environments: ReadonlyMap<string, EnvironmentState>
  /** Of the releases that are worked on. */
  readonly hurries: Map<string, Hurry>
  /** Releases for which the time must not leap. */
  readonly unsettled: Unsettled
  readonly enqueueEnvironment: (environment: string) => void
  /** For what changed of its records alone: releases that were looked at a moment ago are not looked at again. */
  readonly enqueueRecord: (environment: string) => void
  /** Deep looks take minutes, too. */
  readonly enqueueDeepSweep: (environment: string) => void
  /** Terraform takes minutes: it has a queue of its own. */
  readonly enqueueInfrastructure: (environment: string) => void
  readonly enqueueRelease: (key: ReleaseKey) => void
  /** For the traffic's way back: nothing else keeps it waiting, and least of all what the release itself does just now. */
  readonly enqueueAtOnce: (key: ReleaseKey) => void
  /** For the regular look at all releases: one that failed keeps its backoff. */
  readonly enqueuePatiently: (key: ReleaseKey) => void
}
