import type { Schema } from '../../controller/resources/schema.ts'
import { exampleAt, type Example } from './sources.ts'

/** One line of a page's table. */
export interface FieldRow {
  field: string
  type: string
  default: string
  meaning: string
  example: string
}

/** One object of a schema: what it is for, what must hold in it, and its fields. */
export interface Section {
  path: string
  description: string
  rules: string[]
  rows: FieldRow[]
}

/** What all sections of a page share. */
export interface Walk {
  /** Whether people write this kind: then each field of its spec must have an example. */
  isWritten: boolean
  examples: readonly Example[]
  /** Where a titled part was shown first: it is shown once. */
  shown: Map<string, string>
  /** What is said of a field that the controller refuses until later; undefined for the others. */
  refusal: (path: string) => string | undefined
}

const DEPTH_LIMIT = 12
const DURATION = /ns\|us\|µs\|ms\|s\|m\|h/u

/** The sections of an object and of the objects in it, in the schema's order. */
export function sectionsOf(schema: Schema, names: readonly string[], walk: Walk): Section[] {
  if (names.length > DEPTH_LIMIT) throw new Error(`${names.join('.')} lies too deep`)
  const nested: Section[] = []
  const rows = Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const path = [...names, name]
    const { type, inside } = typeOf(field, path, walk)
    if (inside !== undefined) nested.push(...sectionsOf(inside.schema, inside.names, walk))
    const required = schema.required?.includes(name) === true
    return rowOf({ name, field, path, type, required, walk })
  })
  const rules = (schema['x-kubernetes-validations'] ?? []).map(({ message }) => message)
  const section = { path: nameOf(names), description: schema.description ?? '', rules, rows }
  return [section, ...nested]
}

interface TypeFound {
  type: string
  inside?: { schema: Schema; names: string[] }
}

function typeOf(field: Schema, path: readonly string[], walk: Walk): TypeFound {
  if (field.type === 'array') {
    const item = typeOf(field.items ?? {}, [...path, '*'], walk)
    return { ...item, type: `list of ${item.type}` }
  }
  if (field.additionalProperties !== undefined) {
    const item = typeOf(field.additionalProperties, [...path, '<name>'], walk)
    return { ...item, type: `map to ${item.type}` }
  }
  if (field.properties !== undefined) return objectType(field, path, walk)
  if (field.enum !== undefined) return { type: field.enum.map((value) => `\`${value}\``).join(', ') }
  if (field.type === 'object') return { type: 'object, its fields are free' }
  if (DURATION.test(field.pattern ?? '')) return { type: 'duration' }
  return { type: [field.format === 'date-time' ? 'time' : (field.type ?? 'any'), boundsOf(field)].join('') }
}

function objectType(field: Schema, path: readonly string[], walk: Walk): TypeFound {
  const own = nameOf(path)
  const first = field.title === undefined ? undefined : walk.shown.get(field.title)
  if (first !== undefined) return { type: `object, as [${first}](#${anchorOf(first)})` }
  if (field.title !== undefined) walk.shown.set(field.title, own)
  return { type: `[object](#${anchorOf(own)})`, inside: { schema: field, names: [...path] } }
}

/** `*` is how paths are matched; people read `[]`. */
function nameOf(path: readonly string[]): string {
  return path.join('.').replaceAll('.*', '[]').replaceAll('.<name>', '{}')
}

/** The anchor that a forge makes of a heading: lower case, and only letters, digits and dashes. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^a-z0-9-]/gu, '')
}

function boundsOf({ minimum, maximum }: Schema): string {
  if (minimum !== undefined && maximum !== undefined) return `, ${minimum} to ${maximum}`
  if (minimum !== undefined) return `, at least ${minimum}`
  return maximum === undefined ? '' : `, at most ${maximum}`
}

interface RowInput {
  name: string
  field: Schema
  path: readonly string[]
  type: string
  required: boolean
  walk: Walk
}

function rowOf({ name, field, path, type, required, walk }: RowInput): FieldRow {
  const { meaning, example } = splitDescription(field.description ?? '')
  const refusal = walk.refusal(path.join('.'))
  return {
    field: `\`${name}\``,
    type,
    default: required ? 'required' : field.default === undefined ? '' : code(field.default),
    meaning: refusal === undefined ? meaning : `${meaning} **Not supported yet: ${refusal}.**`,
    example: isObject(field) ? '' : (example ?? exampleOf(field, path, walk)),
  }
}

function isObject(field: Schema): boolean {
  return field.properties !== undefined || field.items?.properties !== undefined
}

/** Descriptions end in `Example web.` where a value says more than words. */
function splitDescription(description: string): { meaning: string; example: string | undefined } {
  const [, meaning, example] = /^(.*?)\s*\bExample ([^\s,]+?)\.?$/su.exec(description) ?? []
  return example === undefined || meaning === undefined
    ? { meaning: description, example: undefined }
    : { meaning, example: `\`${example}\`` }
}

function exampleOf(field: Schema, path: readonly string[], { examples, isWritten }: Walk): string {
  const value = exampleAt(examples, path) ?? field.default ?? field.enum?.[0]
  if (value !== undefined) return code(value)
  if (isWritten && path[0] === 'spec')
    throw new Error(`${path.join('.')} has no example; add one to scripts/generate-reference/examples.yaml`)
  return ''
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' && value !== '' ? value : JSON.stringify(value)}\``
}
