import type { Block } from './blocks.ts'
import { attributeOf, textOf } from './blocks.ts'

const START = '<!-- Made by `npm run generate` from the .tf files. -->'
const END = '<!-- Up to here. -->'

/** A README with the tables of inputs and outputs as the blocks say, between two comments that it must have. */
export function withTables(readme: string, blocks: readonly Block[]): string {
  const start = readme.indexOf(START)
  const end = readme.indexOf(END)
  if (start === -1 || end < start) throw new Error(`it has no place for the tables: ${START} … ${END}`)
  return `${readme.slice(0, start + START.length)}\n\n${tablesOf(blocks)}\n\n${readme.slice(end)}`
}

function tablesOf(blocks: readonly Block[]): string {
  const inputs = blocks.filter(({ kind }) => kind === 'variable')
  const outputs = blocks.filter(({ kind }) => kind === 'output')
  return [
    '## Inputs',
    '',
    '| name | type | default | meaning |',
    '| --- | --- | --- | --- |',
    ...inputs.filter(isRequired).map(inputRow),
    ...inputs.filter((block) => !isRequired(block)).map(inputRow),
    '',
    '## Outputs',
    '',
    '| name | meaning |',
    '| --- | --- |',
    ...outputs.map((block) => row([code(nameOf(block)), textOf(block, 'description') ?? ''])),
  ].join('\n')
}

const isRequired = (block: Block): boolean => attributeOf(block, 'default') === undefined

function inputRow(block: Block): string {
  const byDefault = attributeOf(block, 'default')
  const type = attributeOf(block, 'type') ?? ''
  return row([
    code(nameOf(block)),
    code(type),
    byDefault === undefined ? '**required**' : code(byDefault),
    textOf(block, 'description') ?? '',
  ])
}

const nameOf = ({ labels: [name = ''] }: Block): string => name
const code = (text: string): string => `\`${text}\``
const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
