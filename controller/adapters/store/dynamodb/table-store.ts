import type { TransactWriteItem } from '@aws-sdk/client-dynamodb'
import type { Clock } from '../../../ports/clock.ts'
import { PortError } from '../../../ports/error.ts'
import type { Random } from '../../../ports/random.ts'
import type { Fence, Kind, NewObject, Store, StoredObject } from '../../../ports/store.ts'
import { alreadyExists, conflict, invalid, notFound, unavailable } from '../errors.ts'
import { assertName, canonical, newObject, versionOf, withSpec, withStatus, withVersion } from '../objects.ts'
import { plain } from '../plain.ts'
import { createWriteQueue } from '../write-queue.ts'
import { ConditionFailed } from './errors.ts'
import {
  type Change,
  changeItem,
  headItem,
  ITEM_LIMIT_BYTES,
  ITEM_OVERHEAD_BYTES,
  keyOf,
  objectItem,
  unchanged,
} from './items.ts'
import { Replica } from './replica.ts'
import type { StateTable } from './state-table.ts'

export interface TableStoreOptions {
  readonly table: StateTable
  readonly clock: Clock
  readonly random: Random
  /** A new UUID with each call. */
  readonly uid: () => string
  /** How often what others wrote is looked for, in milliseconds. */
  readonly pollMs: number
  /** How many changes a watch may lie behind before it expires. */
  readonly watchBacklog?: number
}

export interface TableStore extends Store {
  /** Resolves when everything that was written before the call is known here. */
  catchUp(): Promise<void>
  /** Waits for the writes under way, ends every watch and refuses further calls. */
  close(): Promise<void>
}

/** Calls that may wait for their turn. */
const WAITING_LIMIT = 10_000
/** How often a write begins anew since others wrote meanwhile: each time one of theirs got through. */
const ATTEMPTS = 50
const STEP_ASIDE_MS = 20
/** What is in memory is given out for so long after the table was last heard of; then reads fail as writes do. */
const STALE_AFTER_MS = 30_000

/** What a write makes of an object; undefined: nothing would change. */
interface Planned {
  readonly type: Change['type']
  readonly before: StoredObject | undefined
  readonly object: StoredObject
  readonly json: string
}
type Plan = (stored: StoredObject | undefined, version: string) => Planned | undefined

/**
 * Objects in a DynamoDB table, for several controllers at once. Every write is a transaction of the object, the version of the whole table, and a line of the
 * log of changes: so changes have one order, a write on what somebody else has changed fails, and watchers miss nothing. With a fence the transaction also
 * demands that the lease is still of that epoch. Reads come from memory, which follows the log.
 */
export function createTableStore(options: TableStoreOptions): TableStore {
  return new ReplicatedStore(options)
}

class ReplicatedStore implements TableStore {
  readonly #options: TableStoreOptions
  readonly #queue = createWriteQueue(WAITING_LIMIT)
  #opened: Promise<Replica> | undefined
  #cancelPoll: (() => void) | undefined
  #isClosed = false

  constructor(options: TableStoreOptions) {
    this.#options = options
  }

  async get(kind: Kind, name: string): Promise<StoredObject | undefined> {
    return (await this.#fresh()).objects.get(kind, name)
  }

  async list(kind: Kind, { labels = {} }: { readonly labels?: Readonly<Record<string, string>> } = {}) {
    const { objects, head } = await this.#fresh()
    return { items: objects.list(kind, labels), resourceVersion: String(head) }
  }

  async create(given: NewObject, fence?: Fence): Promise<StoredObject> {
    const { kind, metadata } = given
    assertName(metadata.name)
    const creationTimestamp = new Date(this.#options.clock.now()).toISOString()
    const uid = this.#options.uid()
    return this.#write({ kind, name: metadata.name, fence }, (stored, resourceVersion) => {
      if (stored !== undefined) throw alreadyExists(kind, metadata.name)
      return planned('ADDED', undefined, newObject(plain(given), { resourceVersion, creationTimestamp, uid }))
    })
  }

