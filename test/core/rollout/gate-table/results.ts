import type { DefaultedGate, GateDecision } from '../../../../controller/resources/types.ts'
import type { GateAnswer } from '../../../support/release-answers.ts'

/** What becomes of a gate: how it is answered, and what the release says of that. */
export interface Result {
  readonly name: string
  readonly change: Partial<DefaultedGate>
  /** By how often it was asked before. */
  readonly answer: (asked: number) => GateAnswer
  /** What a person says, who is asked; undefined where nobody does. */
  readonly verdict?: Extract<GateDecision['verdict'], 'Approved' | 'Rejected'>
}

const CONSEQUENCES = [
  ['Rollback', { onFailure: 'Rollback' }],
  ['Hold', { onFailure: 'Hold' }],
  ['Ignore', { onFailure: 'Ignore' }],
  ['dryRun', { dryRun: true }],
] as const

/** A result with each consequence that a release can give it. */
const bad = (name: string, of: Omit<Result, 'name'>): readonly Result[] =>
  CONSEQUENCES.map(([said, change]) => ({
    ...of,
    name: `${name}, ${said}`,
    change: { ...of.change, ...change },
  }))

/** Of gates that ask a program. */
export const ASKED: readonly Result[] = [
  { name: 'passes', change: {}, answer: () => 'Success' },
  {
    name: 'fails as often as is borne, then passes',
    change: { failureLimit: 2 },
    answer: (asked) => (asked < 2 ? 'Failure' : 'Success'),
  },
  {
    name: "can't be asked twice, then passes",
    change: {},
    answer: (asked) => (asked < 2 ? 'Inconclusive' : 'Success'),
  },
  {
    name: 'passes once, then fails, Rollback',
    change: { onFailure: 'Rollback' },
    answer: (asked) => (asked === 0 ? 'Success' : 'Failure'),
  },
  ...bad('fails', { change: {}, answer: () => 'Failure' }),
  ...bad("can't be asked until its time is over", { change: {}, answer: () => 'Inconclusive' }),
  ...bad('answers once, badly, and no more', {
    change: { failureLimit: 1 },
    answer: (asked) => (asked === 0 ? 'Failure' : 'Inconclusive'),
  }),
]

/** Of gates that ask people. */
export const DECIDED: readonly Result[] = [
  { name: 'a person approves', change: {}, answer: () => 'Inconclusive', verdict: 'Approved' },
  ...bad('a person rejects', { change: {}, answer: () => 'Inconclusive', verdict: 'Rejected' }),
  ...bad('nobody decides', { change: {}, answer: () => 'Inconclusive' }),
]
