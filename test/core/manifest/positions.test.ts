import { describe, expect, it } from 'vitest'
import { formatIssue, issueAt, issueOfFile, sortIssues } from '../../../controller/core/manifest/issue.ts'
import type { Issue } from '../../../controller/core/manifest/issue.ts'
import { locate, positionAt, sourceText } from '../../../controller/core/manifest/positions.ts'
import { readDocuments } from '../../../controller/core/manifest/read.ts'
import { file } from './files.ts'

const at = (text: string, offset: number): string => {
  const { line, column } = positionAt(sourceText('a.yaml', text), offset)
  return `${line}:${column}`
}

describe('a position', () => {
  it.each<readonly [what: string, text: string, offset: number, expected: string]>([
    ['the first character', 'abc', 0, '1:1'],
    ['the last character of a line', 'abc\ndef', 2, '1:3'],
    ['the end of a line itself', 'abc\ndef', 3, '1:4'],
    ['the first character after a line feed', 'abc\ndef', 4, '2:1'],
    ['the first character after both', 'abc\r\ndef', 5, '2:1'],
    ['the first character after a carriage return', 'abc\rdef', 4, '2:1'],
    ['a character of the third of four lines', 'a\nb\ncd\ne', 5, '3:2'],
    ['a character of the last of five lines', 'a\nb\nc\nd\nef', 9, '5:2'],
    ['a place after the text', 'a\n', 9, '2:8'],
    ['an empty text', '', 0, '1:1'],
    ['a text with a byte order mark, which has no column', '\ufeffabc', 1, '1:1'],
    ['the mark itself', '\ufeffabc', 0, '1:1'],
    ['a later line of a text with a byte order mark', '\ufeffa\nbc', 4, '2:2'],
  ])('counts lines and columns from 1: %s', (_what, text, offset, expected) => {
    expect(at(text, offset)).toBe(expected)
  })
})

describe('the place of a pointer', () => {
  const text = 'kind: Release\nspec:\n  image:\n    tag: 1.10\n  list: [a, { b: "c" }]\n'
  const [document] = readDocuments(file('a.yaml', text)).documents
  const place = (path: string, what: 'key' | 'value'): string => {
    if (document === undefined) throw new Error('no document')
    const { found, position } = locate({ node: document.node, path, at: what })
    return `${position.line}:${position.column} ${found.raw ?? ''}`.trim()
  }

  it.each<readonly [path: string, what: 'key' | 'value', expected: string]>([
    ['', 'value', '1:1'],
    ['', 'key', '1:1'],
    ['/spec/image', 'key', '3:3'],
    ['/spec/image', 'value', '4:5'],
    ['/spec/image/tag', 'key', '4:5 1.10'],
    ['/spec/image/tag', 'value', '4:10 1.10'],
    ['/spec/list', 'value', '5:9'],
    ['/spec/list/0', 'value', '5:10 a'],
    ['/spec/list/0', 'key', '5:10 a'],
    ['/spec/list/1/b', 'value', '5:18'],
    ['/spec/list/2', 'value', '5:3'],
    ['/spec/image/digest', 'value', '3:3'],
    ['/spec/image/tag/deeper', 'value', '4:5'],
    ['/nothing', 'value', '1:1'],
  ])('%j by its %s is %s, or that of what should hold it', (path, what, expected) => {
    expect(place(path, what)).toBe(expected)
  })

  it('of what is in quotes is at the quote, of what is empty at its name', () => {
    const [one] = readDocuments(file('b.yaml', `a: 'x'\nb: "y"\nc:\nd: { e: }\nf: |\n  z\n`)).documents
    if (one === undefined) throw new Error('no document')
    const { node } = one
    const places = ['/a', '/b', '/c', '/d/e', '/f'].map((path) => {
      const { line, column } = locate({ node, path, at: 'value' }).position
      return `${path} ${line}:${column}`
    })
    expect(places).toEqual(['/a 1:4', '/b 2:4', '/c 3:1', '/d/e 4:6', '/f 6:1'])
  })

  it('comes with advice where a number stands for a text, and for nothing else', () => {
    if (document === undefined) throw new Error('no document')
    const { node } = document
    const wrong = {
      path: '/spec/image/tag',
      message: 'x; expected a text',
      code: 'WrongType',
      at: 'value',
    } as const
    const told = [
      wrong,
      { ...wrong, code: 'InvalidValue' },
      { ...wrong, message: 'x; expected a text or null' },
      { ...wrong, path: '/spec/list' },
      { ...wrong, path: '/spec/image/tag/deeper' },
    ].map((problem) => issueAt(node, problem).message)
    expect(told).toEqual([
      'x; expected a text, so "1.10" in quotes',
      'x; expected a text',
      'x; expected a text or null',
      'x; expected a text',
      'x; expected a text',
    ])
  })

  it.each([
    ['as long as it fits', '1'.repeat(80), `, so "${'1'.repeat(80)}" in quotes`],
    ['unless it is too long', '1'.repeat(81), ''],
    ['unless there is nothing to put in quotes', '', ''],
  ])('comes with advice %s', (_what, raw, expected) => {
    const [one] = readDocuments(file('a.yaml', `b:\na: ${raw}\n`)).documents
    if (one === undefined) throw new Error('no document')
    const problem = { path: '/a', message: 'expected a text', code: 'WrongType', at: 'value' } as const
    expect(issueAt(one.node, problem).message).toBe(`expected a text${expected}`)
  })
})

describe('issues', () => {
  const issue: Issue = { file: 'b', line: 2, column: 2, path: '/b', message: 'b', code: 'B' }

  it('are told once, by file, line, column, path and message', () => {
    const sorted = [
      { ...issue, file: 'a', line: 9 },
      { ...issue, line: 1, column: 9 },
      { ...issue, column: 1, path: '/c' },
      { ...issue, path: '/a', message: 'c' },
      { ...issue, message: 'a' },
      issue,
      { ...issue, column: 10 },
      { ...issue, line: 10, column: 1 },
      { ...issue, file: 'c', line: 1 },
    ]
    expect(sortIssues([...sorted].toReversed())).toEqual(sorted)
    expect(sortIssues([...sorted, ...sorted])).toEqual(sorted)
  })

  it('about a file stand at its beginning', () => {
    expect(issueOfFile('a.yaml', { message: 'x; y', code: 'C' })).toEqual({
      file: 'a.yaml',
      line: 1,
      column: 1,
      path: '',
      message: 'x; y',
      code: 'C',
    })
  })

  it.each([
    ['control characters', 'a\u001b[2Jb\n', 'a\\u{1b}[2Jb\\u{a}'],
    ['characters that turn the direction of text', 'a\u202eb', 'a\\u{202e}b'],
    ['line and paragraph separators', 'a\u2028b\u2029', 'a\\u{2028}b\\u{2029}'],
  ])('show %s by their numbers', (_what, message, expected) => {
    expect(formatIssue({ ...issue, message })).toBe(`b:2:2 /b: ${expected}`)
  })

  it('leave letters of any language as they are', () => {
    expect(formatIssue({ ...issue, message: 'größer 大 🎉' })).toBe('b:2:2 /b: größer 大 🎉')
  })
})
