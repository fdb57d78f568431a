import Table from 'cli-table3'
import type { Terminal } from './context.ts'
import { jsonText, yamlText } from './encode.ts'
import { CommandError, printable } from './errors.ts'

/** How an answer can be printed. */
export type Format = 'table' | 'wide' | 'yaml' | 'json' | 'name'

/** An answer in every form that it may be asked for. */
export interface Answer {
  /** For `json` and `yaml`. */
  readonly value: unknown
  /** For people. */
  readonly text: () => string
  readonly wide?: () => string
  /** One name a line. */
  readonly names?: () => readonly string[]
}

/** Prints an answer in the form that was asked for: with json, standard output holds one object and nothing else. */
export function print(terminal: Terminal, format: Format, answer: Answer): void {
  terminal.out(textOf(format, answer))
}

function textOf(format: Format, { value, text, wide, names }: Answer): string {
  switch (format) {
    case 'json':
      return jsonText(value, 2)
    case 'yaml':
      return yamlText(value)
    case 'name':
      return (names?.() ?? []).map((name) => `${name}\n`).join('')
    case 'wide':
      return (wide ?? text)()
    case 'table':
      return text()
  }
}

/** The format among those that a verb has; throws a CommandError for another one. */
export function formatOf<Known extends Format>(given: string | undefined, known: readonly Known[]): Known {
  const found = known.find((format) => format === (given ?? 'table'))
  if (found !== undefined) return found
  throw new CommandError(`unknown output format ${JSON.stringify(given)}`, {
    remedy: `give -o ${known.filter((format) => format !== 'table').join(', ')}`,
  })
}

/** Columns without borders, as wide as they must be; a cell holds one line. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const none = ''
  const layout = new Table({
    head: [...head],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 3 },
    chars: {
      top: none,
      'top-mid': none,
      'top-left': none,
      'top-right': none,
      bottom: none,
      'bottom-mid': none,
      'bottom-left': none,
      'bottom-right': none,
      left: none,
      'left-mid': none,
      mid: none,
      'mid-mid': none,
      right: none,
      'right-mid': none,
      middle: none,
    },
  })
  layout.push(...rows.map((row) => row.map(oneLine)))
  return `${layout
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`
}

/** The same data with every text fit to stand within one line of a terminal: what is painted later is ours alone. */
export function inLines<Value>(value: Value): Value {
  return mapped(value, 0) as Value
}

/** Objects of the API are at most some ten levels deep. */
const DEEPEST = 40

function mapped(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return oneLine(value)
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return value
  if (Array.isArray(value)) return value.map((item) => mapped(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [oneLine(key), mapped(item, depth + 1)]),
  )
}

function oneLine(text: string): string {
  return printable(text.replaceAll(/\s+/g, ' '))
}

/** Colours where the terminal has them, else the text alone. */
export interface Paint {
  good(text: string): string
  bad(text: string): string
  attention(text: string): string
  faint(text: string): string
}

export function paintFor({ hasColor }: Pick<Terminal, 'hasColor'>): Paint {
  const paint =
    (code: number) =>
    (text: string): string =>
      hasColor ? `\u001b[${code}m${text}\u001b[0m` : text
  return { good: paint(32), bad: paint(31), attention: paint(33), faint: paint(2) }
}
