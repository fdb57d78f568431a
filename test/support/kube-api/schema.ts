import { isRecord } from '../../../controller/resources/problem.ts'
import type { Schema } from '../../../controller/resources/schema.ts'
import { brokenRules, compileRules } from '../../../controller/resources/validate/rules.ts'

export interface Cause {
  /** Like `spec.steps[0].weight`. */
  readonly field: string
  readonly message: string
}

/** Takes away what the schema does not name and fills in its defaults, as the API server does with what it is sent. Returns a copy. */
export function pruneAndDefault(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value)) {
    const { items } = schema
    return items === undefined ? value : value.map((item) => pruneAndDefault(item, items))
  }
  if (!isRecord(value)) return value
  const result: Record<string, unknown> = {}
  for (const [name, inner] of Object.entries(value)) {
    const known = schema.properties?.[name] ?? additional(schema)
    if (known !== undefined) {
      // A null where none is allowed stands for a field that was left out, if the field has a default.
      if (inner === null && known.nullable !== true && known.default !== undefined) continue
      result[name] = pruneAndDefault(inner, known)
    } else if (schema['x-kubernetes-preserve-unknown-fields'] === true) result[name] = inner
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (property.default === undefined || name in result) continue
    const { default: standard, ...rest } = property
    result[name] = pruneAndDefault(structuredClone(standard), rest)
  }
  return result
}

const additional = ({ additionalProperties }: Schema): Schema | undefined =>
  typeof additionalProperties === 'object' ? additionalProperties : undefined

/** Everything that is wrong with a value of that schema, its CEL rules last. */
export function causesOf(value: unknown, schema: Schema, previous: unknown): readonly Cause[] {
  const causes = [...shapeCauses(value, schema, '')]
  if (causes.length > 0) return causes
  const rules = rulesOf(schema)
  return brokenRules({ rules, value, previous, known: [] }).map(({ path, message }) => ({
    field: fieldOf(path),
    message: `Invalid value: ${message}`,
  }))
}

/**
 * Parts whose own default breaks their rules. A CustomResourceDefinition with one is refused: the default is judged as it is written, before the defaults of
 * what is in it are filled in.
 */
export function brokenDefaults(schema: Schema, path = ''): readonly string[] {
  const { default: standard, ...shape } = schema
  const { properties, items } = shape
  const inner = [
    ...Object.entries(properties ?? {}).flatMap(([name, child]) => brokenDefaults(child, `${path}.${name}`)),
    ...(items === undefined ? [] : brokenDefaults(items, `${path}[]`)),
    ...(additional(schema) === undefined ? [] : brokenDefaults(additional(schema) ?? {}, `${path}.*`)),
  ]
  if (standard === undefined) return inner
  const causes = causesOf(standard, shape, undefined)
  return [...causes.map(({ message }) => `${path}: default: ${message}`), ...inner]
}

const compiled = new WeakMap<Schema, ReturnType<typeof compileRules>>()

/** Compiled once, as the server does when it gets a CustomResourceDefinition. */
function rulesOf(schema: Schema): ReturnType<typeof compileRules> {
  if (!compiled.has(schema)) compiled.set(schema, compileRules(schema))
  return compiled.get(schema)
}

const fieldOf = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '')

function* shapeCauses(value: unknown, schema: Schema, field: string): Generator<Cause> {
  if (value === null && schema.nullable === true) return
  const type = schema.type as string | undefined
  if (type !== undefined && !hasType(value, type)) {
    yield { field, message: `Invalid value: "${typeName(value)}": must be of type ${type}` }
    return
  }
  if (schema.enum !== undefined && !schema.enum.includes(value as never))
    yield { field, message: `Unsupported value: ${JSON.stringify(value)}` }
  yield* boundCauses(value, schema, field)
  if (Array.isArray(value)) yield* listCauses(value, schema, field)
  else if (isRecord(value)) yield* objectCauses(value, schema, field)
}

function* boundCauses(value: unknown, schema: Schema, field: string): Generator<Cause> {
  for (const message of boundMessages(value, schema)) yield { field, message: `Invalid value: ${message}` }
}

function boundMessages(value: unknown, schema: Schema): readonly string[] {
  if (typeof value === 'number') return numberMessages(value, schema)
  if (typeof value === 'string') return textMessages(value, schema)
  const { minItems = 0, maxItems = Infinity, maxProperties = Infinity } = schema
  if (Array.isArray(value)) {
    if (value.length < minItems) return [`should have at least ${minItems} items`]
    return value.length > maxItems ? [`must have at most ${maxItems} items`] : []
  }
  const isLarge = isRecord(value) && Object.keys(value).length > maxProperties
  return isLarge ? [`must have at most ${maxProperties} properties`] : []
}

function numberMessages(
  value: number,
  { minimum = -Infinity, maximum = Infinity }: Schema,
): readonly string[] {
  if (value < minimum) return [`should be greater than or equal to ${minimum}`]
  return value > maximum ? [`should be less than or equal to ${maximum}`] : []
}

function textMessages(
  value: string,
  { minLength = 0, maxLength = Infinity, pattern, format }: Schema,
): readonly string[] {
  // Counted by characters, of which there are no more than units.
  const length = minLength === 0 && value.length <= maxLength ? value.length : Array.from(value).length
  if (length < minLength) return [`should be at least ${minLength} chars long`]
  if (length > maxLength) return [`Too long: may not be longer than ${maxLength}`]
  if (pattern !== undefined && !patternOf(pattern).test(value)) return [`should match '${pattern}'`]
  return format === 'date-time' && Number.isNaN(Date.parse(value)) ? ['must be of type date-time'] : []
}

const patterns = new Map<string, RegExp>()

function patternOf(text: string): RegExp {
  const pattern = patterns.get(text) ?? new RegExp(text, 'u')
  patterns.set(text, pattern)
  return pattern
}

function* listCauses(value: readonly unknown[], schema: Schema, field: string): Generator<Cause> {
  const { items } = schema
  if (items !== undefined)
    for (const [index, item] of value.entries()) yield* shapeCauses(item, items, `${field}[${index}]`)
  if (schema['x-kubernetes-list-type'] !== 'map') return
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const seen = new Set<string>()
  for (const [index, item] of value.entries()) {
    const key = JSON.stringify(keys.map((name) => (isRecord(item) ? item[name] : undefined)))
    if (seen.has(key)) yield { field: `${field}[${index}]`, message: `Duplicate value: ${key}` }
    seen.add(key)
  }
}

function* objectCauses(value: Record<string, unknown>, schema: Schema, field: string): Generator<Cause> {
  const inside = (name: string): string => (field === '' ? name : `${field}.${name}`)
  for (const name of schema.required ?? [])
    if (!(name in value)) yield { field: inside(name), message: 'Required value' }
  for (const [name, inner] of Object.entries(value)) {
    const known = schema.properties?.[name] ?? additional(schema)
    if (known !== undefined) yield* shapeCauses(inner, known, inside(name))
  }
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case 'object':
      return isRecord(value)
    case 'array':
      return Array.isArray(value)
    case 'integer':
      return Number.isInteger(value)
    default:
      return typeof value === type
  }
}

const typeName = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
