import { describe, expect, it } from 'vitest'
import { formatIssue } from '../../../controller/core/manifest/issue.ts'
import { readDocuments } from '../../../controller/core/manifest/read.ts'
import { plainScalar } from '../../../controller/core/manifest/scalar.ts'
import { file } from './files.ts'

const read = (text: string) => {
  const { documents, issues } = readDocuments(file('a.yaml', text))
  return { values: documents.map(({ value }) => value), issues: issues.map(formatIssue) }
}

describe('a file is read', () => {
  it.each<readonly [what: string, text: string, values: readonly unknown[]]>([
    ['as nothing where it is empty', '', []],
    ['as nothing where it holds comments and empty documents', '# a\n---\n---\nnull\n---\n~\n', []],
    ['as its documents in order', 'a: 1\n---\n[b]\n--- c\n', [{ a: 1 }, ['b'], 'c']],
    ['with texts in quotes as texts', 'a: "1"\nb: \'true\'\nc: "null"\n', [{ a: '1', b: 'true', c: 'null' }]],
    ['with blocks of text', 'a: |\n  1\nb: >-\n  x\n  y\n', [{ a: '1\n', b: 'x y' }]],
    ['with nothing where nothing is said', 'a:\nb: [~, ]\n', [{ a: null, b: [null] }]],
    ['with what is inside of what', 'a: [{ b: [[1], {}] }, []]\n', [{ a: [{ b: [[1], {}] }, []] }]],
    ['with keys that are no texts as texts', '1: a\ntrue: b\n', [{ '1': 'a', true: 'b' }]],
    ['as JSON', '{"a": [1.5, -2e3, "x\\u0041"]}', [{ a: [1.5, -2000, 'xA'] }]],
  ])('%s', (_what, text, values) => {
    expect(read(text)).toEqual({ values, issues: [] })
  })

  const alias = 'aliases (*name) and merge keys are not taken; expected the value written out, or an overlay'
  const tag = 'YAML tags are not taken; expected a plain value, a text in quotes'
  const key = 'a list or an object stands where a field name belongs; expected a text'
  const twice = (name: string): string =>
    `the field ${JSON.stringify(name)} stands here a second time; expected each field once`

  it.each<readonly [what: string, text: string, values: readonly unknown[], issues: readonly string[]]>([
    [
      'the first of two fields counts',
      'a: 1\nb: { a: 2 }\na: 3\n',
      [{ a: 1, b: { a: 2 } }],
      [`3:1 /a: ${twice('a')}`],
    ],
    ['a field in quotes is the same field', 'a: 1\n"a": 2\n', [{ a: 1 }], [`2:1 /a: ${twice('a')}`]],
    [
      'a long name is cut',
      `? ${'k'.repeat(81)}\n: 1\n? ${'k'.repeat(81)}\n: 2\n`,
      [{ ['k'.repeat(81)]: 1 }],
      [`3:3 /${'k'.repeat(81)}: ${twice(`${'k'.repeat(77)}...`)}`],
    ],
    [
      'a name of 80 characters is not',
      `${'k'.repeat(80)}: 1\n${'k'.repeat(80)}: 2\n`,
      [{ ['k'.repeat(80)]: 1 }],
      [`2:1 /${'k'.repeat(80)}: ${twice('k'.repeat(80))}`],
    ],
    ['an alias is an empty object', 'a: &x 1\nb: *x\n', [{ a: 1, b: {} }], [`2:4 /b: ${alias}`]],
    [
      'a merge key is a field whose value is an alias',
      'a: &x { c: 1 }\nb: { <<: *x }\n',
      [{ a: { c: 1 }, b: { '<<': {} } }],
      [`2:10 /b/<<: ${alias}`],
    ],
    ['a field named by an alias is left out', '&x a: 1\n*x : 2\n', [{ a: 1 }], [`2:1: ${alias}`]],
    [
      'a field named by a list is left out',
      'a: 1\n? [b, { c: *x }]\n: 2\nd: 4\n',
      [{ a: 1, d: 4 }],
      [`2:3: ${key}`],
    ],
    ['a field named by an object is left out', '? { b: 1 }\n: 2\n', [{}], [`1:3: ${key}`]],
    [
      'tags are passed over',
      'a: !!str 1\nb: !x [1]\nc: !y { d: 1 }\n',
      [{ a: 1, b: [1], c: { d: 1 } }],
      [`1:4 /a: ${tag}`, `2:4 /b: ${tag}`, `3:4 /c: ${tag}`],
    ],
    ['the tag of a name is passed over', '!!str a: 1\n', [{ a: 1 }], [`1:1: ${tag}`]],
    [
      'a number that JSON has not is zero',
      'a: [.inf]\nb: "x"\n',
      [{ a: [0], b: 'x' }],
      ['1:5 /a/0: .inf is no number that JSON has; expected a finite number'],
    ],
    [
      'a place in the second document is its own',
      'a: 1\n---\nb: 1\nb: 2\n',
      [{ a: 1 }, { b: 1 }],
      [`4:1 /b: ${twice('b')}`],
    ],
    [
      'a text in quotes stands at its quote',
      'a: !!str "b"\nc: &x d\ne: [*x]\n',
      [{ a: 'b', c: 'd', e: [{}] }],
      [`1:4 /a: ${tag}`, `3:5 /e/0: ${alias}`],
    ],
  ])('on, past what is wrong: %s', (_what, text, values, issues) => {
    expect(read(text)).toEqual({ values, issues: issues.map((line) => `a.yaml:${line}`) })
  })

  it('without the field __proto__, whose fields are nobody’s', () => {
    const [value] = read('a: { __proto__: { x: 1 }, y: 2 }\n').values as { a: object }[]
    expect(value?.a).toEqual({ y: 2 })
    expect(value?.a).not.toHaveProperty('x')
  })

  it.each([
    ['quotes that do not end', 'a: 1\nb: "x\n', 'a.yaml:3:1: this is not YAML: '],
    ['a bracket that does not end', '[1,\n2', 'a.yaml:2:2: this is not YAML: '],
  ])('not at all with %s', (_what, text, expected) => {
    const { values, issues } = read(text)
    expect(values).toEqual([])
    expect(issues).toEqual([expect.stringContaining(expected)])
  })

  it.each([
    ['49 lists in the document', '['.repeat(49) + ']'.repeat(49), []],
    [
      '50',
      '['.repeat(50) + ']'.repeat(50),
      ['a.yaml:1:50: the document is nested more than 50 deep; expected a flatter one'],
    ],
  ])('as deep as %s', (_what, text, issues) => {
    expect(read(text).issues).toEqual(issues)
  })
})

