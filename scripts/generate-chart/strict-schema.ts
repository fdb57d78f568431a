export type Schema = Readonly<Record<string, unknown>>

/**
 * A schema of `crds/` as plain JSON Schema for Helm, which knows neither `nullable` nor Kubernetes' own keywords: a field that no
 * schema names is refused, because Helm prunes nothing. Defaults stay the controller's.
 */
export function strictSchema(schema: Schema): Schema {
  const kept = Object.entries(schema).filter(([key]) => !DROPPED.has(key) && !key.startsWith('x-kubernetes-'))
  const strict = Object.fromEntries(kept.map(([key, value]) => [key, strictMember(key, value)]))
  const isClosed =
    'properties' in strict &&
    !('additionalProperties' in strict) &&
    schema['x-kubernetes-preserve-unknown-fields'] !== true
  if (isClosed) strict['additionalProperties'] = false
  if (schema['nullable'] === true && typeof strict['type'] === 'string') {
    strict['type'] = [strict['type'], 'null']
    if (Array.isArray(strict['enum'])) strict['enum'] = [...(strict['enum'] as unknown[]), null]
  }
  return strict
}

const DROPPED = new Set(['nullable', 'default', 'title', 'example'])

function strictMember(key: string, value: unknown): unknown {
  if (key === 'properties' && isSchema(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, isSchema(each) ? strictSchema(each) : each]),
    )
  }
  if (key === 'items' || key === 'additionalProperties') return isSchema(value) ? strictSchema(value) : value
  return value
}

/** The schema with each `{$source: NAME}` replaced by the source of that name; throws where there is none. */
export function withSources(value: unknown, sources: Readonly<Record<string, Schema>>): unknown {
  if (Array.isArray(value)) return value.map((each) => withSources(each, sources))
  if (!isSchema(value)) return value
  const name = value['$source']
  if (typeof name === 'string') {
    const source = sources[name]
    if (source === undefined)
      throw new Error(`values.schema.yaml names the source ${name}, which there is not`)
    return source
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withSources(each, sources)]))
}

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
