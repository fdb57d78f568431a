/** The store's objects and calls have the Kubernetes API's semantics, so that a file, DynamoDB or the Kubernetes API itself can hold them. */

export type Kind = 'Environment' | 'Release' | 'Rollout'

export interface ObjectMetadata {
  readonly name: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  /** Raised by the store whenever spec changes. */
  readonly generation: number
  /** Opaque; changes with every write of the object. */
  readonly resourceVersion: string
  /** RFC 3339. */
  readonly creationTimestamp: string
  readonly uid: string
  /** RFC 3339; set from when somebody has deleted it until nothing holds it any more, where a store has such a time. */
  readonly deletionTimestamp?: string
}

export interface StoredObject {
  readonly apiVersion: 'steersman.dev/v1alpha1'
  readonly kind: Kind
  readonly metadata: ObjectMetadata
  readonly spec: Readonly<Record<string, unknown>>
  readonly status?: Readonly<Record<string, unknown>>
}

/** What a caller gives to create an object; the store fills in the rest of the metadata. */
export interface NewObject {
  readonly kind: Kind
  readonly metadata: Pick<ObjectMetadata, 'name' | 'labels' | 'annotations'>
  readonly spec: Readonly<Record<string, unknown>>
  readonly status?: Readonly<Record<string, unknown>>
}

export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: StoredObject }
  /** The store can no longer say what happened since the given version: list again (Kubernetes' 410). */
  | { readonly type: 'EXPIRED' }

/** The lease under which a write was decided. A store that several processes write refuses it (`LeaseLost`, retry) once the lease has another epoch. */
export interface Fence {
  readonly lease: string
  readonly epoch: number
}

/**
 * A read shows all that this process has written, and what others have at the latest a moment ago; a write counts only on the newest version.
 * Errors are PortErrors: `Conflict` (retry: read again first), `AlreadyExists`, `NotFound`, `StoreUnavailable` (retry), `StoreFull` (retry).
 */
export interface Store {
  get(kind: Kind, name: string): Promise<StoredObject | undefined>
  /** Sorted by name; `labels` must all match. */
  list(
    kind: Kind,
    options?: { readonly labels?: Readonly<Record<string, string>> },
  ): Promise<{ readonly items: readonly StoredObject[]; readonly resourceVersion: string }>
  create(object: NewObject, fence?: Fence): Promise<StoredObject>
  /** Replaces spec, labels and annotations when `metadata.resourceVersion` is still current; leaves status alone. */
  update(object: StoredObject, fence?: Fence): Promise<StoredObject>
  /** Replaces status when `metadata.resourceVersion` is still current; leaves the rest alone. A status that is equal is not written and keeps its version. */
  updateStatus(object: StoredObject, fence?: Fence): Promise<StoredObject>
  delete(kind: Kind, name: string, fence?: Fence): Promise<void>
  /** Events after `resourceVersion` (or from now on), in order, until the signal is aborted. */
  watch(options: {
    readonly kinds?: readonly Kind[]
    readonly resourceVersion?: string
    readonly signal: AbortSignal
  }): AsyncIterable<WatchEvent>
}

/** Who holds a lease: enough to tell whether that process still lives on this machine. */
export interface LeaseHolder {
  readonly host: string
  readonly bootId: string
  readonly pid: number
  /** In milliseconds, as the operating system tells it (Linux: since boot, so that no jump of the clock changes it); 0 where it tells nothing. */
  readonly processStartedAt: number
  /** Different for each run of a controller. */
  readonly instance: string
}

export interface Lease {
  readonly name: string
  /** One more with every new holder: an older epoch may no longer act. */
  readonly epoch: number
  readonly holder: LeaseHolder
  /** Milliseconds since the epoch. */
  readonly renewedAt: number
  readonly expiresAt: number
}

export type LeaseAttempt =
  { readonly held: true; readonly lease: Lease } | { readonly held: false; readonly by: Lease }

/** The processes that share a store's leases, by their instances. */
export interface Membership {
  readonly self: string
  /** This one with them. */
  readonly living: readonly string[]
}

/** Leases beside the store: at most one holder of a name at a time. */
export interface Leases {
  /** Takes a free, expired or orphaned lease (its process is gone), or renews one's own; never waits. */
  acquire(request: { readonly name: string; readonly durationMs: number }): Promise<LeaseAttempt>
  /** Gives the lease up if it is still ours. */
  release(lease: Lease): Promise<void>
  /** Tells the other processes that this one lives, for so long, and resolves to who does; left out where there is never another. */
  announce?(durationMs: number): Promise<Membership>
  /** Tells them that it is about to end. */
  leave?(): Promise<void>
}