describe('a plain scalar', () => {
  it.each<readonly [expected: unknown, texts: readonly string[]]>([
    [null, ['null', 'Null', 'NULL', '~', '']],
    [true, ['true', 'True', 'TRUE']],
    [false, ['false', 'False', 'FALSE']],
    [12, ['12', '+12', '012', '0o14', '0xC', '0xc', '12.', '12.0', '1.2e1', '+1.2E+1', '120e-1']],
    [-0.5, ['-.5', '-0.5', '-5e-1', '-.50', '-500000000000e-12']],
    [Infinity, ['.inf', '.Inf', '.INF', '+.inf']],
    [-Infinity, ['-.inf', '-.Inf', '-.INF']],
    [Number.NaN, ['.nan', '.NaN', '.NAN']],
  ])('is %s', (expected, texts) => {
    expect(texts.map(plainScalar)).toEqual(texts.map(() => expected))
  })

  it.each([
    ['nullx', 'xnull', 'nUll', '~~', 'xtrue', 'truex', 'tRUE', 'xfalse', 'falsex', 'no', 'off', 'y'],
    ['x12', '12x', '+-12', '0o18', '0o', '0xg', '0x', 'x0o1', 'x0x1', '0o1x', '0x1x', '-0o1', '+0x1'],
    ['.', '-', '+', 'e1', '1e', '1e+', '.e1', '1.2.3', 'x1.5', '1.5x', '1_0', '1:2', '..5', '1e1.5'],
    ['xinf', 'x.inf', '.infx', '.iNF', '--.inf', 'x.nan', '.nanx', '-.nan', '.nAN', 'inf', 'nan'],
  ])('is a text for %s, %s, %s and the like', (...texts) => {
    expect(texts.map(plainScalar)).toEqual(texts)
  })
})
