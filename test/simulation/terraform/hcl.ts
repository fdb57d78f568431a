import { PortError } from '../../../controller/ports/error.ts'
import type { TerraformFile } from '../../../controller/ports/terraform.ts'

type Body = Record<string, unknown>

const BLOCK = /^(\w+)((?: "[^"]*")*) \{(\})?$/
const ARGUMENT = /^(\w+) += (.+)$/

/**
 * The blocks of the little HCL that the developers of these stories write: one block, argument or brace a line. The real parser works in a thread, in real
 * time; a test holds both to the same answer. Throws PortError `TerraformInvalid`.
 */
export function readBlocks({ path, text }: TerraformFile): Readonly<Record<string, unknown>> {
  const top: Body = {}
  const open: Body[] = [top]
  for (const [index, line] of text.split('\n').entries()) {
    const body = open.at(-1)
    const words = line.trim()
    if (body === undefined) throw invalid(path, index + 1)
    if (words === '' || words.startsWith('#')) continue
    const block = BLOCK.exec(words)
    const argument = ARGUMENT.exec(words)
    if (words === '}') open.pop()
    else if (block !== null) {
      const inner = addBlock(body, block[1] ?? '', labelsOf(block[2] ?? ''))
      if (block[3] === undefined) open.push(inner)
    } else if (argument !== null) body[argument[1] ?? ''] = valueOf(argument[2] ?? '')
    else throw invalid(path, index + 1)
  }
  if (open.length !== 1) throw invalid(path, text.split('\n').length)
  return top
}

const labelsOf = (text: string): string[] => [...text.matchAll(/"([^"]*)"/g)].map(([, label]) => label ?? '')

/** Blocks of one type and labels are a list below them. */
function addBlock(body: Body, type: string, labels: readonly string[]): Body {
  const path = [type, ...labels]
  const last = path.pop() ?? type
  const holder = path.reduce((outer, name) => (outer[name] ??= {}) as Body, body)
  const inner: Body = {}
  const list = (holder[last] ??= []) as Body[]
  list.push(inner)
  return inner
}

/** Literals as they are, anything else as an expression. */
function valueOf(text: string): unknown {
  const list = /^\[(.*)\]$/.exec(text)
  if (list !== null) return (list[1] ?? '').split(', ').map(valueOf)
  const literal = /^"([^"]*)"$/.exec(text)
  if (literal !== null) return literal[1]
  if (/^\d+$/.test(text)) return Number(text)
  return text === 'true' || text === 'false' ? text === 'true' : `\${${text}}`
}

const invalid = (path: string, line: number): PortError =>
  new PortError(`${path}:${line}:1: this is no HCL`, { code: 'TerraformInvalid', handling: 'stall' })
