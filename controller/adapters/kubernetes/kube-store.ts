import type { Clock } from '../../ports/clock.ts'
import { PortError } from '../../ports/error.ts'
import type { Fence, Kind, NewObject, Store, StoredObject } from '../../ports/store.ts'
import type { KubeClient } from './calls.ts'
import { kindChanges } from './kind-changes.ts'
import { leaseObjectName } from './lease-objects.ts'
import type { KubeObject, LeaseMark } from './objects.ts'
import {
  assertName,
  bodyOfNew,
  bodyOfStatus,
  bodyOfUpdate,
  fromKube,
  isBlank,
  isLater,
  kinds as allKinds,
  pathOf,
} from './objects.ts'
import type { OwnerReference } from './ownership.ts'
import { watchKinds } from './watch-kinds.ts'

export interface KubeStoreOptions {
  readonly client: KubeClient
  readonly namespace: string
  readonly clock: Clock
  /** How long to wait before a broken watch is begun again, in milliseconds. */
  readonly retryMs?: number
  /** Whom an object that is to be created shall be deleted with; whoever throws keeps it from being created. */
  readonly ownerOf?: (object: NewObject) => Promise<OwnerReference | undefined>
  /** The uid of the Lease object behind a lease that this process has held: epochs are compared within one object. */
  readonly leaseUid?: (lease: string) => string | undefined
}

/** By whom the server's `managedFields` say that a field was written. */
const FIELD_MANAGER = 'steersman'

/** How many objects one answer to a list holds. */
const PAGE = 500

/** How often a list is begun anew whose pages have expired meanwhile. */
const LIST_TRIES = 5

/**
 * Objects as custom resources of one namespace. Every read asks the server, so what is read is never older than what was written before; versions,
 * conflicts, generations and the status subresource are the server's own.
 */
export function createKubeStore(options: KubeStoreOptions): Store {
  return new KubeStore(options)
}

class KubeStore implements Store {
  readonly #client: KubeClient
  readonly #namespace: string
  readonly #clock: Clock
  readonly #retryMs: number
  readonly #ownerOf: NonNullable<KubeStoreOptions['ownerOf']>
  readonly #leaseUid: NonNullable<KubeStoreOptions['leaseUid']>
  /** Watches that don't know yet where they begin: what is written after the call must not come before it. */
  readonly #starting = new Set<Promise<unknown>>()

  constructor({
    client,
    namespace,
    clock,
    retryMs = 1_000,
    ownerOf = async () => undefined,
    leaseUid = () => undefined,
  }: KubeStoreOptions) {
    this.#client = client
    this.#namespace = namespace
    this.#clock = clock
    this.#retryMs = retryMs
    this.#ownerOf = ownerOf
    this.#leaseUid = leaseUid
  }

  async get(kind: Kind, name: string): Promise<StoredObject | undefined> {
    const found = await this.#raw(kind, name)
    return found === undefined ? undefined : fromKube(kind, found)
  }

