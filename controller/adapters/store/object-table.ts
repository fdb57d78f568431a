import type { Kind, StoredObject } from '../../ports/store.ts'
import { kinds } from './objects.ts'

/** Every object of the store, in memory. */
export interface ObjectTable {
  has(kind: Kind, name: string): boolean
  get(kind: Kind, name: string): StoredObject | undefined
  /** Sorted by name; `labels` must all match. */
  list(kind: Kind, labels: Readonly<Record<string, string>>): readonly StoredObject[]
  set(object: StoredObject, text: string): void
  remove(kind: Kind, name: string): void
}

export function createObjectTable(objects: readonly StoredObject[]): ObjectTable {
  const tables = new Map(kinds.map((kind) => [kind, new Map<string, StoredObject>()]))
  for (const object of objects) tables.get(object.kind)?.set(object.metadata.name, object)

  return {
    has: (kind, name) => tables.get(kind)?.has(name) ?? false,
    get: (kind, name) => tables.get(kind)?.get(name),
    list: (kind, labels) =>
      [...(tables.get(kind)?.values() ?? [])]
        .filter(({ metadata }) =>
          Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value),
        )
        .toSorted((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1)),
    set: (object) => void tables.get(object.kind)?.set(object.metadata.name, object),
    remove: (kind, name) => void tables.get(kind)?.delete(name),
  }
}
