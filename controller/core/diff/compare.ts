import { canonicalJson } from '../canonical-json.ts'
import { normalize } from '../defaults/normalize.ts'
import type { Document, ListShape, ObjectShape, ScalarShape, SetShape, Shape } from '../defaults/shape.ts'
import { isObject, scalarText } from '../defaults/shape.ts'

/** One place where two documents differ; undefined where one of them has nothing. */
export interface Difference {
  readonly path: readonly string[]
  readonly wanted: unknown
  readonly live: unknown
}

/**
 * Where `live` differs in meaning from `wanted`, as ECS and Elastic Load Balancing read them: defaults filled in on both sides, sets without
 * order, live members that the table does not know left alone (AWS adds some every year).
 */
export function compare(shape: Shape, wanted: unknown, live: unknown): Difference[] {
  const filled = { wanted: normalize(shape, wanted, 'fill'), live: normalize(shape, live, 'fill') }
  return compareAt(shape, { named: wanted, ...filled }, [])
}

/** Names a set's object for people and paths: its key members, of ports the protocol only where it is not TCP. */
export function memberName(shape: SetShape, element: Document): string {
  return (shape.key ?? [])
    .map((member) => scalarText(element[member]))
    .filter((part) => part !== '' && part.toLowerCase() !== 'tcp')
    .map(lastSegment)
    .join('-')
}

interface Pair {
  /** What the wanted document itself says here, before defaults were filled in. */
  readonly named: unknown
  readonly wanted: unknown
  readonly live: unknown
}

function compareAt(shape: Shape, pair: Pair, path: readonly string[]): Difference[] {
  const { wanted, live } = pair
  if (wanted === undefined || live === undefined) return compareWithNothing(shape, pair, path)
  if (shape.kind === 'object' && isObject(wanted) && isObject(live)) {
    const named = isObject(pair.named) ? pair.named : {}
    return compareObjects(shape, { named, wanted, live }, path)
  }
  if (shape.kind === 'map' && isObject(wanted) && isObject(live)) return compareMaps(wanted, live, path)
  if (shape.kind === 'set' && shape.key !== undefined && Array.isArray(wanted) && Array.isArray(live)) {
    return compareKeyedSets(shape, { named: pair.named, wanted, live }, path)
  }
  return sameMeaning(shape, wanted, live) ? [] : [{ path, wanted, live }]
}

/** Something against nothing differs, unless all of it is what AWS fills in anyway. */
function compareWithNothing(shape: Shape, { wanted, live }: Pair, path: readonly string[]): Difference[] {
  const something = wanted ?? live
  if (something === undefined || normalize(shape, something, 'strip') === undefined) return []
  if (wanted === undefined && 'open' in shape && shape.open) return []
  return [{ path, wanted, live }]
}

type Documents = Readonly<Record<keyof Pair, Document>>

function compareObjects(shape: ObjectShape, documents: Documents, path: readonly string[]): Difference[] {
  const { named, wanted, live } = documents
  const names = new Set([...Object.keys(shape.open ? named : wanted), ...Object.keys(shape.members)])
  return [...names].flatMap((name) => {
    const member = Object.hasOwn(shape.members, name) ? shape.members[name] : undefined
    const isNamed = (own(named, name) ?? null) !== null
    // An empty list of them means the same to AWS as none: it picks.
    const isPicked = member?.onlyWhenNamed === true && own(wanted, name) === undefined
    if (isPicked || (!isNamed && (shape.open || member?.onlyWhenNamed))) return []
    const pair = { named: own(named, name), wanted: own(wanted, name), live: own(live, name) }
    const inner = [...path, name]
    return member === undefined ? compareUnknown(pair, inner) : compareAt(member, pair, inner)
  })
}

function compareUnknown({ wanted, live }: Pair, path: readonly string[]): Difference[] {
  return wanted === undefined || canonicalJson(wanted) === canonicalJson(live) ? [] : [{ path, wanted, live }]
}

function compareMaps(wanted: Document, live: Document, path: readonly string[]): Difference[] {
  const names = new Set([...Object.keys(wanted), ...Object.keys(live)])
  return [...names].flatMap((name) =>
    canonicalJson(own(wanted, name)) === canonicalJson(own(live, name))
      ? []
      : [{ path: [...path, name], wanted: own(wanted, name), live: own(live, name) }],
  )
}

