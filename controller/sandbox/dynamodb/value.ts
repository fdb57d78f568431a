import { AwsError } from '../kernel/error.ts'

/** A value with its type, as the wire carries it: `{S: "text"}`, `{N: "1.5"}`, `{BOOL: true}`, … */
export type Value = Readonly<Record<string, unknown>>
export type Item = Readonly<Record<string, Value>>

const TYPES: ReadonlySet<string> = new Set(['S', 'N', 'B', 'BOOL', 'NULL', 'M', 'L', 'SS', 'NS', 'BS'])

/** DynamoDB's words for a request that breaks its rules. */
export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message)
}

/** The item in a request; throws ValidationException where a value has no type, or more than one. */
export function itemOf(given: unknown): Item {
  if (!isRecord(given)) throw invalid('Item must be a map of attributes')
  for (const value of Object.values(given)) valueOf(value)
  return given as Item
}

export function valueOf(given: unknown): Value {
  const [type, ...more] = isRecord(given) ? Object.keys(given) : []
  if (!isRecord(given) || type === undefined || more.length > 0 || !TYPES.has(type))
    throw invalid(
      `Supplied AttributeValue ${more.length > 0 ? 'has more than one datatypes set' : 'is empty'}, must contain exactly one of the supported datatypes`,
    )
  const content = given[type]
  if (type === 'N' && (typeof content !== 'string' || !/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(content)))
    throw invalid('The parameter cannot be converted to a numeric value')
  if (type === 'M') for (const inner of Object.values(asRecord(content))) valueOf(inner)
  if (type === 'L' && Array.isArray(content)) for (const inner of content) valueOf(inner)
  return given
}

export const typeOf = (value: Value): string => Object.keys(value)[0] ?? ''

/** A key attribute as text, unlike that of any other key; throws ValidationException for what can be none. */
export function keyText(name: string, value: Value | undefined): string {
  if (value === undefined)
    throw invalid(`One or more parameter values were invalid: Missing the key ${name} in the item`)
  const type = typeOf(value)
  const text = String(value[type])
  if (!['S', 'N', 'B'].includes(type) || text === '')
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
    )
  return `${type}${text}`
}

/** Less than 0, 0, or more; undefined where two values cannot be put in an order. */
export function compare(one: Value, other: Value): number | undefined {
  const type = typeOf(one)
  if (type !== typeOf(other)) return undefined
  if (type === 'N') return compareNumbers(String(one['N']), String(other['N']))
  if (type === 'S') return compareTexts(String(one['S']), String(other['S']))
  if (type === 'B')
    return Buffer.compare(Buffer.from(String(one['B']), 'base64'), Buffer.from(String(other['B']), 'base64'))
  return undefined
}

/** By their bytes in UTF-8, which is the order of JavaScript's own code units unless one of them is half of a character. */
function compareTexts(one: string, other: string): number {
  const isPlain = !/[\ud800-\udfff]/.test(one) && !/[\ud800-\udfff]/.test(other)
  if (!isPlain) return Buffer.compare(Buffer.from(one), Buffer.from(other))
  return one < other ? -1 : one > other ? 1 : 0
}

/** Whole numbers exactly, however long; others as doubles. */
function compareNumbers(one: string, other: string): number {
  const isWhole = [one, other].every((text) => /^-?\d+$/.test(text))
  if (!isWhole) return Number(one) - Number(other)
  const difference = BigInt(one) - BigInt(other)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

export function isEqual(one: Value, other: Value): boolean {
  return compare(one, other) === 0 || canonical(one) === canonical(other)
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (!isRecord(value)) return JSON.stringify(value)
  const members = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`)
  return `{${members.toSorted().join()}}`
}

/** An item counts its names and values in UTF-8: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
export function sizeBytes(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    0,
  )
}

/** What one value counts, in bytes. */
export function valueBytes(value: Value): number {
  const content = Object.values(value)[0]
  switch (typeOf(value)) {
    case 'S':
      return Buffer.byteLength(String(content))
    case 'N':
      return Math.ceil(String(content).replaceAll(/\D/g, '').length / 2) + 1
    case 'B':
      return Buffer.byteLength(String(content), 'base64')
    case 'M':
      return 3 + sizeBytes(asRecord(content) as Item) + Object.keys(asRecord(content)).length
    case 'L':
      return 3 + (content as Value[]).reduce((sum, inner) => sum + 1 + valueBytes(inner), 0)
    case 'SS':
    case 'NS':
    case 'BS':
      return (content as string[]).reduce((sum, inner) => sum + Buffer.byteLength(inner), 0)
    default:
      return 1
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