  update(given: StoredObject, fence?: Fence): Promise<StoredObject> {
    return this.#replace(given, withSpec, fence)
  }

  updateStatus(given: StoredObject, fence?: Fence): Promise<StoredObject> {
    return this.#replace({ ...given, spec: {} }, withStatus, fence)
  }

  async delete(kind: Kind, name: string, fence?: Fence): Promise<void> {
    await this.#write({ kind, name, fence }, (stored, version) => {
      if (stored === undefined) throw notFound(kind, name)
      return planned('DELETED', stored, withVersion(stored, version))
    })
  }

  /** The start is settled by the call, not by the first read of the iterator: nothing in between is missed. */
  watch({ kinds, resourceVersion, signal }: Parameters<Store['watch']>[0]): ReturnType<Store['watch']> {
    const started = this.#open().then((replica) => {
      const after = resourceVersion === undefined ? replica.head : (versionOf(resourceVersion) ?? -1)
      return replica.log.watch({ kinds, after, signal })
    })
    started.catch(() => undefined)
    return (async function* () {
      yield* await started
    })()
  }

  async catchUp(): Promise<void> {
    await this.#queue.run(async () => {
      const wasOpen = this.#opened !== undefined
      const replica = await this.#open()
      if (wasOpen) await replica.catchUp()
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelPoll?.()
    await this.#queue.close()
    const replica = await this.#opened?.catch(() => undefined)
    replica?.log.close()
  }

  #open(): Promise<Replica> {
    if (this.#isClosed) return Promise.reject(unavailable('the store is closed'))
    const { table, clock, watchBacklog = 1_000 } = this.#options
    this.#opened ??= Replica.open({ table, clock, watchBacklog }).then(
      (replica) => {
        this.#pollLater()
        return replica
      },
      (error: unknown) => {
        this.#opened = undefined
        throw error
      },
    )
    return this.#opened
  }

  async #fresh(): Promise<Replica> {
    const replica = await this.#open()
    const silentMs = this.#options.clock.monotonic() - replica.freshAt
    if (silentMs < STALE_AFTER_MS) return replica
    // A process that stood still looks once before it says that the table is away.
    await this.catchUp()
    return replica
  }

  #pollLater(): void {
    if (this.#isClosed) return
    const { clock, pollMs } = this.#options
    this.#cancelPoll = clock.setTimer(pollMs, () => {
      // What a failed look means, reads say once it has lasted; the next look comes all the same.
      void this.catchUp()
        .catch(() => undefined)
        .finally(() => this.#pollLater())
    })
  }

  #replace(given: StoredObject, change: typeof withSpec, fence: Fence | undefined): Promise<StoredObject> {
    const { kind, metadata } = given
    const wanted = plain(given)
    return this.#write({ kind, name: metadata.name, fence }, (stored, version) => {
      assertCurrent(stored, given)
      const changed = change(stored, wanted, version)
      return changed === undefined ? undefined : planned('MODIFIED', stored, changed)
    })
  }

  #write(
    target: { readonly kind: Kind; readonly name: string; readonly fence: Fence | undefined },
    plan: Plan,
  ): Promise<StoredObject> {
    return this.#queue.run(async () => {
      const replica = await this.#open()
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        if (attempt > 1) await this.#stepAside()
        const stored = replica.objects.get(target.kind, target.name)
        const wanted = await planOn(replica, () => plan(stored, String(replica.head + 1)))
        if (wanted === 'Behind') continue
        if (wanted === undefined) return stored as StoredObject
        if (await this.#carryOut(replica, wanted, target.fence)) return wanted.object
        await replica.catchUp()
      }
      throw unavailable(`others wrote ${ATTEMPTS} times during one write`)
    })
  }

  /** False where somebody else has written meanwhile; throws LeaseLost where the fence does not hold. */
  async #carryOut(replica: Replica, wanted: Planned, fence: Fence | undefined): Promise<boolean> {
    const { table, clock, uid } = this.#options
    const { kind, metadata } = wanted.object
    const change: Change = { version: replica.head + 1, type: wanted.type, kind, name: metadata.name }
    const head = headItem(change.version)
    const before = replica.head === 0 ? undefined : headItem(replica.head)
    const writes: TransactWriteItem[] = [
      { Put: { TableName: table.name, Item: head, ...unchanged(before, ['version']) } },
      objectWrite(table.name, wanted, fence),
      { Put: { TableName: table.name, Item: changeItem(change, clock.now()) } },
      ...(fence === undefined ? [] : [fenceCheck(table.name, fence)]),
    ]
    try {
      await table.transact(writes, uid())
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error
      if (error.failed[3] === true) throw lost(fence)
      return false
    }
    replica.commit(change, wanted.object, wanted.json)
    return true
  }

  #stepAside(): Promise<void> {
    const { clock, random } = this.#options
    return clock.sleep(random.next() * STEP_ASIDE_MS)
  }
}

