import { describe, expect, it } from 'vitest'

import {
  changesLeft,
  firstRollouts,
  irreversibleAfter,
  unsafeText,
} from '../../controller/core/irreversible.ts'
import type { RolloutState } from '../../controller/core/rollout/state.ts'
import type { DestroyingApply, IrreversibleChange } from '../../controller/resources/types.ts'
import { served } from '../support/release-controller.ts'

const change = (what: string, at: string, before = 2): IrreversibleChange => ({
  what,
  at,
  commit: 'c'.repeat(40),
  before,
})
const MONDAY = '2026-01-05T00:00:00Z'
const TUESDAY = '2026-01-06T00:00:00Z'

const rollout = (spec: object, status: object = {}): RolloutState => {
  const { last } = served()
  if (last === undefined) throw new Error('no rollout')
  return { ...last, spec: { ...last.spec, ...spec }, status: { ...last.status, ...status } }
}

describe('the age of a version', () => {
  it('is the number of its oldest rollout, in whatever order they come and beside what is known', () => {
    const known = new Map([['arn:0', 1]])
    const rollouts = [
      { number: 4, taskDefinition: 'arn:1' },
      { number: 2, taskDefinition: 'arn:1' },
      { number: 3, taskDefinition: undefined },
    ]
    expect([...firstRollouts(rollouts, known)]).toEqual([
      ['arn:0', 1],
      ['arn:1', 2],
    ])
  })
})

describe('changes that going back does not undo', () => {
  const apply = (at: string): DestroyingApply => ({ commit: 'c'.repeat(40), at, resources: ['destroy a.b'] })

  it('are in the order of their times, whichever was seen first', () => {
    const known = [change('one', TUESDAY), change('other', TUESDAY)]
    const after = irreversibleAfter(known, { rollouts: [], applies: [apply(MONDAY)], first: new Map() })
    expect(after.map(({ what }) => what)).toEqual(['Terraform was let destroy a.b', 'one', 'other'])
  })

  it('by an apply come before the rollouts that began after it, of versions that are not known too', () => {
    const rollouts = [
      rollout({ number: 5, taskDefinition: 'arn:5' }, { startedAt: TUESDAY }),
      rollout({ number: 4, taskDefinition: 'arn:4' }, { startedAt: undefined }),
    ]
    const first = new Map([['arn:9', 9]])
    const [found] = irreversibleAfter([], { rollouts, applies: [apply(MONDAY)], first })
    expect(found?.before).toBe(5)
  })

  it('are none of a rollout without gates', () => {
    const rollouts = [rollout({ gates: undefined })]
    expect(irreversibleAfter([], { rollouts, applies: [], first: new Map() })).toEqual([])
  })
})

describe('a rollout that turns back', () => {
  it.each([
    ['a version that no rollout brought', undefined],
    ['a rollout whose name says no number', 'mailer'],
  ])('to %s leaves only its own changes', (_what, origin) => {
    const turned = rollout({ number: 3, gates: [], from: { taskDefinition: 'arn:1', rollout: origin } })
    expect(changesLeft(turned, [change('the queue is gone', MONDAY, 3)])).toEqual([])
  })
})

describe('why going back is refused', () => {
  const told = `what is gone at ${MONDAY} for commit cccccccccccc`
  it.each([
    [3, 'what rollout 3 served'],
    ['version 3', 'version 3'],
  ])('names %s and what was done since', (to, name) => {
    expect(unsafeText(to, [change('what is gone', MONDAY)])).toBe(
      `${name} may not work any more, and going back does not undo it: ${told}`,
    )
  })
})
