import { describe, expect, it } from 'vitest'

import type { RevisionDecision, RevisionInput } from '../../../controller/core/revision.ts'
import { decide, moved, record, tag } from '../../support/revision.ts'
import type { Answering } from '../../support/revision.ts'

/** Each condition as people see it, in one line. */
const lines = ({ conditions }: RevisionDecision): readonly string[] =>
  conditions.map(({ type, status, reason, message }) =>
    `${type} ${status ? 'True' : 'False'} ${reason} ${message}`.trim(),
  )

const quiet = ['SourceReady True Fetched', 'Held False NotHeld', 'TagMissing False TagPresent']
const notStalled = 'Stalled False NotStalled'
const notVerified = 'sign it with a key that spec.source.verify trusts'

/** What a refusal says: why the source is not ready, and with it what to do. */
const stalled = (reason: string, message: string, remedy: string): readonly string[] => [
  `SourceReady False ${reason} ${message}`,
  ...quiet.slice(1),
  `Stalled True ${reason} ${message}; ${remedy}`,
]

describe('the conditions of an environment', () => {
  it('are all four also when there is nothing to tell', () => {
    expect(lines(decide({}))).toEqual([...quiet, notStalled])
  })

  it.each<readonly [what: string, change: Partial<RevisionInput>, message: string]>([
    [
      'one that git allows',
      moved,
      'Ana <ana@example.com> moved the tag at 2026-01-02T03:04:05.000Z to deployment 1 (commit c3)',
    ],
    [
      'the last moment of the calendar',
      { ...moved, current: { ...moved.current, taggedAt: 8_640_000_000_000_000 } },
      'Ana <ana@example.com> moved the tag at +275760-09-13T00:00:00.000Z to deployment 1 (commit c3)',
    ],
    [
      'one that no calendar has',
      { ...moved, current: { ...moved.current, taggedAt: 8_640_000_000_000_001 } },
      'Ana <ana@example.com> moved the tag at an impossible time to deployment 1 (commit c3)',
    ],
    [
      'none, for its tag is lightweight',
      { ...moved, current: { ...moved.current, annotated: false } },
      'somebody (the tag is lightweight and names nobody) moved the tag to deployment 1 (commit c3)',
    ],
  ])('say who holds since when, where the time is %s', (_what, change, message) => {
    expect(lines(decide(change))).toEqual([
      quiet[0],
      `Held True RolledBackByTag ${message}; end it with: steersman resume`,
      quiet[2],
      notStalled,
    ])
  })

  it('name the first twelve characters of a commit that holds', () => {
    const commit = 'abcdef0123456789'
    const current = tag(commit, 'by-hand')
    const held = decide({ ...moved, head: commit, current, records: [record(1, commit), record(2, 'c5')] })
    expect(lines(held)[1]).toContain('to deployment 1 (commit abcdef012345);')
  })

  it.each<[string, Partial<RevisionInput>, readonly string[], Answering?]>([
    [
      'a branch that does not exist',
      { head: undefined },
      [
        'SourceReady False SourceMissing the branch or the repository does not exist',
        ...quiet.slice(1),
        notStalled,
      ],
    ],
    [
      'a deleted tag',
      { current: undefined },
      [...quiet.slice(0, 2), 'TagMissing True TagMissing tag deploy/prod/current does not exist', notStalled],
    ],
    [
      'a tag that never was, where the tag is the trigger',
      { trigger: 'Tag', current: undefined, records: [] },
      [...quiet.slice(0, 2), 'TagMissing True TagMissing tag deploy/prod/current does not exist', notStalled],
    ],
    [
      'a tag outside of the branch',
      { ...moved, current: tag('x1', 'by-hand') },
      stalled(
        'TagNotOnBranch',
        "tag deploy/prod/current was moved, but commit x1 is not in the branch's history",
        'move the tag to a deployed commit of the branch, or go on from the branch with `steersman resume`',
      ),
    ],
    [
      'a tag at what was never deployed',
      { ...moved, current: tag('c4', 'by-hand') },
      stalled(
        'TagNotOnBranch',
        'tag deploy/prod/current was moved, but commit c4 was never deployed: no deploy/prod/<number> names it',
        'move the tag to a deployed commit of the branch, or go on from the branch with `steersman resume`',
      ),
    ],
    [
      'a tag outside of the branch, where the tag is the trigger',
      { trigger: 'Tag', current: tag('x1', 'by-hand') },
      stalled(
        'TagNotOnBranch',
        "tag deploy/prod/current was moved, but commit x1 is not in the branch's history",
        'move the tag to a commit of the branch',
      ),
    ],
    [
      'a branch that lost what was deployed',
      { head: 'c4-and-a-long-id' },
      stalled(
        'BranchRewound',
        'the branch was rewound or force-pushed: its head c4-and-a-lon does not contain c5',
        'push a head that contains it, accept this one with `steersman resume`, or set spec.source.allowRewind',
      ),
    ],
    [
      'a head that is not signed',
      { verify: 'HEAD' },
      stalled('SignatureInvalid', "the branch's head c5 is not verified: it is not signed", notVerified),
      { unsigned: ['c5'] },
    ],
    [
      'a tag that is not signed',
      { verify: 'Tag', ...moved },
      stalled('SignatureInvalid', 'tag deploy/prod/current is not verified: it is not signed', notVerified),
      { unsigned: ['by-hand'] },
    ],
    [
      'a record that is not signed',
      { verify: 'Tag', ...moved },
      stalled('SignatureInvalid', 'tag deploy/prod/1 is not verified: it is not signed', notVerified),
      { unsigned: ['record-1'] },
    ],
  ])('say what is wrong and what to do about %s', (_what, change, expected, answering) => {
    expect(lines(decide(change, answering))).toEqual(expected)
  })

  it('say in the outcome too that nothing is wanted before the tag exists', () => {
    expect(decide({ trigger: 'Tag', current: undefined, records: [] }).outcome).toEqual({
      kind: 'Missing',
      reason: 'TagMissing',
      message: 'tag deploy/prod/current does not exist yet',
    })
  })
})
