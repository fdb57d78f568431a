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

type ByName = Map<string, StoredObject>

/** The objects of one kind, and those that carry a label: of many thousands a list by label touches only its own. */
interface Table {
  readonly objects: ByName
  /** By `key=value`. */
  readonly labelled: Map<string, ByName>
}

const NONE: ByName = new Map()

export function createObjectTable(objects: readonly StoredObject[]): ObjectTable {
  const tables = new Map<Kind, Table>(
    kinds.map((kind) => [kind, { objects: new Map(), labelled: new Map() }]),
  )
  for (const object of objects) add(tables.get(object.kind), object)

  return {
    has: (kind, name) => tables.get(kind)?.objects.has(name) ?? false,
    get: (kind, name) => tables.get(kind)?.objects.get(name),
    list: (kind, labels) =>
      [...candidates(tables.get(kind), labels).values()]
        .filter((object) => carries(object, labels))
        .toSorted((one, other) => (one.metadata.name < other.metadata.name ? -1 : 1)),
    set(object) {
      takeOut(tables.get(object.kind), object.metadata.name)
      add(tables.get(object.kind), object)
    },
    remove: (kind, name) => takeOut(tables.get(kind), name),
  }
}

function add(table: Table | undefined, object: StoredObject): void {
  const { name } = object.metadata
  table?.objects.set(name, object)
  for (const label of labelsOf(object)) {
    const alike = table?.labelled.get(label) ?? new Map<string, StoredObject>()
    table?.labelled.set(label, alike.set(name, object))
  }
}

function takeOut(table: Table | undefined, name: string): void {
  const known = table?.objects.get(name)
  if (table === undefined || known === undefined) return
  table.objects.delete(name)
  for (const label of labelsOf(known)) {
    const alike = table.labelled.get(label)
    alike?.delete(name)
    if (alike?.size === 0) table.labelled.delete(label)
  }
}

/** The fewest objects among which all that carry the labels are. */
function candidates(table: Table | undefined, labels: Readonly<Record<string, string>>): ByName {
  const sets = Object.entries(labels).map(([key, value]) => table?.labelled.get(`${key}=${value}`) ?? NONE)
  return sets.reduce((one, other) => (other.size < one.size ? other : one), table?.objects ?? NONE)
}

const labelsOf = ({ metadata }: StoredObject): string[] =>
  Object.entries(metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`)

const carries = ({ metadata }: StoredObject, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value)
