import { EVENT_ID, SCALAR_STYLE, YAMLException, getScalarValue, parseEvents } from 'js-yaml'
import { pointerTo } from '../../resources/problem.ts'
import type { Issue } from './issue.ts'
import { positionAt, sourceText } from './positions.ts'
import type { PositionNode, SourceText } from './positions.ts'
import { plainScalar } from './scalar.ts'
import { unreadable } from './source-file.ts'
import type { SourceFile } from './source-file.ts'

type Event = ReturnType<typeof parseEvents>[number]
type ScalarEvent = Extract<Event, { type: typeof EVENT_ID.SCALAR }>
type AliasEvent = Extract<Event, { type: typeof EVENT_ID.ALIAS }>
type CollectionEvent = Extract<Event, { type: typeof EVENT_ID.MAPPING | typeof EVENT_ID.SEQUENCE }>

/** A value with the places that its parts came from. */
export interface LocatedDocument {
  value: unknown
  node: PositionNode
}

/** Documents nested deeper than this are refused. */
const MAX_DEPTH = 50

/** More documents than this in one file are refused. */
const MAX_DOCUMENTS = 200

/** More issues than this about the writing of one file are not told. */
const MAX_ISSUES = 100

/**
 * Reads a YAML or JSON file into its documents, each value with its position. Never throws: a syntax error is the file's one
 * issue; duplicate keys, aliases and tags are issues of their own and reading goes on. Empty documents are left out.
 */
export function readDocuments(file: SourceFile): { documents: LocatedDocument[]; issues: Issue[] } {
  const source = sourceText(file.path, file.text)
  const cannot = unreadable(file)
  if (cannot) return { documents: [], issues: [issue({ source, offset: 0, path: '', ...cannot })] }
  let events: Event[]
  try {
    events = parseEvents(file.text, { maxDepth: MAX_DEPTH })
  } catch (error) {
    return { documents: [], issues: [syntaxIssue(source, error)] }
  }
  const reader: Reader = { source, events, index: 0, issues: [] }
  const documents: LocatedDocument[] = []
  while (reader.index < reader.events.length) {
    const document = readDocument(reader)
    if (document.value !== null) documents.push(document)
    if (documents.length > MAX_DOCUMENTS) {
      const message = `the file has more than ${MAX_DOCUMENTS} documents; expected fewer`
      return {
        documents: [],
        issues: [issue({ source, offset: 0, path: '', message, code: 'TooManyDocuments' })],
      }
    }
  }
  return { documents, issues: reader.issues.slice(0, MAX_ISSUES) }
}

interface Reader {
  source: SourceText
  events: readonly Event[]
  index: number
  issues: Issue[]
}

interface Place {
  keyOffset: number | undefined
  path: string
}

function readDocument(reader: Reader): LocatedDocument {
  reader.index += 1
  const root: Place = { keyOffset: undefined, path: '' }
  // The parser gives an empty document an empty scalar, so that there is always a value.
  const document = readValue(reader, root)
  reader.index += 1
  return document
}

function readValue(reader: Reader, place: Place): LocatedDocument {
  const event = reader.events[reader.index]
  reader.index += 1
  switch (event?.type) {
    case EVENT_ID.SCALAR:
      return readScalar(reader, event, place)
    case EVENT_ID.SEQUENCE:
      return readSequence(reader, event, place)
    case EVENT_ID.MAPPING:
      return readMapping(reader, event, place)
    case EVENT_ID.ALIAS:
      return readAlias(reader, event, place)
    default:
      return located(reader, { value: null, offset: 0, place })
  }
}

function readScalar(reader: Reader, event: ScalarEvent, place: Place): LocatedDocument {
  refuseTag(reader, event, place)
  const text = getScalarValue(reader.source.text, event)
  const offset = scalarOffset(event, place)
  if (event.style !== SCALAR_STYLE.PLAIN) return located(reader, { value: text, offset, place })
  const value = plainScalar(text)
  if (typeof value === 'number' && !Number.isFinite(value)) {
    const message = `${text} is no number that JSON has; expected a finite number`
    complain(reader, { offset, path: place.path, message, code: 'InvalidValue' })
    return located(reader, { value: 0, offset, place })
  }
  const read = located(reader, { value, offset, place })
  return { value, node: { ...read.node, raw: text } }
}

function readSequence(reader: Reader, event: CollectionEvent, place: Place): LocatedDocument {
  refuseTag(reader, event, place)
  const value: unknown[] = []
  const children = new Map<string, PositionNode>()
  while (!atEnd(reader)) {
    const item = readValue(reader, { keyOffset: undefined, path: pointerTo(place.path, value.length) })
    children.set(String(value.length), item.node)
    value.push(item.value)
  }
  reader.index += 1
  return located(reader, { value, offset: event.start, place, children })
}

