import { describe, expect, it } from 'vitest'

import { checkConsistency } from '../../../controller/core/manifest/consistency.ts'
import type {
  DefaultedGate,
  DefaultedRelease,
  DefaultedStrategy,
} from '../../../controller/resources/types.ts'
import { smokeGate } from '../../support/release-fixtures.ts'

/** What is wrong with a release of that strategy. */
function problems(
  strategy: Partial<DefaultedStrategy>,
  { own = [], required = [] }: { own?: DefaultedGate[]; required?: DefaultedGate[] } = {},
): readonly string[] {
  const spec = {
    service: { cluster: 'c' },
    gates: own,
    strategy: { bake: '5m', deadline: '30m', ...strategy },
    traffic: { loadBalancer: 'l', rule: { port: 80 }, targetGroups: { blue: 'b', green: 'g' } },
  }
  const release = { metadata: { name: 'web' }, spec } as unknown as DefaultedRelease
  return checkConsistency({ release, environment: 'prod', requiredGates: required }).map(
    ({ path, message }) => `${path} ${message}`,
  )
}

const steps = (...all: readonly (readonly [weight: number, hold: string])[]): Partial<DefaultedStrategy> => ({
  type: 'Canary',
  steps: all.map(([weight, hold]) => ({ weight, for: hold })),
})
const shiftGate: DefaultedGate = { ...smokeGate, name: 'errors', when: 'Shift' }

describe('the steps of a strategy', () => {
  it.each<readonly [what: string, strategy: Partial<DefaultedStrategy>, expected: readonly string[]]>([
    ['a canary', steps([10, '2m'], [50, '5m']), []],
    ['a linear shift', { type: 'Linear', by: 20, every: '1m' }, []],
    [
      'a canary that gives less again',
      steps([50, '1m'], [10, '1m'], [10, '1m']),
      [
        '/spec/strategy/steps/1/weight the step gives the new version 10 % after 50 %; expected more with each step',
        '/spec/strategy/steps/2/weight the step gives the new version 10 % after 10 %; expected more with each step',
      ],
    ],
    [
      'a canary that lasts longer than the deadline',
      steps([10, '20m'], [50, '5m']),
      [
        "/spec/strategy/deadline a rollout whose steps last 25m and that bakes for 5m can't succeed within 30m; expected a deadline longer than both together",
      ],
    ],
    [
      'a linear shift that does',
      { type: 'Linear', by: 30, every: '9m' },
      [
        "/spec/strategy/deadline a rollout whose steps last 27m and that bakes for 5m can't succeed within 30m; expected a deadline longer than both together",
      ],
    ],
  ])('%s', (_what, strategy, expected) => {
    expect(problems(strategy)).toEqual(expected)
  })

  it('are what a gate of the shift needs, required or not', () => {
    const expected =
      'is asked while a step is held; expected strategy type Canary or Linear, with a step below 100 %'
    expect(problems({}, { own: [shiftGate], required: [{ ...shiftGate, name: 'ours' }] })).toEqual([
      `/spec/gates/0/when the gate errors ${expected}`,
      `/spec/strategy the environment's gate ours ${expected}`,
    ])
    expect(problems({ type: 'Linear', by: 100, every: '1m' }, { own: [shiftGate] })).toHaveLength(1)
    expect(problems(steps([10, '1m']), { own: [shiftGate] })).toEqual([])
  })
})
