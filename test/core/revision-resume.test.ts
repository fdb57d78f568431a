import { describe, expect, it } from 'vitest'

import { acceptedBy, acceptedStill } from '../../controller/core/revision.ts'
import { timestamp } from '../../controller/core/time.ts'
import { tag, when } from '../support/revision.ts'

const known = { tagObject: 'seen-tag', head: 'c5' }
const head = { id: 'c6', committedAt: when }
const byHand = tag('c3', 'by-hand')
const none = { tagObject: undefined, head: undefined }

describe('a request to resume', () => {
  it.each([
    [
      'the tag and the head that stand then',
      { at: when, current: byHand },
      { tagObject: 'by-hand', head: 'c6' },
    ],
    [
      'what was seen before and still stands, though the clock says that it is newer than the request',
      { at: when - 1, current: byHand, known: { ...known, tagObject: 'by-hand' } },
      { tagObject: 'by-hand', head: 'c5' },
    ],
    ['no tag that is newer than the request', { at: when - 1, current: byHand }, { head: 'c5' }],
    [
      'no lightweight tag that nobody had seen: it names no time, and may be newer than the request',
      { at: when, current: { ...byHand, annotated: false } },
      { head: 'c6' },
    ],
    [
      'a lightweight tag that was seen before',
      { at: when, current: { ...byHand, annotated: false }, known: { ...known, tagObject: 'by-hand' } },
      { tagObject: 'by-hand', head: 'c6' },
    ],
    ['no newer tag where none was seen', { at: when - 1, current: byHand, known: none }, {}],
    [
      'the head that was seen before, where there is none',
      { at: when, current: undefined, head: undefined },
      { head: 'c5' },
    ],
    [
      'no tag that was seen before and is deleted by now: put there once more, it is a new hold',
      { at: when, current: undefined },
      { head: 'c6' },
    ],
    ['the head alone, where there is no tag', { at: when, current: undefined, known: none }, { head: 'c6' }],
  ])('accepts %s', (_what, { at, ...standing }, accepted) => {
    expect(acceptedBy(timestamp(at), { head, known, ...standing })).toStrictEqual({
      at: timestamp(at),
      ...accepted,
    })
  })

  it('whose time can not be read accepts what was seen before', () => {
    const seen = { ...known, tagObject: 'by-hand' }
    expect(acceptedBy('now', { head, known: seen, current: byHand })).toEqual({ at: 'now', ...seen })
  })
})

describe('what was accepted', () => {
  const resumed = { at: timestamp(when), tagObject: 'by-hand', head: 'c6' }

  it.each([
    ['holds while the tag stands there', byHand, resumed],
    ['ends when the tag is moved elsewhere', tag('c3', 'another'), { at: timestamp(when), head: 'c6' }],
    ['ends when the tag is deleted', undefined, { at: timestamp(when), head: 'c6' }],
  ])('%s', (_what, current, expected) => {
    expect(acceptedStill(resumed, current)).toStrictEqual(expected)
  })

  it('is nothing where nothing was', () => {
    const headOnly = { at: timestamp(when), head: 'c6' }
    expect(acceptedStill(headOnly, byHand)).toBe(headOnly)
    expect(acceptedStill(undefined, byHand)).toBeUndefined()
  })
})
