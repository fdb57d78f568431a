import { canonicalJson } from '../canonical-json.ts'
import type { DefaultRow, Document, ObjectShape, ScalarShape, SetShape, Shape } from './shape.ts'
import { isObject } from './shape.ts'

/** `fill` puts AWS's defaults in, for comparing; `strip` takes them out, so that a digest does not change when a default is spelled out. */
export type Mode = 'fill' | 'strip'

/** One spelling for each meaning: sets sorted, numbers and booleans typed, empty and null members gone. Undefined stands for "nothing there". */
export function normalize(shape: Shape, value: unknown, mode: Mode): unknown {
  const root: Document = isObject(value) ? value : {}
  return normalizeWithin(shape, value, { mode, root })
}

interface Context {
  readonly mode: Mode
  readonly root: Document
}

function normalizeWithin(shape: Shape, value: unknown, context: Context): unknown {
  switch (shape.kind) {
    case 'object':
      return normalizeObject(shape, value, context)
    case 'map':
      return normalizeMap(value)
    case 'set':
      return normalizeSet(shape, value, context)
    case 'list':
      return Array.isArray(value) && value.length > 0
        ? value.map((element) => elementOf(shape.of, element, context))
        : leftover(value)
    default:
      return normalizeScalar(shape, value, context.mode)
  }
}

/** A value of another type than the shape expects is kept as it is, so that it shows as a difference; emptiness never does. */
function leftover(value: unknown): unknown {
  if (value === null || (Array.isArray(value) && value.length === 0)) return undefined
  return isObject(value) && Object.keys(value).length === 0 ? undefined : value
}

function elementOf(shape: Shape, element: unknown, context: Context): unknown {
  return normalizeWithin(shape, element, context) ?? (isObject(element) ? {} : null)
}

function normalizeObject(shape: ObjectShape, value: unknown, context: Context): unknown {
  if (value !== undefined && value !== null && !isObject(value)) return leftover(value)
  if (!isObject(value) && shape.always === undefined) return undefined
  const given: Document = isObject(value) ? value : {}
  const members: [string, unknown][] = []
  for (const [name, member] of membersOf(shape)) {
    const inner = Object.hasOwn(given, name) ? given[name] : undefined
    const result = normalizeMember(member, inner, given, context)
    if (result !== undefined) members.push([name, result])
  }
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(shape.members, name)) continue
    const result = leftover(given[name])
    if (result !== undefined) members.push([name, result])
  }
  return members.length === 0 ? undefined : Object.fromEntries(members)
}

/** The tables never change, so that their members are listed once. */
const listed = new WeakMap<ObjectShape, readonly (readonly [string, Shape])[]>()

function membersOf(shape: ObjectShape): readonly (readonly [string, Shape])[] {
  const known = listed.get(shape)
  if (known !== undefined) return known
  const members = Object.entries(shape.members)
  listed.set(shape, members)
  return members
}

function normalizeMember(shape: Shape, value: unknown, beside: Document, context: Context): unknown {
  const normal = normalizeWithin(shape, value, context)
  const filled = defaultValue(shape, beside, context)
  if (context.mode === 'fill') return normal ?? filled
  return normal !== undefined && canonicalJson(normal) === canonicalJson(filled) ? undefined : normal
}

function defaultValue(shape: Shape, beside: Document, context: Context): unknown {
  const row = shape.defaults?.find((candidate) => applies(candidate, context.root))
  if (row === undefined) return undefined
  const value = row.copyOf === undefined ? row.value : beside[row.copyOf]
  return normalizeWithin(shape, value, context)
}

function applies(row: DefaultRow, root: Document): boolean {
  if (row.when === undefined) return true
  const actual = root[row.when.member]
  const folded = typeof actual === 'string' ? actual.toLowerCase() : null
  return row.when.isOneOf.some((one) => (one === null ? null : one.toLowerCase()) === folded)
}

function normalizeMap(value: unknown): unknown {
  if (!isObject(value)) return leftover(value ?? null)
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined && inner !== null)
    .map(([key, inner]) => [key, isObject(inner) || Array.isArray(inner) ? inner : String(inner)] as const)
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function normalizeSet(shape: SetShape, value: unknown, context: Context): unknown {
  if (!Array.isArray(value) || value.length === 0) return leftover(value)
  const sortable = value.map((element) => {
    const normal = elementOf(shape.of, element, context)
    // Sorted by meaning, so that neither a default spelled out nor the case of an enum moves an element.
    const meaning =
      context.mode === 'strip' ? normal : elementOf(shape.of, element, { ...context, mode: 'strip' })
    return { normal, order: canonicalJson(meaning) }
  })
  sortable.sort((one, other) => (one.order < other.order ? -1 : one.order > other.order ? 1 : 0))
  if (isObject(sortable[0]?.normal)) return sortable.map(({ normal }) => normal)
  return sortable
    .filter(({ order }, index) => index === 0 || order !== sortable[index - 1]?.order)
    .map(({ normal }) => normal)
}

function normalizeScalar(shape: ScalarShape, value: unknown, mode: Mode): unknown {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    return leftover(value)
  switch (shape.kind) {
    case 'number':
      return typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value
    case 'vcpu':
      return scaled(String(value), /^\s*(\d*\.?\d+)\s*vcpu\s*$/i)
    case 'mebibytes':
      return scaled(String(value), /^\s*(\d*\.?\d+)\s*gb\s*$/i)
    case 'enum':
      return canonicalEnum(shape, String(value), mode)
    default:
      return String(value)
  }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#task_size: text is converted to units of 1/1024. */
function scaled(value: string, unit: RegExp): string {
  const amount = unit.exec(value)?.[1]
  return amount === undefined ? value.trim() : String(Math.round(Number(amount) * 1024))
}

function canonicalEnum(shape: ScalarShape, value: string, mode: Mode): string {
  const folded = value.toLowerCase()
  const alias = Object.entries(shape.aliases ?? {}).find(([, others]) =>
    others.some((other) => other.toLowerCase() === folded),
  )
  if (mode === 'strip') return alias?.[0].toLowerCase() ?? folded
  return alias?.[0] ?? value
}
