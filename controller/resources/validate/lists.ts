import { isRecord, pointerTo } from '../problem.ts'
import type { Problem } from '../problem.ts'
import type { ClosedSchema } from './closed.ts'

/** Finds items that share the key of a list which Kubernetes treats as a map (x-kubernetes-list-map-keys). */
export function duplicateListKeys({
  schema,
  value,
  path = '',
}: {
  schema: ClosedSchema
  value: unknown
  path?: string
}): Problem[] {
  if (Array.isArray(value)) {
    const { items } = schema
    const inside = items
      ? value.flatMap((item, index) =>
          duplicateListKeys({ schema: items, value: item, path: pointerTo(path, index) }),
        )
      : []
    return [...inside, ...duplicatesOf(value, schema['x-kubernetes-list-map-keys']?.[0], path)]
  }
  if (!isRecord(value)) return []
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    Object.hasOwn(value, name)
      ? duplicateListKeys({ schema: child, value: value[name], path: pointerTo(path, name) })
      : [],
  )
}

function duplicatesOf(list: readonly unknown[], key: string | undefined, path: string): Problem[] {
  if (key === undefined) return []
  const seen = new Map<unknown, number>()
  return list.flatMap((item, index): Problem[] => {
    const name = isRecord(item) ? item[key] : undefined
    if (typeof name !== 'string') return []
    const first = seen.get(name)
    if (first === undefined) {
      seen.set(name, index)
      return []
    }
    const message = `the ${key} ${JSON.stringify(name)} is already taken by item ${first + 1}; expected a ${key} of its own`
    return [{ path: pointerTo(pointerTo(path, index), key), message, code: 'DuplicateName', at: 'value' }]
  })
}
