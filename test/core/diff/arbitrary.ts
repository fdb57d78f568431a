import fc from 'fast-check'

import type { ObjectShape, ScalarShape, SetShape, Shape } from '../../../controller/core/defaults/shape.ts'
import { memberName } from '../../../controller/core/diff/compare.ts'

type Document = Record<string, unknown>

const words = fc.constantFrom('alpha', 'beta', 'gamma', 'delta', 'b/c', 'd~e')

/** Documents that a table describes: what people write, with members left out, sets in any order, numbers as text. */
export function documentOf(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'object':
      return objectOf(shape)
    case 'map':
      return fc.dictionary(fc.constantFrom('one', 'two', 'a/b', '__proto__'), words, { maxKeys: 2 })
    case 'set':
      return setOf(shape)
    case 'list':
      return fc.array(documentOf(shape.of), { maxLength: 2 })
    default:
      return scalarOf(shape)
  }
}

function scalarOf(shape: ScalarShape): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'number':
      return fc.oneof(fc.nat(9_999), fc.nat(9_999).map(String))
    case 'boolean':
      return fc.oneof(fc.boolean(), fc.constantFrom('true', 'false'))
    case 'vcpu':
      return fc.constantFrom('256', 256, '1 vCPU', '.25 vcpu', 'lots')
    case 'mebibytes':
      return fc.constantFrom('512', 1024, '1 GB', '0.5GB')
    case 'version':
      return fc.constantFrom('LATEST', '1.4.0', '1.3.0')
    case 'enum':
      return fc.constantFrom('ENABLED', 'disabled', 'Host', 'tcp', 'LINUX')
    default:
      return fc.oneof(words, fc.nat(99), fc.boolean())
  }
}

function objectOf(shape: ObjectShape): fc.Arbitrary<Document> {
  const members = Object.entries(shape.members).map(([name, member]) => [name, documentOf(member)] as const)
  return fc.record(Object.fromEntries(members), { requiredKeys: [] })
}

/** Objects of a set have all their key members, and no two the same name. */
function setOf(shape: SetShape): fc.Arbitrary<unknown> {
  const { key, of } = shape
  if (key === undefined || of.kind !== 'object') return fc.array(documentOf(of), { maxLength: 3 })
  const keyed = key.map((name) => [name, words] as const)
  const element = fc
    .tuple(objectOf(of), fc.record(Object.fromEntries(keyed)))
    .map(([members, names]): Document => ({ ...members, ...names }))
  return fc.uniqueArray(element, { maxLength: 3, selector: (each) => memberName(shape, each) })
}

/** The same document with every set in another order. */
export function shuffled(shape: Shape, value: unknown): unknown {
  if (Array.isArray(value) && (shape.kind === 'set' || shape.kind === 'list')) {
    const elements = value.map((element) => shuffled(shape.of, element))
    return shape.kind === 'set' ? elements.toReversed() : elements
  }
  if (shape.kind !== 'object' || !isDocument(value)) return value
  const entries = Object.entries(value).map(([name, inner]) => {
    const member = shape.members[name]
    return [name, member === undefined ? inner : shuffled(member, inner)] as const
  })
  return Object.fromEntries(entries.toReversed())
}

/** The document with what a change wants put at its path. */
export function applied(shape: Shape, value: unknown, path: readonly string[], wanted: unknown): unknown {
  const [name, ...rest] = path
  if (name === undefined) return wanted
  if (shape.kind === 'set') {
    const elements: readonly unknown[] = Array.isArray(value) ? value : []
    const index = elements.findIndex((element) => isDocument(element) && memberName(shape, element) === name)
    const before = index < 0 ? undefined : elements[index]
    const after = applied(shape.of, before, rest, wanted)
    const others = elements.filter((_, position) => position !== index)
    return after === undefined ? others : [...others, after]
  }
  const member = shape.kind === 'object' ? shape.members[name] : undefined
  const document = isDocument(value) ? value : {}
  const inner = Object.hasOwn(document, name) ? document[name] : undefined
  const after = applied(member ?? { kind: 'map' }, inner, rest, wanted)
  const entries = Object.entries(document).filter(([key]) => key !== name)
  return Object.fromEntries(after === undefined ? entries : [...entries, [name, after]])
}

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
