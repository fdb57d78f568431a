import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { parseTrailers } from '../../../controller/adapters/git/trailers.ts'

describe('trailers', () => {
  it.each([
    ['are the last paragraph', 'Subject\n\nText.\n\nA: 1\nB-c: 2\n', ['a=1', 'b-c=2']],
    ['go on in indented lines', 'Subject\n\nA: 1\n  2\n\t3', ['a=1 2 3']],
    ['may be empty', 'Subject\n\nA:', ['a=']],
    ['may have Windows line ends', 'Subject\r\n\r\nA: 1\r\n', ['a=1']],
    ['are not the subject itself', 'Steersman-Resume: prod', []],
    ['are not an earlier paragraph', 'Subject\n\nA: 1\n\nText.', []],
    ['are not part of prose', 'Subject\n\nSome prose\nA: 1', []],
    ['do not begin with a continuation', 'Subject\n\n  indented\nA: 1', []],
    ['are none in an empty message', '', []],
  ])('%s', (_title, message, expected) => {
    expect(parseTrailers(message).map(({ key, value }) => `${key}=${value}`)).toEqual(expected)
  })

  it('are read from any text without an error', () => {
    const texts = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('A: 1', ' x', '', '\n')))
    fc.assert(
      fc.property(texts, (lines) => {
        expect(parseTrailers(lines.join('\n')).length).toBeLessThanOrEqual(1_000)
      }),
    )
  })
})