interface Arrays {
  readonly named: unknown
  readonly wanted: readonly unknown[]
  readonly live: readonly unknown[]
}

function compareKeyedSets(shape: SetShape, arrays: Arrays, path: readonly string[]): Difference[] {
  const named = byName(shape, Array.isArray(arrays.named) ? arrays.named : [])
  const wanted = byName(shape, arrays.wanted)
  const live = byName(shape, arrays.live)
  const keys = new Set([...wanted.keys(), ...(shape.open ? [] : live.keys())])
  return [...keys].flatMap((key) => {
    const one = wanted.get(key)
    const other = live.get(key)
    const inner = [...path, (one ?? other)?.name ?? key]
    if (one === undefined || other === undefined)
      return [{ path: inner, wanted: one?.element, live: other?.element }]
    const pair = { named: named.get(key)?.element, wanted: one.element, live: other.element }
    return compareAt(shape.of, pair, inner)
  })
}

interface Named {
  readonly name: string
  readonly element: unknown
}

/**
 * Elements by what tells them apart: enums in whatever case. Two of one name (ECS refuses most of them) are told apart by their position
 * among the sorted.
 */
function byName(shape: SetShape, elements: readonly unknown[]): ReadonlyMap<string, Named> {
  const found = new Map<string, Named>()
  for (const element of elements) {
    const name = isObject(element) ? memberName(shape, element) : canonicalJson(element)
    const key = isObject(element) ? memberName(shape, folded(shape, element)) : name
    let suffix = ''
    for (let count = 2; found.has(`${key}${suffix}`); count += 1) suffix = `#${count}`
    found.set(`${key}${suffix}`, { name: `${name}${suffix}`, element })
  }
  return found
}

/** The element with its enums in one case. */
function folded({ of }: SetShape, element: Document): Document {
  if (of.kind !== 'object') return element
  const enums = Object.entries(element).filter(([name]) => own(of.members, name)?.kind === 'enum')
  return { ...element, ...Object.fromEntries(enums.map(([name, value]) => [name, lowerCase(value)])) }
}

const lowerCase = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value)

function sameMeaning(shape: Shape, wanted: unknown, live: unknown): boolean {
  if (shape.kind === 'set' || shape.kind === 'list') return sameElements(shape, wanted, live)
  if (shape.kind === 'object' || shape.kind === 'map') return canonicalJson(wanted) === canonicalJson(live)
  return wanted === live || sameScalar(shape, wanted, live)
}

function sameElements(shape: SetShape | ListShape, wanted: unknown, live: unknown): boolean {
  if (!Array.isArray(wanted) || !Array.isArray(live)) return canonicalJson(wanted) === canonicalJson(live)
  return (
    wanted.length === live.length &&
    wanted.every((element: unknown, index) => {
      const other: unknown = live[index]
      const pair = { named: element, wanted: element, live: other }
      return compareAt(shape.of, pair, []).length === 0
    })
  )
}

function sameScalar(shape: ScalarShape, wanted: unknown, live: unknown): boolean {
  if (typeof wanted !== 'string' || typeof live !== 'string') return false
  switch (shape.kind) {
    case 'enum':
      return wanted.toLowerCase() === live.toLowerCase()
    case 'reference':
      return sameReference(wanted, live)
    case 'version':
      return isAlias(shape, wanted, live) || isAlias(shape, live, wanted)
    default:
      return false
  }
}

function isAlias(shape: ScalarShape, name: string, version: string): boolean {
  const versions = shape.aliases ?? {}
  return Object.hasOwn(versions, name) && (versions[name] ?? []).includes(version)
}

/** Whether two references mean one thing: the same text, or an ARN and the name at its end. */
export function sameReference(wanted: string, live: string): boolean {
  return wanted === live || (isArn(wanted) !== isArn(live) && lastSegment(wanted) === lastSegment(live))
}

const isArn = (value: string): boolean => value.startsWith('arn:')

/** The name at the end of an ARN; other text is its own name. Of a target group's ARN the name stands before the id. */
export function lastSegment(value: string): string {
  if (!isArn(value)) return value
  const resource = value.split(':').slice(5).join(':')
  const parts = resource.split('/')
  if (resource.startsWith('targetgroup/')) return parts[1] ?? resource
  return parts.at(-1) ?? resource
}

function own<Value>(value: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined
}
