import { pointerSegments } from '../../resources/problem.ts'

/** A file's text with the offsets at which its lines begin. */
export interface SourceText {
  path: string
  text: string
  lineStarts: readonly number[]
}

/** Where a value of a document stands. The tree has the document's own shape, so that a merged document can mix files. */
export interface PositionNode {
  source: SourceText
  valueOffset: number
  /** Offset of the key under which the value stands; undefined at the root and for list items. */
  keyOffset: number | undefined
  /** The text of a scalar that was written without quotes. */
  raw?: string
  children?: ReadonlyMap<string, PositionNode>
}

/** Line and column, counted from 1; columns in UTF-16 units. */
export interface Position {
  line: number
  column: number
}

/** Prepares a text for looking up positions; \n, \r\n and \r end a line, as in YAML. */
export function sourceText(path: string, text: string): SourceText {
  const lineStarts = [0]
  for (const match of text.matchAll(/\r\n|\n|\r/g)) lineStarts.push(match.index + match[0].length)
  return { path, text, lineStarts }
}

/** The line and column of an offset. */
export function positionAt({ text, lineStarts }: SourceText, offset: number): Position {
  let low = 0
  let high = lineStarts.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((lineStarts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  const lineStart = lineStarts[low] ?? 0
  const byteOrderMark = lineStart === 0 && text.startsWith('\ufeff') ? 1 : 0
  return { line: low + 1, column: Math.max(1, offset - lineStart - byteOrderMark + 1) }
}

/** Finds the value at a pointer, or the innermost value around it where the pointer leads to nothing. */
export function locate({ node, path, at }: { node: PositionNode; path: string; at: 'key' | 'value' }): {
  found: PositionNode
  position: Position
} {
  let found = node
  let reached = true
  for (const segment of pointerSegments(path)) {
    const child = found.children?.get(segment)
    if (!child) {
      reached = false
      break
    }
    found = child
  }
  const byKey = !reached || at === 'key'
  const offset = byKey ? (found.keyOffset ?? found.valueOffset) : found.valueOffset
  return { found: reached ? found : withoutRaw(found), position: positionAt(found.source, offset) }
}

function withoutRaw({ raw: _raw, ...node }: PositionNode): PositionNode {
  return node
}
