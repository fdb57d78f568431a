import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plain } from '../../../controller/adapters/store/plain.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const byText = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown

describe('plain data', () => {
  it('is what the text of a file would give back', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBoxedValues: true,
          withDate: true,
          withMap: true,
          withNullPrototype: true,
          withSet: true,
          withSparseArray: true,
          withTypedArray: true,
        }),
        (value) => {
          expect(plain({ value })).toStrictEqual(byText({ value }))
        },
      ),
      { numRuns: propertyRuns(500) },
    )
  })

  it.each([
    ['nothing', { a: undefined, b: [undefined, null], c: null }],
    ['functions and symbols', { a: () => 1, b: [() => 1, Symbol('s')] }],
    ['numbers that JSON lacks', [Number.NaN, Infinity, -0, 0.1]],
    ['a hole in a list', Object.assign([1], { 2: 2 })],
    [
      'an object that says what it is as JSON',
      { a: { toJSON: () => 'text' }, b: { toJSON: () => undefined } },
    ],
    ['a date', { at: new Date(0), never: new Date(Number.NaN) }],
    [
      'a member that is called __proto__',
      JSON.parse('{ "a": { "__proto__": { "polluted": true }, "b": 1 } }'),
    ],
    [
      'members that are read by a function',
      {
        get a() {
          return { b: 1 }
        },
      },
    ],
    ['an object of a class', { a: new Error('told'), b: new Map([[1, 2]]), c: Object('text') as object }],
  ])('is the same by way of a text: %s', (_what, value: unknown) => {
    const copy = plain(value)
    expect(copy).toStrictEqual(byText(value))
    expect(JSON.stringify(copy)).toBe(JSON.stringify(byText(value)))
    expect(Object.is(copy, value)).toBe(false)
  })

  it('has no number of any size', () => {
    expect(() => plain({ a: 1n })).toThrow(TypeError)
  })
})
