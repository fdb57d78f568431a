import { describe, expect, it } from 'vitest'

import { acceptedBy, acceptedStill } from '../../controller/core/revision.ts'
import { timestamp } from '../../controller/core/time.ts'
import { tag, when } from '../support/revision.ts'

const known = { tagObject: 'seen-tag', head: 'c5' }
const head = { id: 'c6', committedAt: when }
const byHand = tag('c3', 'by-hand')
/** A request that came when the second of `when` was over. */
const later = when + 1_000
const none = { tagObject: undefined, head: undefined }

describe('a request to resume', () => {
  it.each([
    [
      'the tag and the head that stand then',
      { at: later, current: byHand },
      { tagObject: 'by-hand', head: 'c6' },
    ],
    [
      'what was seen before and still stands, though the clock says that it is newer than the request',
      { at: when - 1, current: byHand, known: { ...known, tagObject: 'by-hand' } },
      { tagObject: 'by-hand', head: 'c5' },
    ],
    ['no tag that is newer than the request', { at: when - 1, current: byHand }, { head: 'c5' }],
    [
      'no tag and no head of the very second of the request: they may be newer, and git does not tell',
      { at: later - 1, current: byHand },
      { head: 'c5' },
    ],
    [
      'no lightweight tag that nobody had seen: it names no time, and may be newer than the request',
      { at: later, current: { ...byHand, annotated: false } },
      { head: 'c6' },
    ],
    [
      'a lightweight tag that was seen before',
      { at: later, current: { ...byHand, annotated: false }, known: { ...known, tagObject: 'by-hand' } },
      { tagObject: 'by-hand', head: 'c6' },
    ],
    ['no newer tag where none was seen', { at: when - 1, current: byHand, known: none }, {}],
    [
      'the head that was seen before, where there is none',
      { at: later, current: undefined, head: undefined },
      { head: 'c5' },
    ],
    [
      'no tag that was seen before and is deleted by now: put there once more, it is a new hold',
      { at: later, current: undefined },
      { head: 'c6' },
    ],
    ['the head alone, where there is no tag', { at: later, current: undefined, known: none }, { head: 'c6' }],
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
