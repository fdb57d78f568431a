import type { Document, SetShape, Shape } from '../defaults/shape.ts'
import { isObject } from '../defaults/shape.ts'
import { pointerSegments } from './change.ts'
import { memberName } from './compare.ts'

/** The document without what is left to others: each pointer's first segment is one of the roots that the document stands for. */
export function pruned(
  shape: Shape,
  document: Document,
  { roots, ignore }: { readonly roots: readonly string[]; readonly ignore: readonly string[] | undefined },
): Document {
  const paths = (ignore ?? []).map(pointerSegments).filter(([root = '']) => roots.includes(root))
  const left = paths.reduce<unknown>((value, [, ...path]) => without(shape, value, path), document)
  return isObject(left) ? left : document
}

function without(shape: Shape | undefined, value: unknown, path: readonly string[]): unknown {
  const [name = '', ...rest] = path
  if (shape?.kind === 'set' && Array.isArray(value)) return withoutElement(shape, value, name, rest)
  if (!isObject(value)) return value
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    if (!matches(name, key)) return [[key, inner] as const]
    if (rest.length === 0) return []
    const member =
      shape?.kind === 'object' && Object.hasOwn(shape.members, key) ? shape.members[key] : undefined
    return [[key, without(member, inner, rest)] as const]
  })
  return Object.fromEntries(entries)
}

function withoutElement(
  shape: SetShape,
  elements: readonly unknown[],
  name: string,
  rest: readonly string[],
): readonly unknown[] {
  return elements.flatMap((element) => {
    if (!isObject(element) || !matches(name, memberName(shape, element))) return [element]
    return rest.length === 0 ? [] : [without(shape.of, element, rest)]
  })
}

const matches = (wanted: string, name: string): boolean => wanted === '*' || wanted === name
