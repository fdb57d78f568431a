import { expect, it } from 'vitest'

import { playCore } from '../run/run-seed.ts'
import type { Happening, Story } from '../run/story.ts'

const byHand = (atMs: number, { field, backAfterMs }: Readonly<Record<string, unknown>>): Happening => ({
  atMs,
  kind: 'any field by hand',
  with: { release: 'web', side: 'green', field: String(field), backAfterMs: Number(backAfterMs) },
})

const storyOf = (happenings: readonly Happening[]): Story => ({
  scenario: 'overlapping hands',
  depth: 'core',
  seed: 1,
  releases: ['web'],
  desiredCount: 1,
  rules: 'named',
  seats: 1,
  happenings: [{ atMs: 0, kind: 'push', with: { release: 'web', version: 'v1-good' } }, ...happenings],
})

it.each([
  ['rule/conditions', 'rule/conditions'],
  ['rule/forward', 'rule/stickiness'],
  ['rule/stickiness', 'rule/foreign target group'],
])(
  'makes %s what it was before the first of two hands, though the second put it back last (%s)',
  (one, other) => {
    const hands = [
      byHand(60_000, { field: one, backAfterMs: 60_000 }),
      byHand(80_000, { field: other, backAfterMs: 90_000 }),
    ]
    let before: unknown
    let after: unknown
    const { violations } = playCore(storyOf(hands), (simulation) => {
      const rules = (): unknown =>
        simulation.aws.byHand('elasticloadbalancing', 'DescribeRules', {
          RuleArns: [...(simulation.pairs[0]?.production ?? [])],
        })
      simulation.later(59_000, () => (before = rules()))
      simulation.later(250_000, () => (after = rules()))
    })
    expect(before).toBeDefined()
    expect(after).toEqual(before)
    expect(violations).toEqual([])
  },
)
