import { describe, expect, it } from 'vitest'
import {
  findUnknownPlaceholders,
  restorePlaceholders,
  substitute,
} from '../../../controller/core/manifest/substitute.ts'

const values = { commit: 'abc', imageTag: 'v1', environment: 'prod', region: 'eu-west-1', account: '12' }

describe('values', () => {
  it.each<readonly [what: string, value: unknown, expected: unknown]>([
    [
      'each placeholder',
      '${commit} ${imageTag} ${environment} ${region} ${account}',
      'abc v1 prod eu-west-1 12',
    ],
    [
      'texts of lists and objects, however deep',
      { a: ['${commit}', { b: '${region}' }] },
      { a: ['abc', { b: 'eu-west-1' }] },
    ],
    ['nothing but texts', [1, true, null, undefined], [1, true, null, undefined]],
    ['no names of fields', { '${commit}': 1 }, { '${commit}': 1 }],
    ['no unknown placeholder', '${other} ${Commit} ${ commit }', '${other} ${Commit} ${ commit }'],
    ['no placeholder without its brace', '${commit ${', '${commit ${'],
    ['no placeholder within another', '${a${commit}}', '${aabc}'],
    ['no dollar alone', '$commit $ {commit}', '$commit $ {commit}'],
    ['the text of two dollars', '$${commit} $$${commit}', '${commit} $${commit}'],
  ])('are put into %s', (_what, value, expected) => {
    expect(substitute(value, values)).toEqual(expected)
  })
})

describe('texts with placeholders', () => {
  it.each<readonly [what: string, copy: unknown, original: unknown, expected: unknown]>([
    ['come back', 'abc', '${commit}', '${commit}'],
    ['come back also when they stand for a dollar', '${', '$${', '$${'],
    ['do not come back when there are none', 'changed', 'plain', 'changed'],
    [
      'come back where they were, beside defaults',
      { a: 'abc', added: 1, list: [{ b: 'abc', added: 2 }] },
      { a: '${commit}', list: [{ b: '${commit}' }] },
      { a: '${commit}', added: 1, list: [{ b: '${commit}', added: 2 }] },
    ],
    ['come back only for as many as there are', ['abc', 'x'], ['${commit}'], ['${commit}', 'x']],
    ['are no longer there where a list became something else', 'x', ['${commit}'], 'x'],
    ['are no longer there where an object became something else', ['x'], { a: '${commit}' }, ['x']],
    ['are not looked for in what is no text', { a: 1 }, { a: null }, { a: 1 }],
    ['are not looked for where there was a list', { a: 1 }, ['${commit}'], { a: 1 }],
  ])('%s', (_what, copy, original, expected) => {
    expect(restorePlaceholders(copy, original)).toEqual(expected)
  })
})

describe('placeholders that nothing can be put in for', () => {
  const all = 'one of ${commit}, ${imageTag}, ${environment}, ${region}, ${account}'
  const only =
    (...names: readonly string[]) =>
    () => ({ names, because: 'so it is' })
  const found = (value: unknown, allowed: Parameters<typeof findUnknownPlaceholders>[2] = () => undefined) =>
    findUnknownPlaceholders(value, '/spec', allowed).map(
      ({ path, message, code, at }) => `${code} at the ${at} ${path}: ${message}`,
    )

  it.each<readonly [what: string, value: unknown, expected: readonly string[]]>([
    [
      'of another name',
      { a: ['x', '${other}'] },
      [`/spec/a/1: \${other} is no placeholder; expected ${all}, or $\${ for the text \${`],
    ],
    ['of no name', '${}', [`/spec: \${} is no placeholder; expected ${all}, or $\${ for the text \${`]],
    [
      'after one that is known',
      '${commit} ${x}',
      [`/spec: \${x} is no placeholder; expected ${all}, or $\${ for the text \${`],
    ],
    [
      'told once for each text',
      { a: '${x} ${y}', 'b/c': '${z}' },
      [
        `/spec/a: \${x} is no placeholder; expected ${all}, or $\${ for the text \${`,
        `/spec/b~1c: \${z} is no placeholder; expected ${all}, or $\${ for the text \${`,
      ],
    ],
    ['in none of what is no text or has none', [1, null, 'plain', '$${x}', '$x'], []],
  ])('are %s', (_what, value, expected) => {
    expect(found(value)).toEqual(expected.map((line) => `UnknownPlaceholder at the value ${line}`))
  })

  it.each([
    ['60 characters, and shown whole', 57, `\${${'x'.repeat(57)}} is`],
    ['61 characters, and cut', 58, `\${${'x'.repeat(55)}... is`],
  ])('may have %s', (_what, length, expected) => {
    expect(found(`\${${'x'.repeat(length)}}`)[0]).toContain(`/spec: ${expected} no placeholder`)
  })

  it.each<
    readonly [
      what: string,
      text: string,
      allowed: () => { names: readonly string[]; because: string },
      expected: string[],
    ]
  >([
    [
      'several may',
      '${imageTag}',
      only('commit', 'region'),
      ["/spec: ${imageTag} can't stand here: so it is; expected one of ${commit}, ${region}"],
    ],
    [
      'one may',
      '${imageTag}',
      only('commit'),
      ["/spec: ${imageTag} can't stand here: so it is; expected ${commit}"],
    ],
    [
      'it is the second in the text',
      '${commit}${region}',
      only('commit'),
      ["/spec: ${region} can't stand here: so it is; expected ${commit}"],
    ],
    ['it may itself', '${commit} $${x}', only('commit'), []],
  ])('are also known ones that may not stand there, where %s', (_what, text, allowed, expected) => {
    expect(found(text, allowed)).toEqual(expected.map((line) => `UnknownPlaceholder at the value ${line}`))
  })

  it('are judged by where they stand, and only where there are any', () => {
    const paths: string[] = []
    found({ a: '${commit}', b: ['x', '$${'], c: '$' }, (path) => {
      paths.push(path)
      return undefined
    })
    expect(paths).toEqual(['/spec/a', '/spec/b/1'])
  })
})

describe('the names of a side', () => {
  it.each([
    ['/spec/gates/0/cloudwatch/dimensions/TargetGroup', 0],
    ['/spec/gates/0/cloudwatch/queries/errors/dimensions/TargetGroup', 0],
    ['/spec/gates/0/cloudwatch/metric', 1],
    ['/spec/image/tag', 1],
  ])('may stand in dimensions, and at %s are %d problems', (path, count) => {
    const problems = findUnknownPlaceholders('of ${targetGroup}', path, () => undefined)
    expect(problems).toHaveLength(count)
  })
})
