import type { KubeKind, KubeObject } from './model.ts'

/** Whether the client wants the server to lay out the columns, as `kubectl get` does. */
export const wantsTable = (request: {
  readonly headers: { readonly accept?: string | undefined }
}): boolean => /as=Table/.test(request.headers.accept ?? '')

/** Objects as a Table of the kind's printer columns. */
export function asTable(kind: KubeKind, objects: readonly KubeObject[], resourceVersion: string): object {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion },
    columnDefinitions: [
      { name: 'Name', type: 'string', format: 'name', description: 'Name', priority: 0 },
      ...kind.columns.map(({ name, type, priority = 0 }) => ({
        name,
        type,
        priority,
        format: '',
        description: name,
      })),
    ],
    rows: objects.map((object) => ({
      cells: [object.metadata.name, ...kind.columns.map((column) => cell(object, column))],
      object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  }
}

function cell(object: KubeObject, { jsonPath, type }: KubeKind['columns'][number]): unknown {
  const value = valueAt(object, jsonPath)
  if (type !== 'date' || typeof value !== 'string') return value ?? (type === 'string' ? '' : null)
  return `${Math.floor((Date.now() - Date.parse(value)) / 1_000)}s`
}

/** The part of JSONPath that printer columns use: `.a.b` and `[?(@.c=="d")]`. */
function valueAt(object: unknown, path: string): unknown {
  let value = object
  for (const [, field, key = '', wanted] of path.matchAll(
    /\.([A-Za-z0-9_-]+)|\[\?\(@\.([A-Za-z]+)=="([^"]*)"\)\]/g,
  )) {
    if (field !== undefined) value = read(value, field)
    else value = Array.isArray(value) ? value.find((item: unknown) => read(item, key) === wanted) : undefined
  }
  return value
}

const read = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null ? (Reflect.get(value, field) as unknown) : undefined
