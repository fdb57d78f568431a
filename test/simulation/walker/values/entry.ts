import type { Change, DocumentName, Expected, Place } from '../change.ts'

/** Stands where a value would: the place is taken out of the document. */
export const REMOVED: unique symbol = Symbol('removed')

/** What is put where: pointers into the entry's own document, or into another one as `taskDefinition:/cpu`. */
export type Assignments = Readonly<Record<string, unknown>>

/** One change of a property that means something in the simulated world. */
export interface Variant {
  readonly says?: string
  readonly set: Assignments
  /** Left out: the world becomes what the documents say. */
  readonly expected?: Expected
  /** Other changes would not mean the same on top of it: it is undone before them. */
  readonly isAlone?: true
}

/** What there is to try with one property. */
export interface Entry {
  /** Where it is; left out, the pattern's first item or key. */
  readonly at?: string
  /** What must stand beside it where the usual documents lack it. */
  readonly host?: Assignments
  readonly variants: readonly Variant[]
  /** Why the simulated world has no other valid value of it. */
  readonly without?: string
}

export type Entries = Readonly<Record<string, Entry>>

/** Values of the property itself that the world shall follow. */
export const values = (...given: readonly unknown[]): readonly Variant[] =>
  given.map((value) => ({ set: { '.': value } }))

/** The same, for values under which other changes would mean something else. */
export const alone = (...given: readonly unknown[]): readonly Variant[] =>
  given.map((value) => ({ set: { '.': value }, isAlone: true }))

/** A value that nothing in AWS or git answers to. */
export const stalled = (value: unknown, reason: string): Variant => ({
  set: { '.': value },
  expected: { kind: 'Stalled', reason },
})

/** A value that the schema takes and the controller refuses, at a place of one of the documents. */
export const refused = (value: unknown, at: string, message?: string): Variant => ({
  set: { '.': value },
  expected: refusedAt(at, message),
})

/** `release:/spec/image`, as the place of an Issue. */
export function refusedAt(at: string, message?: string): Expected {
  return { kind: 'Refused', at: placeOf(at, 'release'), ...(message === undefined ? {} : { message }) }
}

/** Only schema errors are tried. */
export const outside = (without: string, host?: Assignments): Entry => ({
  ...(host === undefined ? {} : { host }),
  variants: [],
  without,
})

/** A property's variant as a change, the entry's host and the variant's own assignments in it. */
export function changeOf(
  property: { readonly document: DocumentName; readonly name: string; readonly pointer: string },
  entry: Entry,
  variant: Variant,
): Change {
  const own: Place = { document: property.document, pointer: entry.at ?? property.pointer }
  const placed = Object.entries({ ...entry.host, ...variant.set }).map(([key, value]) => ({
    ...(key === '.' ? own : placeOf(key, property.document)),
    value,
  }))
  const set = placed.filter(({ value }) => value !== REMOVED)
  const removed = placed
    .filter(({ value }) => value === REMOVED)
    .map(({ document, pointer }) => ({ document, pointer }))
  const expected = variant.expected ?? { kind: 'Serves' }
  return {
    property: property.name,
    says: variant.says ?? saying(set, removed),
    set,
    removed,
    expected,
    ...(variant.isAlone === true || set.length !== 1 || removed.length > 0 ? { isAlone: true } : {}),
  }
}

const saying = (set: Change['set'], removed: Change['removed']): string =>
  [
    ...set.map(({ pointer, value }) => `${pointer} = ${JSON.stringify(value)}`),
    ...removed.map(({ pointer }) => `no ${pointer}`),
  ].join(', ')

function placeOf(key: string, own: DocumentName): Place {
  const [document, pointer] = key.split(':', 2)
  return pointer === undefined || key.startsWith('/')
    ? { document: own, pointer: key }
    : { document: document as DocumentName, pointer }
}
