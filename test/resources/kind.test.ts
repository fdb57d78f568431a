import { describe, expect, it } from 'vitest'
import type { Schema } from '../../controller/resources/schema.ts'
import { compileKind } from '../../controller/resources/validate/kind.ts'

const schema: Schema = {
  type: 'object',
  required: ['spec'],
  properties: {
    metadata: { type: 'object', properties: { name: { type: 'string' } } },
    spec: {
      type: 'object',
      properties: {
        at: { type: 'string', format: 'date-time' },
        number: { type: 'integer', format: 'int64' },
        some: { type: 'string', minLength: 3 },
        words: {
          type: 'object',
          additionalProperties: {
            type: 'object',
            properties: { a: { type: 'string' }, b: { type: 'string' } },
            'x-kubernetes-validations': [
              { rule: 'self.a == self.b', message: 'they differ; expected the same' },
            ],
          },
        },
        raw: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        maybe: {
          type: 'array',
          items: { type: 'object', properties: { x: { type: 'string', nullable: true } } },
        },
        empty: { type: 'object', properties: {} },
        only: { type: 'string', enum: ['one'] },
        free: {},
      },
    },
  },
}

describe('compileKind', () => {
  const check = compileKind(schema)

  it.each<[Record<string, unknown>, string[]]>([
    [{ at: '2026-01-31T12:00:00Z', number: 5 }, []],
    [{ at: 'yesterday' }, ['"yesterday" has the wrong form; expected a time such as 2026-01-31T12:00:00Z']],
    [
      { at: '2026-13-31T12:00:00Z' },
      ['"2026-13-31T12:00:00Z" has the wrong form; expected a time such as 2026-01-31T12:00:00Z'],
    ],
    [{ number: 2 ** 60 }, ['1152921504606847000 has the wrong form; expected a whole number']],
    [{ some: 'ab' }, ['"ab" is too short; expected at least 3 characters']],
    [{ words: { w: { a: '1', b: '1' } } }, []],
    [{ words: { w: { a: '1', b: '2' } } }, ['they differ; expected the same']],
    [{ words: { w: { a: '1' } } }, ['they differ; expected the same']],
    [{ words: { w: 'x' } }, ['the text "x" stands here; expected an object with fields']],
    [{ raw: { anything: [1, { a: null }] } }, []],
    [{ maybe: [{ x: null }, { x: 'y' }] }, []],
    [{ maybe: ['x'] }, ['the text "x" stands here; expected an object with fields']],
    [{ empty: { x: 1 } }, ['the field "x" is unknown; expected no field']],
    [{ only: 'two' }, ['"two" is not one of the values; expected "one"']],
    [{ only: 5 }, ['the number 5 stands here; expected "one"', '5 is not one of the values; expected "one"']],
    [{ free: null }, []],
  ])('finds in %j what is wrong', (spec, expected) => {
    const checked = check<unknown>({ document: { spec } })
    expect(checked.ok ? [] : checked.problems.map(({ message }) => message)).toEqual(expected)
  })

  it('names the member that a rule is about, where the rule says so', () => {
    const rule = { rule: '!has(self.spec.some)', message: 'some; expected none', fieldPath: '.spec.some' }
    const rules = { ...schema, 'x-kubernetes-validations': [rule] }
    const checked = compileKind(rules)<unknown>({ document: { spec: { some: 'text' } } })
    expect(checked.ok ? [] : checked.problems).toMatchObject([
      { path: '/spec/some', message: 'some; expected none' },
    ])
  })

  it('fails at load for a rule that is not CEL', () => {
    const rules = [{ rule: 'self ===', message: 'x' }]
    expect(() => compileKind({ ...schema, 'x-kubernetes-validations': rules })).toThrow()
  })
})
