import { isRecord, pointerSegments } from '../../../controller/resources/problem.ts'
import type { Change, Document, Documents } from './change.ts'

/** The documents after a change; places on the way that are not there yet are made. */
export function applyChange(documents: Documents, { set, removed }: Change): Documents {
  const changed = structuredClone(documents) as Record<keyof Documents, Document>
  for (const { document, pointer, value } of set)
    changed[document] = put(changed[document], pointerSegments(pointer), structuredClone(value)) as Document
  for (const { document, pointer } of removed)
    changed[document] = takeOut(changed[document], pointerSegments(pointer)) as Document
  return changed
}

/** What is at a place; undefined when nothing is. */
export function valueAt(document: unknown, pointer: string): unknown {
  return pointerSegments(pointer).reduce<unknown>(
    (value, name) =>
      isRecord(value) && Object.hasOwn(value, name)
        ? value[name]
        : Array.isArray(value)
          ? (value[Number(name)] as unknown)
          : undefined,
    document,
  )
}

/** Whether a document has exactly this pointer. */
export const hasPlace = (document: unknown, pointer: string): boolean =>
  valueAt(document, pointer) !== undefined

function put(parent: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value
  if (Array.isArray(parent) || (parent === undefined && name === '0')) {
    const items: unknown[] = [...((parent as unknown[] | undefined) ?? [])]
    items[Number(name)] = put(items[Number(name)], rest, value)
    return items
  }
  const before = isRecord(parent) ? parent : {}
  return { ...before, [name]: put(before[name], rest, value) }
}

function takeOut(parent: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return parent
  if (Array.isArray(parent)) {
    const items = parent as readonly unknown[]
    return rest.length === 0
      ? items.filter((_, index) => index !== Number(name))
      : items.map((item, index) => (index === Number(name) ? takeOut(item, rest) : item))
  }
  if (!isRecord(parent) || !Object.hasOwn(parent, name)) return parent
  const { [name]: child, ...others } = parent
  return rest.length === 0 ? others : { ...parent, [name]: takeOut(child, rest) }
}
