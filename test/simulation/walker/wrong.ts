import type { Schema } from '../../../controller/resources/schema.ts'
import { base } from './base.ts'
import type { Change, Documents, Expected, Place } from './change.ts'
import { applyChange, hasPlace, valueAt } from './document.ts'
import type { Property } from './schema.ts'
import type { Assignments, Entry } from './values/entry.ts'
import { changeOf, REMOVED } from './values/entry.ts'
import { withoutThem } from './values/without.ts'

/** Every change of a property that its schema alone tells to be wrong, and its being left out. */
export function wrongChanges(property: Property, entry: Entry | undefined): readonly Change[] {
  const place: Place = { document: property.document, pointer: entry?.at ?? property.pointer }
  const { document, pointer } = place
  const { host = {} } = entry ?? {}
  const own = entry ?? { variants: [] }
  const make = (says: string, set: Assignments, expected: Expected): Change =>
    changeOf(property, own, { says, set, expected })
  const hosted = applyChange(base, make('its host', {}, { kind: 'Serves' }))
  const wrong = wrongValues(property).map(({ says, value }) =>
    make(says, { '.': value }, { kind: 'Refused', at: place }),
  )
  const unknown = isClosed(property.schema)
    ? [unknownMember(make, place, valueAt(hosted[document], pointer))]
    : []
  return [
    ...wrong,
    ...unknown,
    ...duplicates(make, property, { place, hosted }),
    ...leftOut(make, property, { place, hosted, isHosted: Object.keys(host).length > 0 }),
  ]
}

type Make = (says: string, set: Assignments, expected: Expected) => Change

function unknownMember(make: Make, { document, pointer }: Place, value: unknown): Change {
  const member = `${pointer}/nonsense`
  const around = typeof value === 'object' ? value : {}
  return make(
    'an unknown member',
    { '.': { ...around, nonsense: 1 } },
    {
      kind: 'Refused',
      at: { document, pointer: member },
    },
  )
}

/** Items of a list that is a map by one of its members. */
function duplicates(
  make: Make,
  { schema }: Property,
  { place, hosted }: { readonly place: Place; readonly hosted: Documents },
): Change[] {
  const [key] = schema['x-kubernetes-list-map-keys'] ?? []
  const value = valueAt(hosted[place.document], place.pointer)
  if (key === undefined || !Array.isArray(value)) return []
  const item: unknown = value[0]
  const at = { document: place.document, pointer: `${place.pointer}/1/${key}` }
  return [make('an item twice', { '.': [item, item] }, { kind: 'Refused', at })]
}

/** What must be there is missed where it is not; what need not be there is not. */
function leftOut(
  make: Make,
  { isRequired, name, pattern }: Property,
  {
    place,
    hosted,
    isHosted,
  }: { readonly place: Place; readonly hosted: Documents; readonly isHosted: boolean },
): Change[] {
  const { document, pointer } = place
  const isThere = hasPlace(hosted[document], pointer)
  if (!isThere || pattern.endsWith('*')) return []
  const parent = { document, pointer: pointer.slice(0, pointer.lastIndexOf('/')) }
  if (isRequired) return [make('left out', { '.': REMOVED }, { kind: 'Refused', at: parent })]
  if (isHosted) return []
  return [make('left out', { '.': REMOVED }, withoutThem[name] ?? { kind: 'Serves' })]
}

interface WrongValue {
  readonly says: string
  readonly value: unknown
}

function wrongValues({ document, schema, pattern }: Property): WrongValue[] {
  const found = [
    ...wrongTypes(schema),
    ...wrongTexts(schema),
    ...outOfBounds(schema),
    ...(schema.nullable === true || schema.type === undefined ? [] : [{ says: 'nothing', value: null }]),
  ]
  // Items of a list are put into its first place alone: all of its texts would have to be wrong otherwise.
  const isText = schema.type === 'string' && document === 'release'
  if (isText && !pattern.startsWith('/spec/pin'))
    found.push({ says: 'an unknown placeholder', value: '${nonsense}' })
  return found
}

function wrongTypes({ type }: Schema): WrongValue[] {
  switch (type) {
    case 'string':
      return [
        { says: 'a number for a text', value: 7 },
        { says: 'a list for a text', value: ['text'] },
      ]
    case 'integer':
      return [
        { says: 'a text for a number', value: 'many' },
        { says: 'a part of a whole number', value: 1.5 },
      ]
    case 'number':
      return [{ says: 'a text for a number', value: 'many' }]
    case 'boolean':
      return [{ says: 'a text for true or false', value: 'yes' }]
    case 'object':
      return [{ says: 'a text for an object', value: 'text' }]
    case 'array':
      return [{ says: 'a text for a list', value: 'text' }]
    default:
      return []
  }
}

const ODD_TEXTS = ['', ' ', '-', 'ünï ✓', '🚢', '../x', 'a\nb', '\u202eright to left', '%00', "'; --"]

function wrongTexts(schema: Schema): WrongValue[] {
  if (schema.type !== 'string') return []
  if (schema.enum !== undefined)
    return ['', 'Nonsense', `${schema.enum[0] ?? ''} `].map((value) => ({
      says: `no member: ${JSON.stringify(value)}`,
      value,
    }))
  const { minLength = 0, maxLength, pattern } = schema
  const odd = ODD_TEXTS.filter(
    (text) => text.length < minLength || (pattern !== undefined && !new RegExp(pattern, 'u').test(text)),
  ).map((value) => ({ says: `a wrong form: ${JSON.stringify(value)}`, value }))
  const long = maxLength === undefined ? [] : [{ says: 'too long', value: 'a'.repeat(maxLength + 1) }]
  return [...odd, ...long]
}

function outOfBounds({ minimum, maximum, minItems, maxItems }: Schema): WrongValue[] {
  const found: WrongValue[] = []
  if (minimum !== undefined) found.push({ says: 'too small', value: minimum - 1 })
  if (maximum !== undefined) found.push({ says: 'too large', value: maximum + 1 })
  if (minItems !== undefined) found.push({ says: 'too few items', value: [] })
  if (maxItems !== undefined)
    found.push({ says: 'too many items', value: Array.from({ length: maxItems + 1 }, () => 'x') })
  return found
}

const isClosed = (schema: Schema): boolean =>
  schema.properties !== undefined && schema['x-kubernetes-preserve-unknown-fields'] !== true
