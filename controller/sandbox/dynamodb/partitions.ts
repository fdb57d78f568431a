import type { DynamoTable } from './tables.ts'
import { compare, keyText, type Item, type Value } from './value.ts'

/** The items of each hash key in the order of their range keys, so that a page costs what it holds and not what the table does. */
export class Partitions {
  #partitions = new Map<string, Item[]>()

  /** All items with the hash key; not to be kept, for writes change it. */
  of(table: DynamoTable, hash: Value): readonly Item[] {
    return this.#partitions.get(idOf(table, hash)) ?? []
  }

  put(table: DynamoTable, item: Item): void {
    const id = idOf(table, item[table.hashKey])
    const items = this.#partitions.get(id) ?? []
    const at = firstFrom(table, items, item)
    items.splice(at, isAt(table, items[at], item) ? 1 : 0, item)
    this.#partitions.set(id, items)
  }

  remove(table: DynamoTable, item: Item): void {
    const items = this.#partitions.get(idOf(table, item[table.hashKey])) ?? []
    const at = firstFrom(table, items, item)
    if (isAt(table, items[at], item)) items.splice(at, 1)
  }

  clear(): void {
    this.#partitions = new Map()
  }
}

/** Below 0 where the first of two items comes first, by their range keys. */
export function byRange({ rangeKey }: DynamoTable, one: Item, other: Item): number {
  if (rangeKey === undefined) return 0
  return compare(one[rangeKey] ?? {}, other[rangeKey] ?? {}) ?? 0
}

/** Where in sorted items the first one stands that does not come before a key. */
export function firstFrom(table: DynamoTable, items: readonly Item[], key: Item): number {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const isBefore = byRange(table, items[middle] ?? {}, key) < 0
    if (isBefore) low = middle + 1
    else high = middle
  }
  return low
}

const isAt = (table: DynamoTable, found: Item | undefined, item: Item): boolean =>
  found !== undefined && byRange(table, found, item) === 0

const idOf = ({ region, name, hashKey }: DynamoTable, hash: Value | undefined): string =>
  JSON.stringify([region, name, keyText(hashKey, hash)])
