import { describe, expect, it } from 'vitest'
import { plainDocument } from '../../../controller/adapters/aws/client/plain.ts'

describe('a described object as plain JSON', () => {
  it('has times as text, and nothing that is undefined or null', () => {
    const described = {
      at: new Date(0),
      gone: undefined,
      none: null,
      inner: { list: [{ at: new Date(1), gone: undefined }, 7] },
    }
    expect(plainDocument(described)).toStrictEqual({
      at: '1970-01-01T00:00:00.000Z',
      inner: { list: [{ at: '1970-01-01T00:00:00.001Z' }, 7] },
    })
  })

  it('is the object itself where it is plain already, and so is each part', () => {
    const rule = { Field: 'host-header', Values: ['a.example.com'], Config: { Values: [] } }
    expect(plainDocument(rule)).toBe(rule)
    const mixed = { rule, at: new Date(0) }
    expect(plainDocument(mixed)['rule']).toBe(rule)
  })

  it('is a plain object whatever was described', () => {
    const bytes = plainDocument({
      bytes: new Uint8Array([7]),
      made: new (class Made {
        at = 1
      })(),
    })
    expect(bytes).toStrictEqual({ bytes: { '0': 7 }, made: { at: 1 } })
  })

  it('keeps a member that is named as no member can be assigned', () => {
    const described = JSON.parse('{"__proto__": {"a": 1}, "at": null}') as object
    const plain = plainDocument(described)
    expect(Object.keys(plain)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(plain)).toBe(Object.prototype)
  })
})
