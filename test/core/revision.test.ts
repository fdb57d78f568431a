import { describe, expect, it } from 'vitest'

import { decideRevision, deployRecords, revisionQuestions } from '../../controller/core/revision.ts'
import type { RevisionInput } from '../../controller/core/revision.ts'
import {
  decide,
  deployed,
  heldAt1,
  moved,
  record,
  resumeCommit,
  rewound,
  stalledTag,
  tag,
  told,
  when,
} from '../support/revision.ts'
import type { Answering } from '../support/revision.ts'

describe('what the branch and the tag mean', () => {
  it.each<[string, Partial<RevisionInput>, string, Answering?]>([
    ['trigger Branch: the wanted commit is H', { head: 'c6' }, 'want c6'],
    [
      'the first commit of all is wanted',
      { current: undefined, records: [], head: 'c1', memory: { head: undefined, hold: undefined } },
      'want c1',
    ],
    ['an unchanged branch keeps its commit', {}, 'want c5'],
    ['T ≠ D with a record of its own is a hold', moved, heldAt1],
    [
      'a hold lasts without the store, for T and D are read from git',
      { ...moved, memory: { head: undefined, hold: undefined } },
      heldAt1,
    ],
    [
      'a hold lasts over further commits',
      { ...moved, memory: { head: 'c5', hold: { object: 'by-hand', head: 'c5' } } },
      heldAt1,
    ],
    [
      'T may be H itself, with a record of its own',
      { head: 'c3', current: tag('c3', 'by-hand'), memory: { head: undefined, hold: undefined } },
      heldAt1,
    ],
    [
      'a tag moved to a commit that was never deployed is TagNotOnBranch',
      { ...moved, current: tag('c4', 'by-hand') },
      stalledTag,
    ],
    [
      'a tag moved forward to H by hand, without a record, is TagNotOnBranch',
      { ...moved, current: tag('c6', 'by-hand') },
      stalledTag,
    ],
    [
      'a tag must not go around the branch: T outside of its history is TagNotOnBranch',
      {
        ...moved,
        current: tag('x1', 'by-hand'),
        records: [...deployed.records, record(3, 'c6'), record(2, 'x1')],
      },
      stalledTag,
    ],
    ['a tag that was there before any record is TagNotOnBranch', { records: [] }, stalledTag],
    ['a tag moved by hand to the very commit of D is no hold', { current: tag('c5', 'by-hand') }, 'want c5'],
    [
      'the hold lasts until steersman resume',
      { ...moved, resumed: { tagObject: 'by-hand', head: undefined } },
      'want c6',
    ],
    [
      'a resume is of one hold: the tag moved once more holds again',
      { ...moved, resumed: { tagObject: 'by-hand-before', head: undefined } },
      heldAt1,
    ],
    [
      'steersman resume also ends TagNotOnBranch',
      { ...moved, current: tag('x1', 'by-hand'), resumed: { tagObject: 'by-hand', head: 'c6' } },
      'want c6',
    ],
    [
      'the hold lasts until a commit with trailer Steersman-Resume: <env>',
      moved,
      'want c6',
      { resume: resumeCommit('prod') },
    ],
    [
      'the trailer may name several environments',
      moved,
      'want c6',
      { resume: resumeCommit('staging, prod') },
    ],
    [
      "another environment's trailer does not end the hold",
      moved,
      heldAt1,
      { resume: resumeCommit('production') },
    ],
    [
      'a trailer from before the tag was moved does not end the hold',
      moved,
      heldAt1,
      { resume: resumeCommit('prod', when - 1) },
    ],
    [
      'a lightweight tag has no time: the trailer of a commit that came after the hold was seen ends it',
      {
        ...moved,
        current: { ...moved.current, annotated: false },
        memory: { head: 'c5', hold: { object: 'by-hand', head: 'c5' } },
      },
      'want c6',
      { resume: resumeCommit('prod', 0) },
    ],
    [
      'the trailer of a commit that was there when the hold was seen does not end that of a lightweight tag',
      {
        ...moved,
        current: { ...moved.current, annotated: false },
        memory: { head: 'c6', hold: { object: 'by-hand', head: 'c6' } },
      },
      heldAt1,
      { resume: resumeCommit('prod', 0) },
    ],
    [
      'nor does any trailer where the hold of a lightweight tag is seen for the first time',
      { ...moved, current: { ...moved.current, annotated: false } },
      heldAt1,
      { resume: resumeCommit('prod', 0) },
    ],
    [
      'hold NextCommit ends with any new commit',
      { ...moved, hold: 'NextCommit', memory: { head: 'c5', hold: { object: 'by-hand', head: 'c5' } } },
      'want c6',
    ],
    [
      'hold NextCommit lasts while the head is the one that it began with',
      { ...moved, hold: 'NextCommit', memory: { head: 'c6', hold: { object: 'by-hand', head: 'c6' } } },
      heldAt1,
    ],
    [
      'hold NextCommit begins anew when the tag is moved once more',
      { ...moved, hold: 'NextCommit', memory: { head: 'c5', hold: { object: 'before', head: 'c5' } } },
      heldAt1,
    ],
    [
      'a deleted current is TagMissing: D stays the base and the branch goes on',
      { current: undefined },
      'want c5 TagMissing(TagMissing)',
    ],
    [
      'a deleted current does not let a rewind through',
      { current: undefined, head: 'c4', memory: { head: undefined, hold: undefined } },
      rewound.replace(' Stalled', ' TagMissing(TagMissing) Stalled'),
    ],
    ['a branch rewound behind T is a condition', { head: 'c4' }, rewound],
    ['a force-pushed branch is a condition', { head: 'x9' }, rewound],
    [
      'a branch rewound to before a head that was wanted already is a condition',
      { head: 'c5', memory: { head: 'c6', hold: undefined } },
      rewound,
    ],
    ['rewinds are followed where allowRewind is true', { head: 'c4', allowRewind: true }, 'want c4'],
    [
      'a person may accept a rewound head with steersman resume',
      { head: 'c4', resumed: { tagObject: undefined, head: 'c4' } },
      'want c4',
    ],
    [
      'an accepted rewind is of one head',
      { head: 'x9', resumed: { tagObject: undefined, head: 'c4' } },
      rewound,
    ],
    ['a deleted branch is SourceMissing', { head: undefined }, 'missing not SourceReady(SourceMissing)'],
    [
      'a branch that does not exist yet is SourceMissing',
      { head: undefined, current: undefined, records: [] },
      'missing not SourceReady(SourceMissing)',
    ],
    ['trigger Tag: the wanted commit is T', { trigger: 'Tag', head: 'c6' }, 'want c5'],
    [
      'trigger Tag: T needs no record of its own, and going back is no hold',
      { trigger: 'Tag', head: 'c6', current: tag('c4') },
      'want c4',
    ],
    ['trigger Tag: the same ancestry rule', { trigger: 'Tag', head: 'c6', current: tag('x1') }, stalledTag],
    [
      'trigger Tag: without a tag nothing is wanted yet',
      { trigger: 'Tag', current: undefined, records: [] },
      'missing TagMissing(TagMissing)',
    ],
    [
      'trigger Tag: a deleted tag leaves D wanted',
      { trigger: 'Tag', current: undefined },
      'want c5 TagMissing(TagMissing)',
    ],
    [
      'trigger Tag: a deleted tag leaves the verified commit wanted',
      { trigger: 'Tag', current: undefined, verified: { object: 'v', commit: 'c3' } },
      'want c3 TagMissing(TagMissing)',
    ],
    [
      'trigger Tag: a deleted branch is SourceMissing, for nothing vouches for the tag',
      { trigger: 'Tag', head: undefined },
      'missing not SourceReady(SourceMissing)',
    ],
  ])('%s', (_title, change, expected, answering) => {
    expect(told(decide(change, answering))).toBe(expected)
  })
})

