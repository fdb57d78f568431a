/**
 * The little language in which the tables of this folder say how AWS reads a document: what is a set, what is a number written as text,
 * what AWS fills in. The tables are data; `normalize.ts` and `../diff/compare.ts` are their only readers.
 */

/** What AWS fills in where a member is left out. The first row whose condition holds counts. */
export interface DefaultRow {
  readonly value?: unknown
  /** The default is the value of this member beside it. */
  readonly copyOf?: string
  /** Holds where the document's top-level member is one of these; null stands for "left out". */
  readonly when?: { readonly member: string; readonly isOneOf: readonly (string | null)[] }
  /** The AWS page that says so. */
  readonly source: string
}

interface MemberOptions {
  readonly defaults?: readonly DefaultRow[]
  /** AWS picks a value that nobody can predict where this is left out, so it counts only where the wanted document names it. */
  readonly onlyWhenNamed?: true
}

/**
 * - `text`: numbers and booleans are their text (`value: 8080` in YAML).
 * - `enum`: text whose case AWS does not care about; `aliases` are spellings with one meaning.
 * - `vcpu`: CPU units, `256` or `.25 vCPU`. `mebibytes`: `512` or `1 GB`.
 * - `reference`: an ARN, or the name at its end.
 * - `version`: text; `aliases` lists what a movable name such as LATEST stands for.
 */
export interface ScalarShape extends MemberOptions {
  readonly kind: 'text' | 'number' | 'boolean' | 'enum' | 'vcpu' | 'mebibytes' | 'reference' | 'version'
  readonly aliases?: Readonly<Record<string, readonly string[]>>
}

export interface ObjectShape extends MemberOptions {
  readonly kind: 'object'
  readonly members: Readonly<Record<string, Shape>>
  /** Members that the wanted document leaves out are nobody's business (they are not drift). */
  readonly open?: true
  /** Left out means the same as empty, so its members' defaults hold. */
  readonly always?: true
}

/** Free keys, text values. */
export interface MapShape extends MemberOptions {
  readonly kind: 'map'
}

/** An array without order. `key` names the members that tell its objects apart, the first of them being the name for people. */
export interface SetShape extends MemberOptions {
  readonly kind: 'set'
  readonly of: Shape
  readonly key?: readonly string[]
  /** Objects that the wanted set does not hold are nobody's business (tags). */
  readonly open?: true
}

/** An array whose order means something. */
export interface ListShape extends MemberOptions {
  readonly kind: 'list'
  readonly of: Shape
}

export type Shape = ScalarShape | ObjectShape | MapShape | SetShape | ListShape

export const text: ScalarShape = { kind: 'text' }
export const number: ScalarShape = { kind: 'number' }
export const boolean: ScalarShape = { kind: 'boolean' }
export const enumeration: ScalarShape = { kind: 'enum' }
export const reference: ScalarShape = { kind: 'reference' }
export const map: MapShape = { kind: 'map' }

export const object = (members: ObjectShape['members']): ObjectShape => ({ kind: 'object', members })
export const list = (of: Shape): ListShape => ({ kind: 'list', of })
export const setOf = (of: Shape, ...key: readonly string[]): SetShape =>
  key.length === 0 ? { kind: 'set', of } : { kind: 'set', of, key }

/** The shape with one unconditional default. */
export function defaulting<Kind extends Shape>(shape: Kind, value: unknown, source: string): Kind {
  return { ...shape, defaults: [{ value, source }] }
}

/** The shape, looked at only where the wanted document names it. */
export function onlyWhenNamed<Kind extends Shape>(shape: Kind): Kind {
  return { ...shape, onlyWhenNamed: true }
}

export type Document = Readonly<Record<string, unknown>>

/** The text of a scalar; empty for anything else. */
export function scalarText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : ''
}

export function isObject(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
