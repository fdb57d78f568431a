import { describe, expect, it } from 'vitest'

import { normalize } from '../../../controller/core/defaults.ts'
import type { DefaultRow, ScalarShape, Shape } from '../../../controller/core/defaults/shape.ts'
import {
  boolean,
  defaulting,
  enumeration,
  isObject,
  list,
  map,
  number,
  object,
  scalarText,
  setOf,
  text,
} from '../../../controller/core/defaults/shape.ts'

const page = 'https://docs.aws.amazon.com/'
const withRows = (...defaults: readonly DefaultRow[]): ScalarShape => ({ ...text, defaults })
const strategy: ScalarShape = { ...enumeration, aliases: { instanceId: ['host', 'Server'] } }
const nested = object({ a: text, count: defaulting(number, 1, page) })

/** What a member of a document says, with AWS's defaults in it, and without. */
const filled = (member: Shape, value: unknown, beside: object = {}): unknown =>
  (normalize(object({ it: member }), { it: value, ...beside }, 'fill') as { it?: unknown } | undefined)?.it
const stripped = (member: Shape, value: unknown): unknown =>
  (normalize(object({ it: member }), { it: value }, 'strip') as { it?: unknown } | undefined)?.it

describe('a value is read as AWS reads it', () => {
  it.each<readonly [what: string, shape: Shape, value: unknown, expected: unknown]>([
    ['a number where a text belongs', text, 8080, '8080'],
    ['a boolean where a text belongs', text, true, 'true'],
    ['a text', text, ' a ', ' a '],
    ['a number as text', number, ' 12 ', 12],
    ['a negative fraction as text', number, '-1.25', -1.25],
    ['a number', number, 3, 3],
    ['a text that holds a number', number, 'a 12', 'a 12'],
    ['a text that begins with a number', number, '12 a', '12 a'],
    ['a text with half a fraction', number, '1.', '1.'],
    ['a boolean where a number belongs', number, true, true],
    ['yes as text', boolean, 'true', true],
    ['no as text', boolean, 'false', false],
    ['another text where a boolean belongs', boolean, 'yes', 'yes'],
    ['a boolean', boolean, false, false],
    ['CPU units', { kind: 'vcpu' }, ' 256 ', '256'],
    ['a fraction of a CPU', { kind: 'vcpu' }, ' .25 vCPU ', '256'],
    ['a CPU and a half, written together', { kind: 'vcpu' }, '1.5vcpu', '1536'],
    ['a share of CPU units that is rounded', { kind: 'vcpu' }, '0.0015 vCPU', '2'],
    ['more than CPU units', { kind: 'vcpu' }, 'about 1 vCPU', 'about 1 vCPU'],
    ['CPU units and more', { kind: 'vcpu' }, '1 vCPU or so', '1 vCPU or so'],
    ['mebibytes', { kind: 'mebibytes' }, 512, '512'],
    ['gigabytes', { kind: 'mebibytes' }, ' 1.5 GB ', '1536'],
    ['gigabytes, written together', { kind: 'mebibytes' }, '16gb', '16384'],
    ['more than gigabytes', { kind: 'mebibytes' }, 'about 1 GB', 'about 1 GB'],
    ['gigabytes and more', { kind: 'mebibytes' }, '1 GB or so', '1 GB or so'],
    ['an enum as it is written', enumeration, 'FarGate', 'FarGate'],
    ['an enum by another name, in any case', strategy, 'HOST', 'instanceId'],
    ['an enum by another name that has capitals', strategy, 'server', 'instanceId'],
    ['an enum by its own name', strategy, 'instanceid', 'instanceid'],
    ['a map, its values as texts', map, { a: 1, b: true, c: 'x' }, { a: '1', b: 'true', c: 'x' }],
    ['a map without what is null', map, { a: null, b: undefined, c: 0 }, { c: '0' }],
    ['a map with what is no text', map, { a: { b: 1 }, c: [2] }, { a: { b: 1 }, c: [2] }],
    ['a list in its order, twice the same', list(text), ['b', 'a', 'b'], ['b', 'a', 'b']],
    ['a list with a null in it', list(text), [null, 1], [null, '1']],
    ['a list of objects, an empty one too', list(object({ a: text })), [{ a: 1 }, {}], [{ a: '1' }, {}]],
    ['a set in one order, each element once', setOf(text), ['b', 'a', 'b', 'c'], ['a', 'b', 'c']],
    ['a set of numbers and texts of them', setOf(number), [2, '1', '2'], [1, 2]],
    [
      'a set of objects, also the same twice',
      setOf(object({ a: text })),
      [{ a: 2 }, { a: 1 }, { a: 2 }],
      [{ a: '1' }, { a: '2' }, { a: '2' }],
    ],
    ['an object, what the table does not know too', nested, { b: [3], a: 1 }, { a: '1', count: 1, b: [3] }],
    ['an object by its own members only', object({ constructor: text, a: text }), { a: 1 }, { a: '1' }],
  ])('%s', (_what, shape, value, expected) => {
    expect(filled(shape, value)).toEqual(expected)
  })

  it.each<readonly [what: string, shape: Shape]>([
    ['a text', text],
    ['a number', number],
    ['a list', list(text)],
    ['a set', setOf(text)],
    ['a map', map],
    ['an object', object({ a: text })],
  ])('nothing, null and what is empty is nothing where %s belongs', (_what, shape) => {
    for (const empty of [undefined, null, [], {}]) expect(filled(shape, empty)).toBeUndefined()
  })

  it('an empty text and zero are something', () => {
    expect([filled(text, ''), filled(number, 0), filled(boolean, false)]).toEqual(['', 0, false])
  })

  it.each<readonly [what: string, shape: Shape, value: unknown]>([
    ['an object where a text belongs', text, { a: 1 }],
    ['a list where a text belongs', text, [1]],
    ['a text where a list belongs', list(text), 'a'],
    ['a text where a set belongs', setOf(text), 'a'],
    ['an object where a set belongs', setOf(text), { a: 1 }],
    ['a text where a map belongs', map, 'a'],
    ['a list where a map belongs', map, [1]],
    ['a text where an object belongs', nested, 'a'],
    ['a list where an object belongs', nested, ['a']],
  ])('%s stays, so that it shows as a difference', (_what, shape, value) => {
    expect(filled(shape, value)).toEqual(value)
  })

  it('members that are empty, known or not, are not there', () => {
    expect(Object.keys(normalize(nested, { a: null, x: {}, y: [], z: 1 }, 'fill') as object)).toEqual([
      'count',
      'z',
    ])
    expect(normalize(object({ a: text }), { a: null, x: {} }, 'fill')).toBeUndefined()
    expect(normalize(object({ a: text }), undefined, 'fill')).toBeUndefined()
  })
})

