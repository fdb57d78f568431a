import { isRecord } from '../problem.ts'
import type { Schema } from '../schema.ts'

/** A schema that refuses fields it does not name. */
export interface ClosedSchema extends Omit<Schema, 'properties' | 'additionalProperties' | 'items'> {
  properties?: Record<string, ClosedSchema>
  additionalProperties?: ClosedSchema | false
  items?: ClosedSchema
}

const METADATA: Schema = {
  type: 'object',
  required: ['name'],
  properties: {
    namespace: { type: 'string', maxLength: 63 },
    labels: { type: 'object', maxProperties: 64, additionalProperties: { type: 'string', maxLength: 63 } },
    annotations: {
      type: 'object',
      maxProperties: 64,
      additionalProperties: { type: 'string', maxLength: 65_536 },
    },
  },
}

/** Closes a kind's schema as documents in files have it: no unknown field, no status, and of metadata only what people write. */
export function closeSchema(schema: Schema): ClosedSchema {
  const { status: _status, metadata, ...properties } = schema.properties ?? {}
  const whole = { ...METADATA, properties: { ...METADATA.properties, ...metadata?.properties } }
  return close({ ...schema, properties: { ...properties, metadata: whole } })
}

/** Takes away each null that stands for a field left out, where the schema says nullable. Changes `value` in place. */
export function removeNulls(value: unknown, schema: ClosedSchema): unknown {
  if (Array.isArray(value)) {
    if (schema.items) for (const item of value) removeNulls(item, schema.items)
    return value
  }
  if (!isRecord(value)) return value
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    if (!Object.hasOwn(value, name)) continue
    if (value[name] === null && child.nullable === true) delete value[name]
    else removeNulls(value[name], child)
  }
  return value
}

function close(schema: Schema): ClosedSchema {
  const { properties, additionalProperties, items, ...rest } = schema
  const closed: ClosedSchema = { ...rest }
  delete closed.nullable
  if (schema.nullable === true) closed.nullable = true
  if (items) closed.items = close(items)
  if (additionalProperties) closed.additionalProperties = close(additionalProperties)
  else if (properties && schema['x-kubernetes-preserve-unknown-fields'] !== true)
    closed.additionalProperties = false
  if (properties) {
    closed.properties = Object.fromEntries(
      Object.entries(properties).map(([name, child]) => [name, close(child)]),
    )
  }
  return closed
}
