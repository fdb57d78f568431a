import { isRecord } from '../../resources/problem.ts'
import type { PositionNode } from './positions.ts'
import type { LocatedDocument } from './read.ts'

/** Merges a patch into a document as RFC 7396 says; every part of the result keeps the position of the file it came from. */
export function mergePatch(target: LocatedDocument | undefined, patch: LocatedDocument): LocatedDocument {
  if (!isRecord(patch.value)) return patch
  const base = target && isRecord(target.value) ? target : undefined
  const value: Record<string, unknown> = base ? { ...(base.value as Record<string, unknown>) } : {}
  const children = new Map(base?.node.children)
  for (const [name, wanted] of Object.entries(patch.value)) {
    const before = childOf(base, name)
    delete value[name]
    children.delete(name)
    const place = patch.node.children?.get(name)
    if (wanted === null || place === undefined) continue
    const merged = mergePatch(before, { value: wanted, node: place })
    value[name] = merged.value
    children.set(name, merged.node)
  }
  const { source, valueOffset, keyOffset } = base?.node ?? patch.node
  return { value, node: { source, valueOffset, keyOffset, children } }
}

function childOf(document: LocatedDocument | undefined, name: string): LocatedDocument | undefined {
  const node: PositionNode | undefined = document?.node.children?.get(name)
  if (!node || !document || !isRecord(document.value)) return undefined
  return { value: document.value[name], node }
}