describe('what AWS fills in', () => {
  const always = object({ a: defaulting(text, 'x', page) })

  it('is put in, and taken out where it is spelled out', () => {
    expect(normalize(nested, { a: 1 }, 'fill')).toEqual({ a: '1', count: 1 })
    expect(normalize(nested, { a: 1, count: '1' }, 'strip')).toEqual({ a: '1' })
    expect(normalize(nested, { a: 1, count: 2 }, 'strip')).toEqual({ a: '1', count: 2 })
  })

  it('is not put in for an object that is not there, unless it always is', () => {
    expect(filled(always, undefined)).toBeUndefined()
    expect(filled({ ...always, always: true }, undefined)).toEqual({ a: 'x' })
    expect(filled({ ...always, always: true }, null)).toEqual({ a: 'x' })
    expect(stripped({ ...always, always: true }, { a: 'x' })).toBeUndefined()
  })

  it('may be the value of a member beside it', () => {
    const device = object({ from: text, to: withRows({ copyOf: 'from', source: page }) })
    expect(normalize(device, { from: '/a' }, 'fill')).toEqual({ from: '/a', to: '/a' })
    expect(normalize(device, { from: '/a', to: '/b' }, 'fill')).toEqual({ from: '/a', to: '/b' })
    expect(normalize(device, { from: '/a', to: '/a' }, 'strip')).toEqual({ from: '/a' })
  })

  it.each([
    ['one of the names, in any case', 'AWSVPC', 'a'],
    ['the other one', 'host', 'a'],
    ['another one', 'bridge', 'b'],
    ['nothing', undefined, 'b'],
    ['no text', 3, 'b'],
  ])('may hang on another member of the document: %s', (_what, mode, expected) => {
    const rows = withRows(
      { value: 'a', when: { member: 'mode', isOneOf: ['awsvpc', 'Host'] }, source: page },
      { value: 'b', source: page },
    )
    expect(filled(rows, undefined, { mode })).toBe(expected)
  })

  it('may hang on a member that is left out', () => {
    const row = withRows({ value: 'a', when: { member: 'mode', isOneOf: [null, 'x'] }, source: page })
    expect([
      filled(row, undefined),
      filled(row, undefined, { mode: 'X' }),
      filled(row, undefined, { mode: 'y' }),
    ]).toEqual(['a', 'a', undefined])
  })

  it('hangs on the whole document, also deep inside of it', () => {
    const row = withRows({ value: 'a', when: { member: 'mode', isOneOf: ['x'] }, source: page })
    const shape = object({ mode: text, inner: list(object({ b: text, it: row })) })
    expect(normalize(shape, { mode: 'x', inner: [{ b: 1, mode: 'y' }] }, 'fill')).toEqual({
      mode: 'x',
      inner: [{ b: '1', it: 'a', mode: 'y' }],
    })
  })

  it('does not move an element of a set, whether it is spelled out or not', () => {
    const port = setOf(object({ a: defaulting(number, 9, page), port: number }))
    const one = filled(port, [{ a: 9, port: 1 }, { port: 2 }, { a: 3, port: 0 }])
    expect(one).toEqual(filled(port, [{ port: 2 }, { a: 3, port: 0 }, { port: 1 }]))
    expect(stripped(port, [{ a: 9, port: 1 }])).toEqual([{ port: 1 }])
  })
})

describe('in the digest', () => {
  it('the case and the names of an enum do not count', () => {
    expect([
      stripped(enumeration, 'FarGate'),
      stripped(strategy, 'HOST'),
      stripped(strategy, 'instanceID'),
    ]).toEqual(['fargate', 'instanceid', 'instanceid'])
  })
})

describe('the text of a scalar', () => {
  it('is empty for anything that is none', () => {
    expect(['a', 1, false, null, undefined, {}, ['a']].map(scalarText)).toEqual([
      'a',
      '1',
      'false',
      '',
      '',
      '',
      '',
    ])
  })
})

describe('an object', () => {
  it('is neither null nor a list', () => {
    expect([{}, null, [], 'a', undefined].map(isObject)).toEqual([true, false, false, false, false])
  })
})
