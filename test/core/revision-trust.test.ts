import { describe, expect, it } from 'vitest'

import { decideRevision, revisionQuestions } from '../../controller/core/revision.ts'
import type { RevisionDecision, RevisionInput } from '../../controller/core/revision.ts'
import { decide, deployed, heldAt1, moved, record, tag, told } from '../support/revision.ts'
import type { Answering } from '../support/revision.ts'

describe('verification', () => {
  const refused = 'stalled not SourceReady(SignatureInvalid) Stalled(SignatureInvalid)'
  const all = { unsigned: ['c5', 'c6', 'by-hand', 'record-1', 'record-2', 'tag-c5'] }

  it.each<[string, Partial<RevisionInput>, string, Answering]>([
    ['none: nothing is asked', { head: 'c6' }, 'want c6', all],
    ['HEAD: an unsigned head is not wanted', { verify: 'HEAD', head: 'c6' }, refused, { unsigned: ['c6'] }],
    ['HEAD: a signed head is wanted', { verify: 'HEAD', head: 'c6' }, 'want c6', { unsigned: ['tag-c5'] }],
    ['Tag: our own tag at D is not asked for', { verify: 'Tag', head: 'c6' }, 'want c6', all],
    [
      'Tag: a tag moved by hand must be signed',
      { verify: 'Tag', ...moved },
      refused,
      { unsigned: ['by-hand'] },
    ],
    [
      'Tag: so must the record that it is held at',
      { verify: 'Tag', ...moved },
      refused,
      { unsigned: ['record-1'] },
    ],
    [
      'Tag: a signed tag at a signed record holds',
      { verify: 'Tag', ...moved },
      heldAt1,
      { unsigned: ['c6'] },
    ],
    [
      'Tag: with trigger Tag each tag must be signed',
      { verify: 'Tag', trigger: 'Tag' },
      refused,
      { unsigned: ['tag-c5'] },
    ],
    ['TagAndHEAD: both must be signed', { verify: 'TagAndHEAD', ...moved }, refused, { unsigned: ['c6'] }],
    [
      'TagAndHEAD: both must be signed, the tag too',
      { verify: 'TagAndHEAD', ...moved },
      refused,
      { unsigned: ['by-hand'] },
    ],
    ['TagAndHEAD: both signed', { verify: 'TagAndHEAD', ...moved }, heldAt1, {}],
  ])('%s', (_title, change, expected, answering) => {
    expect(told(decide(change, answering))).toBe(expected)
  })

  it("a lightweight record at the head is not covered by the head's own signature", () => {
    const change: Partial<RevisionInput> = {
      verify: 'TagAndHEAD',
      head: 'c3',
      current: tag('c3', 'by-hand'),
      records: [{ number: 1, object: 'c3', commit: 'c3' }, record(2, 'c5')],
    }
    const input = { ...deployed, ...change }
    const questions = revisionQuestions(input)
    const decision = decideRevision(input, {
      ancestry: questions.ancestry.map(() => true),
      verify: questions.verify.map(({ object, type }) =>
        object === 'c3' && type === 'tag'
          ? { valid: false, reason: 'lightweight' }
          : { valid: true, signer: 'ana' },
      ),
      resume: [],
    })
    expect(told(decision)).toBe(refused)
  })

  it('names the tags that must be what their signed objects say', () => {
    expect(revisionQuestions({ ...deployed, ...moved, verify: 'TagAndHEAD' }).verify).toEqual([
      { object: 'c6', type: 'commit' },
      { object: 'by-hand', type: 'tag', tagName: 'deploy/prod/current' },
      { object: 'record-1', type: 'tag', tagName: 'deploy/prod/1' },
    ])
  })
})

describe('an interrupted push', () => {
  const intent = [
    { name: 'deploy/prod/current', object: 'new-current', commit: 'c6', expected: 'tag-c5' },
    { name: 'deploy/prod/3', object: 'new-3', commit: 'c6', expected: '' },
  ]
  const current = tag('c6', 'new-current')

  it.each<[string, Partial<RevisionInput>, RevisionDecision['interruptedPush'], string]>([
    ['is none without an intent', {}, 'none', 'want c6'],
    ['is none with an empty intent', { intent: [] }, 'none', 'want c6'],
    ['is pushed again, the same objects, where nothing moved', { intent }, 'repush', 'want c6'],
    [
      'is ours where T equals the intent and the record is there',
      { intent, current, records: [...deployed.records, { number: 3, object: 'new-3', commit: 'c6' }] },
      'adopt',
      'want c6',
    ],
    [
      'is ours, and no hold, where T equals the intent and the record is not seen yet',
      { intent, current },
      'repush',
      'want c6',
    ],
    [
      'is dropped where somebody moved the tag since',
      { intent, current: tag('c3', 'by-hand') },
      'drop',
      heldAt1,
    ],
    [
      'is dropped where somebody else wrote the number',
      { intent, records: [...deployed.records, { number: 3, object: 'other', commit: 'c5' }] },
      'drop',
      'want c6',
    ],
    [
      'of a first deployment is pushed again',
      { intent: intent.map((one) => ({ ...one, expected: '' })), current: undefined, records: [] },
      'repush',
      'want c6',
    ],
    [
      'of trigger Tag looks at the verified tag',
      {
        trigger: 'Tag',
        current,
        verified: { object: 'v', commit: 'c6' },
        intent: [{ name: 'deploy/prod/verified', object: 'v', commit: 'c6', expected: '' }],
      },
      'adopt',
      'want c6',
    ],
    [
      'of trigger Tag is pushed again while nothing is verified',
      {
        trigger: 'Tag',
        current,
        intent: [{ name: 'deploy/prod/verified', object: 'v', commit: 'c6', expected: '' }],
      },
      'repush',
      'want c6',
    ],
  ])('%s', (_title, change, expected, outcome) => {
    const decision = decide({ head: 'c6', memory: { head: undefined, hold: undefined }, ...change })
    expect([decision.interruptedPush, told(decision)]).toEqual([expected, outcome])
  })
})
