import { isDeepStrictEqual } from 'node:util'
import { isCollection, isMap, isPair, isScalar, parseAllDocuments } from 'yaml'
import type { Document, Pair, ParsedNode, YAMLMap } from 'yaml'
import type { PinPatch } from './pin-patch.ts'

interface YamlEdit {
  readonly text: string
  /** Which document of the file; empty ones are not counted. */
  readonly index: number
  /** Undefined takes the pin away. */
  readonly pin: PinPatch | undefined
}

type Map = YAMLMap<ParsedNode, ParsedNode | null>
type Member = Pair<ParsedNode, ParsedNode | null>

/**
 * Sets the pin of one document as a person would: only its own line is written, everything else stays as it was, to the byte. Where the
 * document is written in a way that this can't keep to, the YAML library writes it anew, with its comments.
 */
export function editYaml(edit: YamlEdit): string {
  const wanted = values(rewritten(edit))
  const line = onItsLine(edit)
  return line !== undefined && isDeepStrictEqual(values(line), wanted) ? line : rewritten(edit)
}

const documentsIn = (text: string): Document.Parsed[] =>
  [...parseAllDocuments(text)].filter(({ contents }) => contents !== null && !isEmptyScalar(contents))

const isEmptyScalar = (node: unknown): boolean => isScalar(node) && node.value === null

/** Nothing where the text is no YAML any more. */
function values(text: string): unknown {
  const documents = [...parseAllDocuments(text)]
  if (documents.some(({ errors }) => errors.length > 0)) return undefined
  return documents.map((document) => document.toJS() as unknown).filter((value) => value !== null)
}

function rewritten({ text, index, pin }: YamlEdit): string {
  const documents = [...parseAllDocuments(text)]
  const document = documents.filter(({ contents }) => contents !== null && !isEmptyScalar(contents))[index]
  if (pin === undefined) {
    if (document?.hasIn(['spec', 'pin'])) document.deleteIn(['spec', 'pin'])
  } else if (isCollection(document?.get('spec', true)))
    document?.setIn(['spec', 'pin'], document.createNode(pin))
  else document?.set('spec', document.createNode({ pin }))
  return documents.map((each) => each.toString({ lineWidth: 0 })).join('')
}

function onItsLine({ text, index, pin }: YamlEdit): string | undefined {
  const root = documentsIn(text)[index]?.contents
  if (!isMap(root) || root.flow === true) return undefined
  const spec = memberOf(root, 'spec')
  if (spec === undefined) return pin === undefined ? text : withSpec({ text, root, pin })
  if (!isMap(spec.value)) return undefined
  const member = memberOf(spec.value, 'pin')
  const place = { text, spec: spec.value }
  if (member === undefined) return pin === undefined ? text : inserted({ ...place, pin })
  return pin === undefined ? removed({ ...place, member }) : replaced({ text, member, pin })
}

function memberOf(map: Map, name: string): Member | undefined {
  return map.items.find(({ key }) => isScalar(key) && key.value === name)
}

/** On one line, in the form of JSON, which YAML reads alike. */
function memberText(pin: PinPatch): string {
  if (pin === null) return 'pin: null'
  const parts = Object.entries(pin).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
  return `pin: { ${parts.join(', ')} }`
}

function replaced({ text, member, pin }: { text: string; member: Member; pin: PinPatch }): string {
  return text.slice(0, member.key.range[0]) + memberText(pin) + text.slice(endOf(member))
}

/** As the first member of `spec`, where a person looks first. */
function inserted({ text, spec, pin }: { text: string; spec: Map; pin: PinPatch }): string | undefined {
  const [first] = spec.items
  if (first === undefined) return undefined
  const at = first.key.range[0]
  if (spec.flow === true) return `${text.slice(0, at)}${memberText(pin)}, ${text.slice(at)}`
  const indentation = text.slice(lineStart(text, at), at)
  return `${text.slice(0, at)}${memberText(pin)}\n${indentation}${text.slice(at)}`
}

function removed({ text, spec, member }: { text: string; spec: Map; member: Member }): string | undefined {
  if (spec.flow === true || spec.items.length < 2) return undefined
  const from = lineStart(text, member.key.range[0])
  const newline = text.indexOf('\n', endOf(member))
  return text.slice(0, from) + (newline < 0 ? '' : text.slice(newline + 1))
}

function withSpec({ text, root, pin }: { text: string; root: Map; pin: PinPatch }): string | undefined {
  const last = root.items.at(-1)
  if (last === undefined) return undefined
  const newline = text.indexOf('\n', endOf(last))
  const [before, after] =
    newline < 0 ? [`${text}\n`, ''] : [text.slice(0, newline + 1), text.slice(newline + 1)]
  return `${before}spec:\n  ${memberText(pin)}\n${after}`
}

const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1

/** Where the last scalar of a member ends: the range of a block collection takes in the comments after it. */
function endOf({ key, value }: Member): number {
  if (value === null) return key.range[1] + 1
  if (isCollection(value) && value.flow !== true) {
    const last = value.items.at(-1)
    if (isPair(last)) return endOf(last)
  }
  return value.range[1]
}
