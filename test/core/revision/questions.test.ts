import { describe, expect, it } from 'vitest'

import { decideRevision, deployRecords, revisionQuestions } from '../../../controller/core/revision.ts'
import type { RevisionInput } from '../../../controller/core/revision.ts'
import {
  decide,
  deployed,
  heldAt1,
  moved,
  record,
  resumeCommit,
  tag,
  told,
  when,
} from '../../support/revision.ts'

const first = { current: undefined, records: [], memory: { head: undefined, hold: undefined } }

/** What is asked, in one line each. */
function asked(change: Partial<RevisionInput>): readonly string[] {
  const { ancestry, verify, resume } = revisionQuestions({ ...deployed, ...change })
  return [
    ...ancestry.map(({ ancestor, descendant }) => `is ${ancestor} in ${descendant}`),
    ...verify.map(
      ({ object, type, tagName }) => `is ${type} ${object} signed${tagName ? ` as ${tagName}` : ''}`,
    ),
    ...(resume === undefined ? [] : [`trailers of ${resume.exclude}..${resume.head}`]),
  ]
}

describe('what is asked of the repository', () => {
  it.each<readonly [what: string, change: Partial<RevisionInput>, questions: readonly string[]]>([
    ['nothing, where all is at the head', {}, []],
    ['nothing, without a branch', { head: undefined, verify: 'TagAndHEAD' }, []],
    ['nothing, for the first commit of all', { ...first, head: 'c1' }, []],
    ['once for a commit that tag, record and memory share', { head: 'c6' }, ['is c5 in c6']],
    [
      'for tag, record and memory where they differ',
      { head: 'c6', current: tag('c3', 'by-hand'), memory: { head: 'c4', hold: undefined } },
      ['is c3 in c6', 'is c5 in c6', 'is c4 in c6', 'trailers of c5..c6'],
    ],
    [
      'for the trailers after the tag, where nothing was deployed yet',
      { head: 'c6', records: [] },
      ['is c5 in c6', 'trailers of c5..c6'],
    ],
    [
      'not for trailers where the tag is the trigger',
      { trigger: 'Tag', head: 'c6', current: tag('c3') },
      ['is c3 in c6', 'is c5 in c6'],
    ],
    ['for the head alone with HEAD', { verify: 'HEAD' }, ['is commit c5 signed']],
    ['not for the head with Tag', { verify: 'Tag' }, []],
    [
      'not for a tag that is not there',
      { verify: 'TagAndHEAD', ...first, head: 'c1' },
      ['is commit c1 signed'],
    ],
    ['not for a tag of ours', { verify: 'TagAndHEAD' }, ['is commit c5 signed']],
    [
      'for a tag moved to what was never deployed, which has no record to ask for',
      { verify: 'Tag', head: 'c6', current: tag('c4', 'by-hand') },
      ['is c4 in c6', 'is c5 in c6', 'is tag by-hand signed as deploy/prod/current', 'trailers of c5..c6'],
    ],
    [
      'for the tag alone where it is the trigger, also at a record',
      { verify: 'Tag', trigger: 'Tag' },
      ['is tag tag-c5 signed as deploy/prod/current'],
    ],
    ['for nothing of a tag with HEAD', { verify: 'HEAD', trigger: 'Tag' }, ['is commit c5 signed']],
  ])('is %s', (_what, change, questions) => {
    expect(asked(change)).toEqual(questions)
  })

  it('is all that a decision takes: one without its answers to signatures is not made', () => {
    const answers = { ancestry: [], verify: [], resume: [] }
    expect(() => decideRevision({ ...deployed, verify: 'HEAD' }, answers)).toThrow(
      'a revision was decided without an answer to each of its questions',
    )
  })
})

describe('the trailer that ends a hold', () => {
  const commit = (...trailers: readonly { readonly key: string; readonly value: string }[]) => [
    { id: 'c6', committedAt: when + 1, trailers },
  ]
  const other = { key: 'reviewed-by', value: 'prod' }
  const resume = { key: 'Steersman-Resume', value: 'prod' }

  it.each([
    ['stands in any case among others', 'want c6', commit(other, resume)],
    ['is not another one with the same value', heldAt1, commit(other)],
    ['may have blanks and commas between environments', 'want c6', resumeCommit('staging,  , prod')],
    ['may be of the second in which the tag was moved', 'want c6', resumeCommit('prod', when)],
    ['may be of any commit since', 'want c6', [...commit(other), ...commit(resume)]],
  ])('%s', (_what, expected, answer) => {
    expect(told(decide(moved, { resume: answer }))).toBe(expected)
  })
})

describe('what is remembered', () => {
  it.each<readonly [what: string, change: Partial<RevisionInput>, expected: object]>([
    [
      'no head where the tag is the trigger',
      { trigger: 'Tag', memory: { head: 'c4', hold: undefined } },
      { head: 'c4', hold: undefined },
    ],
    [
      'no hold that has ended, though its tag stands',
      { current: tag('c5', 'by-hand'), memory: { head: 'c5', hold: { object: 'by-hand', head: 'c4' } } },
      { head: 'c5', hold: undefined },
    ],
    ['no hold without a branch', { ...moved, head: undefined }, { head: 'c6', hold: undefined }],
    ['no hold without a tag', { current: undefined, head: 'c6' }, { head: 'c6', hold: undefined }],
    [
      'the hold of the tag that stands now',
      { ...moved, memory: { head: 'c6', hold: { object: 'before', head: 'c5' } } },
      { head: 'c6', hold: { object: 'by-hand', head: 'c6' } },
    ],
  ])('is %s', (_what, change, expected) => {
    expect(decide(change).memory).toEqual(expected)
  })
})

describe('a tag of ours', () => {
  const intent = (name: string, object: string) => [{ name, object, commit: 'c3', expected: '' }]

  it.each([
    [
      'the object that was to be pushed as the current tag',
      intent('deploy/prod/current', 'by-hand'),
      'want c6',
    ],
    ['not one that was to be pushed under another name', intent('deploy/prod/3', 'by-hand'), heldAt1],
    ['not another object', intent('deploy/prod/current', 'other'), heldAt1],
  ])('is %s', (_what, pushed, expected) => {
    expect(told(decide({ ...moved, intent: pushed }))).toBe(expected)
  })

  it('that is no record is looked for by no number', () => {
    const pushed = intent('deploy/prod/other', 'x')
    expect(decide({ intent: pushed, records: [record(1, 'c5')] }).interruptedPush).toBe('repush')
  })

  it('is a record only below its own prefix', () => {
    expect(deployRecords([{ name: 'deploy/dev/12345', object: 'o', commit: 'c' }], 'deploy/prod/')).toEqual(
      [],
    )
  })
})