describe('what else a decision says', () => {
  it('numbers the next record one more than the highest read', () => {
    expect(decide({ records: [record(7, 'c5'), record(41, 'c5'), record(9, 'c3')] }).nextNumber).toBe(42)
    expect(decide({ records: [], current: undefined }).nextNumber).toBe(1)
  })

  it('asks for the count of pending commits from T, else from D, to H', () => {
    expect(decide({ head: 'c6' }).pending).toEqual({ base: 'c5', head: 'c6' })
    expect(decide({ current: undefined }).pending).toEqual({ base: 'c5', head: 'c5' })
    expect(decide({ head: undefined }).pending).toBeUndefined()
    expect(decide({ current: undefined, records: [] }).pending).toBeUndefined()
  })

  it('says who holds, since when and where to', () => {
    const held = decide(moved).conditions.find(({ type }) => type === 'Held')
    expect(held?.message).toBe(
      'Ana <ana@example.com> moved the tag at 2026-01-02T03:04:05.000Z to deployment 1 (commit c3); end it with: steersman resume',
    )
  })

  it('says that a lightweight tag names nobody', () => {
    const decision = decide({ ...moved, current: { ...moved.current, annotated: false } })
    expect(decision.outcome).toMatchObject({ kind: 'Held', who: undefined, at: undefined })
    expect(decision.conditions.find(({ type }) => type === 'Held')?.message).toContain('names nobody')
  })

  it('survives a tag with an impossible time', () => {
    const decision = decide({ ...moved, current: { ...moved.current, taggedAt: 1e20 } })
    expect(decision.conditions.find(({ type }) => type === 'Held')?.message).toContain('impossible')
  })

  it('remembers the head that was wanted, and not one that was refused', () => {
    expect(decide({ head: 'c6' }).memory).toEqual({ head: 'c6', hold: undefined })
    expect(decide({ head: 'c4' }).memory).toEqual({ head: 'c5', hold: undefined })
  })

  it('remembers a hold from when it was first seen, also after its end', () => {
    const first = decide(moved).memory
    expect(first).toEqual({ head: 'c6', hold: { object: 'by-hand', head: 'c6' } })
    const later = decide({
      ...moved,
      head: 'c6',
      memory: { head: 'c5', hold: { object: 'by-hand', head: 'c5' } },
    }).memory
    expect(later.hold).toEqual({ object: 'by-hand', head: 'c5' })
  })

  it.each([
    ['the branch', { ...moved, head: undefined }],
    ['the repository', { head: undefined, current: undefined, records: [] }],
  ])('remembers a hold while %s is gone: its return begins no new one', (_what, gone) => {
    const memory = { head: 'c5', hold: { object: 'by-hand', head: 'c5' } }
    expect(decide({ ...gone, memory }).memory).toEqual(memory)
  })

  it('holds at the newest record of a commit that was deployed more than once', () => {
    expect(
      told(decide({ ...moved, records: [record(1, 'c3'), record(4, 'c3'), record(9, 'c5')] })),
    ).toContain('as 4')
  })

  it('asks for each ancestor once, and for nothing without a branch', () => {
    expect(revisionQuestions({ ...deployed, head: 'c6' })).toEqual({
      ancestry: [{ ancestor: 'c5', descendant: 'c6' }],
      verify: [],
      resume: undefined,
    })
    expect(revisionQuestions({ ...deployed, ...moved }).resume).toEqual({ exclude: 'c5', head: 'c6' })
    expect(revisionQuestions({ ...deployed, records: [] }).resume).toEqual({ exclude: 'c5', head: 'c5' })
    expect(revisionQuestions({ ...deployed, head: undefined }).ancestry).toEqual([])
  })

  it('is not made without an answer to each question', () => {
    expect(() =>
      decideRevision({ ...deployed, head: 'c6' }, { ancestry: [], verify: [], resume: [] }),
    ).toThrow('answer')
  })
})

it('reads as records only the plain numbers below the prefix', () => {
  const names = ['1', '42', '0', '007', '1e3', '-1', 'current', 'verified', '9999999999', '2/3']
  const tags = [...names.map((name) => `deploy/prod/${name}`), 'deploy/production/3', '4'].map((name) => ({
    name,
    object: 'o',
    commit: 'c',
  }))
  expect(deployRecords(tags, 'deploy/prod/').map(({ number }) => number)).toEqual([1, 42])
})