function readMapping(reader: Reader, event: CollectionEvent, place: Place): LocatedDocument {
  refuseTag(reader, event, place)
  const value: Record<string, unknown> = {}
  const children = new Map<string, PositionNode>()
  while (!atEnd(reader)) {
    const key = readKey(reader, place)
    const path = key.name === undefined ? place.path : pointerTo(place.path, key.name)
    const entry = readValue(reader, { keyOffset: key.offset, path })
    if (key.name === undefined || !mayTake(reader, { name: key.name, offset: key.offset, path, value }))
      continue
    children.set(key.name, entry.node)
    value[key.name] = entry.value
  }
  reader.index += 1
  return located(reader, { value, offset: event.start, place, children })
}

function readKey(reader: Reader, place: Place): { name: string | undefined; offset: number } {
  const event = reader.events[reader.index]
  if (event?.type === EVENT_ID.SCALAR) {
    reader.index += 1
    refuseTag(reader, event, place)
    return { name: getScalarValue(reader.source.text, event), offset: scalarOffset(event, place) }
  }
  const before = reader.issues.length
  const { node } = readValue(reader, place)
  const message = 'a list or an object stands where a field name belongs; expected a text'
  if (event?.type !== EVENT_ID.ALIAS) {
    reader.issues.length = before
    complain(reader, { offset: node.valueOffset, path: place.path, message, code: 'ComplexKey' })
  }
  return { name: undefined, offset: node.valueOffset }
}

function mayTake(
  reader: Reader,
  {
    name,
    offset,
    path,
    value,
  }: { name: string; offset: number; path: string; value: Record<string, unknown> },
): boolean {
  if (name === '__proto__') {
    const message = 'the field "__proto__" is not taken; expected another name'
    complain(reader, { offset, path, message, code: 'ForbiddenField' })
    return false
  }
  if (!Object.hasOwn(value, name)) return true
  const shown = name.length > 80 ? `${name.slice(0, 77)}...` : name
  const message = `the field ${JSON.stringify(shown)} stands here a second time; expected each field once`
  complain(reader, { offset, path, message, code: 'DuplicateKey' })
  return false
}

function readAlias(reader: Reader, event: AliasEvent, place: Place): LocatedDocument {
  const offset = Math.max(0, event.anchorStart - 1)
  const message =
    'aliases (*name) and merge keys are not taken; expected the value written out, or an overlay'
  complain(reader, { offset, path: place.path, message, code: 'Alias' })
  return located(reader, { value: {}, offset, place })
}

function refuseTag(reader: Reader, event: ScalarEvent | CollectionEvent, place: Place): void {
  if (event.tagStart < 0) return
  const message = 'YAML tags are not taken; expected a plain value, a text in quotes'
  complain(reader, { offset: event.tagStart, path: place.path, message, code: 'Tag' })
}

function scalarOffset(event: ScalarEvent, place: Place): number {
  if (event.valueStart < 0) return place.keyOffset ?? 0
  const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED
  return quoted ? event.valueStart - 1 : event.valueStart
}

function atEnd(reader: Reader): boolean {
  const event = reader.events[reader.index]
  return event === undefined || event.type === EVENT_ID.POP
}

function located(
  reader: Reader,
  input: { value: unknown; offset: number; place: Place; children?: Map<string, PositionNode> },
): LocatedDocument {
  const node: PositionNode = {
    source: reader.source,
    valueOffset: input.offset,
    keyOffset: input.place.keyOffset,
    ...(input.children ? { children: input.children } : {}),
  }
  return { value: input.value, node }
}

function complain(
  reader: Reader,
  about: { offset: number; path: string; message: string; code: string },
): void {
  if (reader.issues.length < MAX_ISSUES) reader.issues.push(issue({ source: reader.source, ...about }))
}

function issue(about: {
  source: SourceText
  offset: number
  path: string
  message: string
  code: string
}): Issue {
  const { source, offset, path, message, code } = about
  return { file: source.path, ...positionAt(source, offset), path, message, code }
}

function syntaxIssue(source: SourceText, error: unknown): Issue {
  const { mark, reason } =
    error instanceof YAMLException ? error : new YAMLException('the text can not be read')
  const { line, column } = mark ?? { line: 0, column: 0 }
  const message = reason.startsWith('nesting exceeded')
    ? `the document is nested more than ${MAX_DEPTH} deep; expected a flatter one`
    : `this is not YAML: ${reason}; expected YAML or JSON`
  return { file: source.path, line: line + 1, column: column + 1, path: '', message, code: 'Syntax' }
}