/** What a refusal is worth that rests on memory: only the table's own state counts, so it is read before the caller is told. */
async function planOn(
  replica: Replica,
  plan: () => Planned | undefined,
): Promise<Planned | undefined | 'Behind'> {
  try {
    return plan()
  } catch (error) {
    if (!(error instanceof PortError) || error.handling !== 'retry') throw error
    if (await replica.catchUp()) return 'Behind'
    throw error
  }
}

function planned(type: Change['type'], before: StoredObject | undefined, wanted: StoredObject): Planned {
  const { text: json, object } = canonical(wanted)
  const bytes = Buffer.byteLength(json) + ITEM_OVERHEAD_BYTES
  if (bytes > ITEM_LIMIT_BYTES)
    throw invalid(
      `${object.kind} ${object.metadata.name} takes ${bytes} bytes, and an item of DynamoDB at most ${ITEM_LIMIT_BYTES}`,
      'Make the object smaller, or use a store without that limit (kubernetes, file).',
    )
  return { type, before, object, json }
}

function objectWrite(
  table: string,
  { type, before, object, json }: Planned,
  fence: Fence | undefined,
): TransactWriteItem {
  const key = keyOf(object.kind, object.metadata.name)
  const condition = unchanged(
    before === undefined ? undefined : objectItem(before, { json: '', epoch: undefined }),
    ['version', 'uid'],
  )
  if (type === 'DELETED') return { Delete: { TableName: table, Key: { ...key }, ...condition } }
  return { Put: { TableName: table, Item: objectItem(object, { json, epoch: fence?.epoch }), ...condition } }
}

/** The lease is still of the epoch under which the write was decided: its next holder has another. */
function fenceCheck(table: string, { lease, epoch }: Fence): TransactWriteItem {
  const wanted = { epoch: { N: String(epoch) }, released: { BOOL: false } }
  return {
    ConditionCheck: {
      TableName: table,
      Key: { ...keyOf('lease', lease) },
      ...unchanged(wanted, ['epoch', 'released']),
    },
  }
}

/** Throws `NotFound` or `Conflict` unless the caller has seen the newest version of this very object. */
function assertCurrent(
  stored: StoredObject | undefined,
  given: StoredObject,
): asserts stored is StoredObject {
  const { name, resourceVersion, uid } = given.metadata
  if (stored === undefined) throw notFound(given.kind, name)
  if (stored.metadata.resourceVersion !== resourceVersion || stored.metadata.uid !== uid)
    throw conflict(given.kind, name)
}

const lost = (fence: Fence | undefined): PortError =>
  new PortError(`another controller holds the lease ${fence?.lease ?? ''} by now, so nothing is stored`, {
    code: 'LeaseLost',
    handling: 'retry',
  })
