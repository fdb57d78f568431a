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
/**
 * A transaction's items may become readable one by one: what is not whole yet is looked at again, so often and each time after twice as long, about 3 s in
 * all. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-isolation
 */
const LOOKS = 7
const LOOK_AGAIN_MS = 50

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
    const wanted = headVersion(await this.#table.get(headKey))
    let newest = wanted
    for (let look = 0; this.#head < wanted; look += 1) {
      const isLast = look === LOOKS - 1
      const isKnown = await this.#step(Math.min(newest, this.#head + STEP), isLast)
      if (!isKnown && isLast) await this.#reload()
      if (isKnown || isLast) {
        look = -1
        continue
      }
      await this.#clock.sleep(LOOK_AGAIN_MS * 2 ** look)
      // What was deleted since then is told by a later change.
      newest = Math.max(newest, headVersion(await this.#table.get(headKey)))
    }
    // A table that was made anew, or put back from a backup.
    if (wanted < before) await this.#reload()
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

  /** Takes in the changes up to a version; false where some of them are not to be seen, or no longer kept. */
  async #step(to: number, mayBeGone: boolean): Promise<boolean> {
    const changes = await changesBetween(this.#table, this.#head, to)
    if (changes.length < to - this.#head) return false
    const last = lastOfEach(changes)
    const found = await objectsOf(this.#table, last)
    if (last.some((change) => !isSettled(change, found.get(idOf(change)), mayBeGone))) return false
    for (const change of last) this.#take(change, found.get(idOf(change)))
    this.#head = to
    return true
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
  const read = await Promise.all(kinds.map((kind) => allOf(table, kind)))
  const objects = new Map(
    read.flat().map((object) => [idOf({ kind: object.kind, name: object.metadata.name }), object]),
  )
  await complete(objects, head, { table, clock })
  return { objects: [...objects.values()], head, at }
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

/** Looks again at what the newest changes up to the head were about, where the objects were read without them. */
async function complete(
  objects: Map<string, StoredObject>,
  head: number,
  { table, clock }: { readonly table: StateTable; readonly clock: Clock },
): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    if (look > 0) await clock.sleep(LOOK_AGAIN_MS * 2 ** (look - 1))
    const changes = await changesBetween(table, Math.max(0, head - STEP), head)
    const open = lastOfEach(changes).filter((change) => !isSettled(change, objects.get(idOf(change)), false))
    const found = open.length === 0 ? new Map<string, StoredObject>() : await objectsOf(table, open)
    for (const change of open) {
      const object = found.get(idOf(change))
      if (object === undefined) objects.delete(idOf(change))
      else objects.set(idOf(change), object)
    }
    const isSeen = open.every((change) => isSettled(change, found.get(idOf(change)), false))
    if (isSeen && isUnbroken(changes, head)) return
  }
}

/** Whether these are the newest changes, each of them; the oldest ones are not kept, and where nothing was written for long, none. */
function isUnbroken(changes: readonly Change[], head: number): boolean {
  const [first] = changes
  return first === undefined || first.version + changes.length - 1 === head
}

/** The changes after one version up to another, as far as they are kept. */
async function changesBetween(table: StateTable, after: number, to: number): Promise<readonly Change[]> {
  const range = { after: changeKey(after + 1).sk.S ?? '', to: changeKey(to).sk.S ?? '' }
  return to > after ? (await table.query('change', range)).map(changeIn) : []
}

async function objectsOf(
  table: StateTable,
  changes: readonly Change[],
): Promise<ReadonlyMap<string, StoredObject>> {
  const items = await table.batchGet(changes.map(({ kind, name }) => keyOf(kind, name)))
  return new Map(
    items.flatMap((item) => {
      const object = objectOf(item)
      return object === undefined ? [] : [[idOf({ kind: object.kind, name: object.metadata.name }), object]]
    }),
  )
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
