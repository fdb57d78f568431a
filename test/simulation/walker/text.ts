import { isRecord, pointerTo } from '../../../controller/resources/problem.ts'
import type { Document } from './change.ts'

/** A document as people write it, and where each of its places stands. */
export interface WrittenDocument {
  readonly text: string
  /** Lines, from 1, on which the place's name and its value begin; undefined when the document has no such place. */
  linesOf(pointer: string): readonly number[] | undefined
}

/** Writes YAML in blocks, one value a line. What it knows of lines, it knows from writing and not from reading. */
export function write(document: Document): WrittenDocument {
  const lines: string[] = []
  const places = new Map<string, readonly number[]>()

  function block(value: unknown, { pointer, indent, first }: Position): void {
    const isList = Array.isArray(value)
    const entries: [string, unknown][] = isList
      ? (value as unknown[]).map((item, index) => [String(index), item])
      : Object.entries(value as object)
    entries.forEach(([name, child], index) => {
      const start = index === 0 && first !== undefined ? first : ' '.repeat(indent)
      entry({ name, child, isList, pointer: pointerTo(pointer, name), start, indent })
    })
  }

  function entry({ name, child, isList, pointer, start, indent }: Entry): void {
    const line = lines.length + 1
    const key = isList ? '-' : `${nameText(name)}:`
    if (!isBlock(child)) {
      lines.push(`${start}${key} ${JSON.stringify(child)}`)
      places.set(pointer, [line])
      return
    }
    places.set(pointer, [line, line + 1])
    if (isList) return block(child, { pointer, indent: indent + 2, first: `${start}- ` })
    lines.push(`${start}${key}`)
    block(child, { pointer, indent: indent + 2, first: undefined })
  }

  block(document, { pointer: '', indent: 0, first: undefined })
  places.set('', [1])
  return { text: `${lines.join('\n')}\n`, linesOf: (pointer) => places.get(pointer) }
}

interface Position {
  readonly pointer: string
  readonly indent: number
  /** What stands before the first entry instead of the indent: the hyphen of the list's item. */
  readonly first: string | undefined
}

interface Entry {
  readonly name: string
  readonly child: unknown
  readonly isList: boolean
  readonly pointer: string
  readonly start: string
  readonly indent: number
}

const isBlock = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : isRecord(value) && Object.keys(value).length > 0

const nameText = (name: string): string => (/^[A-Za-z][A-Za-z0-9]*$/.test(name) ? name : JSON.stringify(name))
