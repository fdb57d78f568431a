import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { SharedParts } from '../../controller/core/shared-parts.ts'

describe('parts that are shared', () => {
  it('are one object where they say the same, in one value and from value to value', () => {
    const parts = new SharedParts()
    const service = (name: string) => ({ name, settings: { launchType: 'FARGATE', subnets: ['a', 'b'] } })
    const [web, api] = parts.of([service('web'), service('api')])
    expect(web).toEqual(service('web'))
    expect(api?.settings).toBe(web?.settings)
    expect(parts.of(service('worker')).settings).toBe(web?.settings)
    expect(parts.of(service('web'))).toBe(web)
  })

  it.each<[string, unknown, unknown]>([
    ['a text and a number', ['1'], [1]],
    ['nothing and what is not there', { a: undefined }, {}],
    ['null and undefined', [null], [undefined]],
    ['the two zeros', [0], [-0]],
    ['a list and an object', [1], { 0: 1 }],
    ['the order of members, which a text would show', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['a big number and a number', [1n], [1]],
    ['texts that look like another part', ['#0', '#1'], [{}, []]],
  ])('keep apart %s', (_what, one, other) => {
    const parts = new SharedParts()
    expect(parts.of(one)).toStrictEqual(one)
    expect(parts.of(other)).toStrictEqual(other)
    expect(parts.of(one)).not.toBe(parts.of(other))
  })

  it('leave alone what is no plain data', () => {
    const parts = new SharedParts()
    const [date, call] = [new Date(0), () => undefined]
    const shared = parts.of({ date, call })
    expect(shared.date).toBe(date)
    expect(shared.call).toBe(call)
    expect(parts.of({ date: new Date(0), call })).not.toBe(shared)
  })

  it('are equal to what was given, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 6 }), (values) => {
        const parts = new SharedParts()
        for (const value of [...values, ...values]) expect(parts.of(value)).toStrictEqual(value)
      }),
    )
  })
})
