import fc from 'fast-check'
import { describe, it } from 'vitest'

import { commit, freshTurn, play, roughTurn, time, trouble, wish } from '../../support/release-run.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const shape = {
  hasGate: fc.boolean(),
  test: fc.boolean(),
  rules: fc.constantFrom(['arn:rule/1'], ['arn:rule/1', 'arn:rule/2']),
  desiredCount: fc.constantFrom(1, 2, 3),
}
/** The same stories in every run; other seeds and more of them when one goes looking. */
const numRuns = propertyRuns(300)
const seed = Number(process.env['STEERSMAN_PROPERTY_SEED'] ?? 1)

describe('the promises hold on the world itself', () => {
  it('while commits come and go and processes end', () => {
    const happening = fc.oneof(
      { weight: 8, arbitrary: freshTurn },
      { weight: 2, arbitrary: time },
      { weight: 1, arbitrary: commit },
      { weight: 1, arbitrary: wish },
    )
    fc.assert(
      fc.property(fc.record({ ...shape, happenings: fc.array(happening, { maxLength: 60 }) }), (story) => {
        play(story)
      }),
      { numRuns, seed },
    )
  })

  it('while reads are as old as they may be and writes are cut off', () => {
    const happening = fc.oneof(
      { weight: 8, arbitrary: roughTurn },
      { weight: 1, arbitrary: time },
      { weight: 1, arbitrary: commit },
      { weight: 1, arbitrary: wish },
    )
    fc.assert(
      fc.property(fc.record({ ...shape, happenings: fc.array(happening, { maxLength: 60 }) }), (story) => {
        play(story)
      }),
      { numRuns, seed },
    )
  })

  it('while people change weights, counts and rules, and tasks die', () => {
    const happening = fc.oneof(
      { weight: 8, arbitrary: freshTurn },
      { weight: 1, arbitrary: time },
      { weight: 1, arbitrary: commit },
      { weight: 2, arbitrary: trouble },
    )
    fc.assert(
      fc.property(fc.record({ ...shape, happenings: fc.array(happening, { maxLength: 60 }) }), (story) => {
        play(story)
      }),
      { numRuns, seed },
    )
  })

  it('while all of it happens at once', () => {
    const happening = fc.oneof(
      { weight: 8, arbitrary: roughTurn },
      { weight: 1, arbitrary: time },
      { weight: 1, arbitrary: commit },
      { weight: 1, arbitrary: wish },
      { weight: 1, arbitrary: trouble },
    )
    fc.assert(
      fc.property(fc.record({ ...shape, happenings: fc.array(happening, { maxLength: 80 }) }), (story) => {
        play(story)
      }),
      { numRuns, seed },
    )
  })
})