  async list(
    kind: Kind,
    { labels = {} }: { readonly labels?: Readonly<Record<string, string>> } = {},
  ): ReturnType<Store['list']> {
    const labelSelector = Object.entries(labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(',')
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#pages(kind, labelSelector === '' ? {} : { labelSelector })
      } catch (error) {
        if (!hasCode(error, 'Expired') || attempt === LIST_TRIES) throw error
      }
    }
  }

  async create(object: NewObject, fence?: Fence): Promise<StoredObject> {
    assertName(object.metadata.name)
    const { kind } = object
    const body = bodyOfNew(object, { owner: await this.#ownerOf(object), lease: this.#mark(kind, fence) })
    const created = fromKube(kind, await this.#write('POST', pathOf(kind, this.#namespace), body))
    if (isBlank(object.status)) return created
    // It is there already, by its annotation: this only shows it to everybody else.
    return this.updateStatus(created, fence).catch(() => created)
  }

  async update(object: StoredObject): Promise<StoredObject> {
    const { kind, metadata } = object
    const stored = await this.#raw(kind, metadata.name)
    if (stored === undefined) throw gone(kind, metadata.name)
    assertCurrent(stored, object)
    const body = bodyOfUpdate(stored, object)
    if (body === undefined) return fromKube(kind, stored)
    return fromKube(kind, await this.#write('PUT', this.#pathTo(kind, metadata.name), body))
  }

  async updateStatus(object: StoredObject, fence?: Fence): Promise<StoredObject> {
    const { kind, metadata } = object
    const path = `${this.#pathTo(kind, metadata.name)}/status`
    const lease = this.#mark(kind, fence)
    try {
      return fromKube(kind, await this.#write('PUT', path, bodyOfStatus(object, lease)))
    } catch (error) {
      if (lease !== undefined && hasCode(error, 'Invalid')) await this.#assertNoneLater(object, lease)
      // The server calls it a conflict with the uid, too, where the object is gone.
      if (hasCode(error, 'Conflict') && (await this.#raw(kind, metadata.name)) === undefined)
        throw gone(kind, metadata.name)
      throw error
    }
  }

  async delete(kind: Kind, name: string): Promise<void> {
    await this.#write('DELETE', this.#pathTo(kind, name), undefined)
  }

  watch({
    kinds = allKinds,
    resourceVersion,
    signal,
  }: Parameters<Store['watch']>[0]): ReturnType<Store['watch']> {
    const started = this.#startOf(kinds, resourceVersion)
    this.#starting.add(started)
    started.then(
      () => this.#starting.delete(started),
      () => this.#starting.delete(started),
    )
    return watchKinds({
      started,
      signal,
      changesOf: kinds.map(
        (kind) => (after, aborted) =>
          kindChanges({
            kind,
            after,
            client: this.#client,
            path: pathOf(kind, this.#namespace),
            retryMs: this.#retryMs,
            clock: this.#clock,
            signal: aborted,
          }),
      ),
    })
  }

  /** The version that a watch begins after; undefined for one that the server never gave. */
  async #startOf(kinds: readonly Kind[], wanted: string | undefined): Promise<string | undefined> {
    if (wanted !== undefined && !/^[1-9]\d{0,18}$/.test(wanted)) return undefined
    const { resourceVersion: now } = await this.#page(kinds[0] ?? 'Environment', { limit: '1' })
    if (wanted === undefined) return now
    return BigInt(wanted) > BigInt(now) ? undefined : wanted
  }

  /** Rollouts say under which lease they were written. */
  #mark(kind: Kind, fence: Fence | undefined): LeaseMark | undefined {
    const uid = fence === undefined || kind !== 'Rollout' ? undefined : this.#leaseUid(fence.lease)
    if (fence === undefined || uid === undefined) return undefined
    return { name: leaseObjectName(fence.lease), uid, epoch: fence.epoch }
  }

  /** The schema's rule refuses an older epoch with the same answer as any other broken rule. */
  async #assertNoneLater({ kind, metadata }: StoredObject, lease: LeaseMark): Promise<void> {
    const stored = await this.#raw(kind, metadata.name)
    if (stored === undefined || !isLater(stored, lease)) return
    throw new PortError(`another controller holds the lease ${lease.name} by now, so nothing is stored`, {
      code: 'LeaseLost',
      handling: 'retry',
    })
  }

  async #raw(kind: Kind, name: string): Promise<KubeObject | undefined> {
    try {
      return (await this.#client.request({ method: 'GET', path: this.#pathTo(kind, name) })) as KubeObject
    } catch (error) {
      if (hasCode(error, 'NotFound')) return undefined
      throw error
    }
  }

  async #pages(kind: Kind, query: Readonly<Record<string, string>>): ReturnType<Store['list']> {
    const items: StoredObject[] = []
    let next: string | undefined
    do {
      const page = await this.#page(kind, { ...query, limit: String(PAGE), continue: next })
      items.push(...page.items)
      if (page.next === undefined)
        return { items: items.toSorted(byName), resourceVersion: page.resourceVersion }
      next = page.next
    } while (items.length < MAXIMUM_OBJECTS)
    throw new PortError(`there are more than ${MAXIMUM_OBJECTS} objects of kind ${kind}`, {
      code: 'StoreFull',
      handling: 'retry',
    })
  }

  async #page(
    kind: Kind,
    query: Readonly<Record<string, string | undefined>>,
  ): Promise<{
    readonly items: readonly StoredObject[]
    readonly resourceVersion: string
    readonly next: string | undefined
  }> {
    const path = pathOf(kind, this.#namespace)
    const list = (await this.#client.request({ method: 'GET', path, query })) as KubeList
    const { resourceVersion, continue: next } = list.metadata
    return {
      items: list.items.map((item) => fromKube(kind, item)),
      resourceVersion,
      next: next === '' ? undefined : next,
    }
  }

  async #write(
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: object | undefined,
  ): Promise<KubeObject> {
    await Promise.allSettled(this.#starting)
    const query = method === 'DELETE' ? {} : { fieldManager: FIELD_MANAGER }
    return (await this.#client.request({ method, path, query, body })) as KubeObject
  }

  #pathTo(kind: Kind, name: string): string {
    assertName(name)
    return `${pathOf(kind, this.#namespace)}/${name}`
  }
}

interface KubeList {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string }
  readonly items: readonly KubeObject[]
}

/** Far more than anybody has; a list must end. */
const MAXIMUM_OBJECTS = 200_000

/** By code units, as every store sorts. */
const byName = (one: StoredObject, other: StoredObject): number =>
  one.metadata.name < other.metadata.name ? -1 : 1

function assertCurrent({ metadata }: KubeObject, given: StoredObject): void {
  const { name, uid, resourceVersion } = given.metadata
  if (metadata['uid'] === uid && metadata['resourceVersion'] === resourceVersion) return
  throw new PortError(`${given.kind} ${name} was changed meanwhile`, { code: 'Conflict', handling: 'retry' })
}

const gone = (kind: Kind, name: string): PortError =>
  new PortError(`${kind} ${name} does not exist`, { code: 'NotFound', handling: 'retry' })

const hasCode = (error: unknown, code: string): boolean => error instanceof PortError && error.code === code
