/** A block at the top of a file in Terraform's language: `variable "name" { … }`. */
export interface Block {
  readonly kind: string
  readonly labels: readonly string[]
  /** The lines between the braces. */
  readonly lines: readonly string[]
}

const BLOCK = /^(?<kind>[a-z_]+)(?<labels>(?: "[^"]+")*) \{$/u

/**
 * The blocks of a file that `terraform fmt` has laid out: a block begins at the left edge, and ends with the next brace
 * there. A check sees to it that every file is laid out so.
 */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = []
  let open: { kind: string; labels: string[]; lines: string[] } | undefined
  for (const line of text.split('\n')) {
    const { kind, labels } = BLOCK.exec(line)?.groups ?? {}
    if (open === undefined && kind !== undefined) {
      open = {
        kind,
        labels: Array.from((labels ?? '').matchAll(/"([^"]+)"/gu), ([, label]) => label ?? ''),
        lines: [],
      }
    } else if (open !== undefined && line === '}') {
      blocks.push(open)
      open = undefined
    } else open?.lines.push(line)
  }
  return blocks
}

/** What an attribute of a block is set to, on one line; undefined where it is not set. */
export function attributeOf(block: Block, name: string): string | undefined {
  const start = block.lines.findIndex((line) => new RegExp(`^  ${name} += `, 'u').test(line))
  if (start === -1) return undefined
  const first = (block.lines[start] ?? '').replace(/^[^=]*= /u, '')
  const rest = block.lines.slice(start + 1)
  // A value of several lines ends with the first line that is not indented further.
  const length = /[([{]$/u.test(first) ? rest.findIndex((line) => /^ {2}\S/u.test(line)) + 1 : 0
  return oneLine([first, ...rest.slice(0, length)])
}

function oneLine(lines: readonly string[]): string {
  return lines
    .map((line) => line.trim().replaceAll(/ += /gu, ' = '))
    .join('\n')
    .replaceAll(/(?<=[([{])\n/gu, ' ')
    .replaceAll(/\n(?=[)\]}])/gu, ' ')
    .replaceAll(/,?\n/gu, ', ')
    .replaceAll(/\( (?=\w)/gu, '(')
    .replaceAll(/(?<=\w) \)/gu, ')')
}

/** The text of an attribute that is a plain string. */
export function textOf(block: Block, name: string): string | undefined {
  const value = attributeOf(block, name)
  return value === undefined ? undefined : (JSON.parse(value) as string)
}

/** Whether a block holds a block of the kind. */
export function hasBlock(block: Block, kind: string): boolean {
  return block.lines.some((line) => line.startsWith(`  ${kind} {`))
}
