import type { Clock } from '../../../ports/clock.ts'
import type { Kind, StoredObject } from '../../../ports/store.ts'
import { unavailable } from '../errors.ts'
import { createObjectTable, type ObjectTable } from '../object-table.ts'
import { canonical, kinds, versionOf, withVersion } from '../objects.ts'
import { createWatchLog, type WatchLog } from '../watch-log.ts'
import {
  type Change,
  changeIn,
  changeKey,
  headKey,
  headVersion,
  type Item,
  keyOf,
  objectIn,
} from './items.ts'
import type { StateTable } from './state-table.ts'

/** Changes that are read in one step. */
const STEP = 500
/** A transaction's items may become readable one by one: what is not whole yet is looked at again, so often and after so long. */
const LOOKS = 6
const LOOK_AGAIN_MS = 50
/** An object that is still not there then was deleted by a later change. */
const LOOKS_FOR_GONE = 2

/** Every object of the table in memory, as of one version; its calls must not overlap. */
export class Replica {
  readonly #table: StateTable
  readonly #clock: Clock
  readonly log: WatchLog
  #objects: ObjectTable
  #head: number
  /** When it was last seen to be whole, on the monotonic clock. */
  #freshAt: number

  private constructor(parts: {
    readonly table: StateTable
    readonly clock: Clock
    readonly watchBacklog: number
    readonly read: Loaded
  }) {
    this.#table = parts.table
    this.#clock = parts.clock
    this.#objects = createObjectTable(parts.read.objects)
    this.#head = parts.read.head
    this.#freshAt = parts.read.at
    this.log = createWatchLog({ start: this.#head, limit: parts.watchBacklog })
  }

  static async open(parts: {
    readonly table: StateTable
    readonly clock: Clock
    readonly watchBacklog: number
  }): Promise<Replica> {
    return new Replica({ ...parts, read: await load(parts) })
  }

  get head(): number {
    return this.#head
  }

  get freshAt(): number {
    return this.#freshAt
  }

  get objects(): Pick<ObjectTable, 'get' | 'list'> {
    return this.#objects
  }

  /** Takes in what others have written; resolves to whether there was anything. */
  async catchUp(): Promise<boolean> {
    const before = this.#head
    const at = this.#clock.monotonic()
    const newest = headVersion(await this.#table.get(headKey))
    while (this.#head < newest) {
      const to = Math.min(newest, this.#head + STEP)
      const isKnown = await this.#step(to)
      if (!isKnown) await this.#reload()
    }
    // A table that was made anew, or put back from a backup.
    if (newest < this.#head) await this.#reload()
    this.#freshAt = at
    return this.#head !== before
  }

  /** What this process itself has written, in the version after the last. */
  commit(change: Change, object: StoredObject, json: string): void {
    if (change.type === 'DELETED') this.#objects.remove(change.kind, change.name)
    else this.#objects.set(object, json)
    this.#head = change.version
    this.log.add({ version: change.version, type: change.type, object })
  }

  /** Takes in the changes up to a version; false where some of them are no longer kept. */
  async #step(to: number): Promise<boolean> {
    for (let look = 0; look < LOOKS; look += 1) {
      if (look > 0) await this.#clock.sleep(LOOK_AGAIN_MS)
      const changes = await this.#changesTo(to)
      if (changes.length < to - this.#head) continue
      const last = lastOfEach(changes)
      const found = await this.#objectsOf(last)
      const mayBeGone = look >= LOOKS_FOR_GONE
      if (last.some((change) => !isSettled(change, found.get(idOf(change)), mayBeGone))) continue
      for (const change of last) this.#take(change, found.get(idOf(change)))
      this.#head = to
      return true
    }
    return false
  }

  async #changesTo(to: number): Promise<readonly Change[]> {
    const range = { after: changeKey(this.#head + 1).sk.S ?? '', to: changeKey(to).sk.S ?? '' }
    return (await this.#table.query('change', range)).map(changeIn)
  }

  async #objectsOf(changes: readonly Change[]): Promise<ReadonlyMap<string, StoredObject>> {
    const items = await this.#table.batchGet(changes.map(({ kind, name }) => keyOf(kind, name)))
    return new Map(
      items.flatMap((item) => {
        const object = objectOf(item)
        return object === undefined ? [] : [[idOf({ kind: object.kind, name: object.metadata.name }), object]]
      }),
    )
  }

  /** An object that was changed once more meanwhile comes with that later change. */
  #take({ version, type, kind, name }: Change, found: StoredObject | undefined): void {
    const before = this.#objects.get(kind, name)
    if (type === 'DELETED') {
      this.#objects.remove(kind, name)
      if (before === undefined) return
      const object = canonical(withVersion(before, String(version))).object
      this.log.add({ version, type, object })
      return
    }
    if (found === undefined || versionIn(found) !== version) return
    this.#objects.set(found, '')
    this.log.add({ version, type: before === undefined ? 'ADDED' : 'MODIFIED', object: found })
  }

  async #reload(): Promise<void> {
    const { objects, head } = await load({ table: this.#table, clock: this.#clock })
    this.#objects = createObjectTable(objects)
    this.#head = head
    this.log.expire(head)
  }
}

interface Loaded {
  readonly objects: readonly StoredObject[]
  readonly head: number
  readonly at: number
}

/** The head is read first: what is written meanwhile is read once more with the changes after it. */
async function load({
  table,
  clock,
}: {
  readonly table: StateTable
  readonly clock: Clock
}): Promise<Loaded> {
  const at = clock.monotonic()
  const head = headVersion(await table.get(headKey))
  const objects = await Promise.all(kinds.map((kind) => allOf(table, kind)))
  return { objects: objects.flat(), head, at }
}

async function allOf(table: StateTable, kind: Kind): Promise<readonly StoredObject[]> {
  const objects: StoredObject[] = []
  for await (const page of table.pages(kind))
    for (const item of page) {
      const object = objectIn(item, kind)
      if (object === undefined) throw unreadable(table.name, kind, item)
      objects.push(object)
    }
  return objects
}

/** Nothing is left out silently: a controller that does not know of a rollout would begin another. */
function unreadable(table: string, kind: Kind, item: Item): Error {
  return unavailable(
    `the item ${kind}/${item['sk']?.S ?? ''} of the table ${table} does not hold a whole ${kind}: put it back from a backup, or remove it`,
  )
}

/** Whether what was read of an object belongs to its change, or to a later one. */
function isSettled({ version, type }: Change, found: StoredObject | undefined, mayBeGone: boolean): boolean {
  if (found === undefined) return type === 'DELETED' || mayBeGone
  return type === 'DELETED' ? versionIn(found) > version : versionIn(found) >= version
}

/** Of several changes of one object only the last counts. */
function lastOfEach(changes: readonly Change[]): readonly Change[] {
  const last = new Map<string, Change>()
  for (const change of changes) {
    last.delete(idOf(change))
    last.set(idOf(change), change)
  }
  return [...last.values()]
}

function objectOf(item: Item): StoredObject | undefined {
  const kind = kinds.find((known) => known === item['pk']?.S)
  return kind === undefined ? undefined : objectIn(item, kind)
}

const idOf = ({ kind, name }: Pick<Change, 'kind' | 'name'>): string => `${kind}/${name}`
const versionIn = ({ metadata }: StoredObject): number => versionOf(metadata.resourceVersion) ?? 0
