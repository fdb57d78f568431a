import type { Choices } from './choices.ts'
import { HOSTILE_TEXTS } from './hostile-values.ts'

/** A text with up to `changes` of its parts cut, doubled, exchanged or filled with `words`. */
export function mutateText(
  text: string,
  choices: Choices,
  { words, changes = 2 }: { readonly words: readonly string[]; readonly changes?: number },
): string {
  let changed = text
  for (let change = 0; change < changes && !choices.isDone; change += 1) {
    changed = choices.pick(CHANGES)(changed, choices, words).slice(0, MAX_LENGTH)
  }
  return changed
}

const MAX_LENGTH = 60_000

type Change = (text: string, choices: Choices, words: readonly string[]) => string

const CHANGES: readonly Change[] = [
  (text, choices, words) => insert(text, offsetIn(text, choices), choices.pick(words)),
  (text, choices) => insert(text, offsetIn(text, choices), choices.pick(HOSTILE_TEXTS)),
  (text, choices) => {
    const start = offsetIn(text, choices)
    return text.slice(0, start) + text.slice(start + 1 + choices.byte())
  },
  (text, choices) => text.slice(0, offsetIn(text, choices)),
  withLines((lines, choices) => lines.toSpliced(choices.below(lines.length), 1)),
  withLines((lines, choices) => {
    const line = choices.below(lines.length)
    return lines.toSpliced(choices.below(lines.length), 0, lines[line] ?? '')
  }),
  withLines((lines, choices, words) => {
    return lines.toSpliced(
      choices.below(lines.length),
      0,
      `${' '.repeat(choices.below(8))}${choices.pick(words)}`,
    )
  }),
  withLines((lines, choices) => {
    const line = choices.below(lines.length)
    return lines.with(line, `${' '.repeat(choices.below(8))}${lines[line]?.trimStart() ?? ''}`)
  }),
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => text.replaceAll('\n', '\r'),
  (text) => text.replaceAll('  ', '\t'),
  (text, choices) => replaceNumber(text, choices),
  (text, choices, words) =>
    insert(text, offsetIn(text, choices), choices.pick(words).repeat(1 + choices.byte())),
  (text, choices) => {
    const offset = offsetIn(text, choices)
    return text.slice(0, offset) + String.fromCharCode(choices.byte()) + text.slice(offset + 1)
  },
  (text) => `\ufeff${text}`,
  (text) => `${text}\n---\n${text}`,
]

const offsetIn = (text: string, choices: Choices): number => choices.below(text.length + 1)

const insert = (text: string, offset: number, part: string): string =>
  text.slice(0, offset) + part + text.slice(offset)

function withLines(
  change: (lines: readonly string[], choices: Choices, words: readonly string[]) => readonly string[],
): Change {
  return (text, choices, words) => change(text.split('\n'), choices, words).join('\n')
}

/** The numbers that JSON can't write: as text they reach the parser. */
function replaceNumber(text: string, choices: Choices): string {
  const numbers = [...text.matchAll(/\d+/g)]
  const found = numbers[choices.below(numbers.length)]
  if (found === undefined) return text
  const number = choices.pick(['1e999', '-1', '0', '00', '1.5', '99999999999999999999', '.inf', '0x7f', '-0'])
  return text.slice(0, found.index) + number + text.slice(found.index + found[0].length)
}
