import { describe, expect, it } from 'vitest'

import { GATED_HURRY_MS, owesTraffic } from '../../../controller/core/rollout/urgency.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import { timestamp } from '../../../controller/core/time.ts'
import { blankObservation } from '../../../controller/engine/observe.ts'
import type { GateStatus, RolloutStatus } from '../../../controller/resources/types.ts'
import { served } from '../../support/release-controller.ts'
import { desiredRelease, smokeGate } from '../../support/release-fixtures.ts'

const SHIFTED = '2026-01-01T00:00:00Z'
const NOW = Date.parse(SHIFTED)
/** A long time after any rollout of these tests has begun. */
const LATER = Date.parse('2027-01-01T00:00:00Z')
const written = (blue: number): NonNullable<RolloutStatus['expected']> => ({
  weights: { blue, green: 100 - blue },
  writtenAt: SHIFTED,
})
const gate = (seen: Partial<GateStatus>): Partial<RolloutStatus> => ({
  gates: [{ name: 'smoke', when: 'Bake', ...seen }],
})

/** Version 2 on its way to blue; what was seen says that blue has no traffic. */
function begun(options: Parameters<typeof desiredRelease>[0] = {}): {
  readonly rollout: RolloutState
  readonly observation: Parameters<typeof owesTraffic>[1]
} {
  const controller = served()
  controller.desired = desiredRelease({ version: '2', gates: [{ ...smokeGate, when: 'Bake' }], ...options })
  controller.runInto('Provisioning')
  const { active, world } = controller
  if (active === undefined) throw new Error('no rollout has begun')
  return { rollout: active, observation: world.look(blankObservation, ['rules'], 0) }
}

describe('a rollout owes the traffic, so that nothing else keeps its looks and writes waiting,', () => {
  const { rollout, observation } = begun()
  const unseen = { ...observation, seen: [] }

  it.each<readonly [when: string, status: Partial<RolloutStatus>, owes: boolean]>([
    ['while it takes a step', { phase: 'Shifting', shiftedAt: SHIFTED }, false],
    ['while it bakes', { phase: 'Baking', shiftedAt: SHIFTED }, false],
    ['with a bad answer that is borne', { phase: 'Baking', shiftedAt: SHIFTED, ...gate({}) }, false],
    ['with one that is not', { phase: 'Baking', shiftedAt: SHIFTED, ...gate({ failures: 1 }) }, true],
    ['with one in a step', { phase: 'Shifting', shiftedAt: SHIFTED, ...gate({ failures: 1 }) }, true],
    ['with one before the first weight', { phase: 'Verifying', ...gate({ failures: 1 }) }, false],
    [
      'with one that was taken over',
      { phase: 'Baking', shiftedAt: SHIFTED, ...gate({ failures: 1, result: 'Failed' }) },
      false,
    ],
    [
      'with one of a gate that nobody asks for',
      { phase: 'Baking', shiftedAt: SHIFTED, gates: [{ name: 'other', when: 'Bake', failures: 1 }] },
      false,
    ],
    ['on its way back before the first weight', { phase: 'RollingBack' }, false],
    ['on its way back', { phase: 'RollingBack', shiftedAt: SHIFTED, expected: written(10) }, true],
    ['on its way back, whatever was written', { phase: 'RollingBack', shiftedAt: SHIFTED }, true],
    [
      'once the weights are written',
      { phase: 'RollingBack', shiftedAt: SHIFTED, expected: written(0) },
      false,
    ],
    ['once it is over', { phase: 'RolledBack', shiftedAt: SHIFTED, expected: written(10) }, false],
  ])('%s: %s', (_when, status, owes) => {
    const stored = { ...rollout.status, ...status }
    expect(owesTraffic({ ...rollout, status: stored }, unseen, NOW)).toBe(owes)
  })

  it('as long as the rules show that it has any, where they were seen', () => {
    const status = { ...rollout.status, phase: 'RollingBack', shiftedAt: SHIFTED } as const
    const seen = { ...observation, seen: ['rules'] as const }
    expect(owesTraffic({ ...rollout, status }, seen, NOW)).toBe(false)
    const given = seen.production.map((rule) =>
      rule === null ? null : { ...rule, weights: rule.weights.map((entry) => ({ ...entry, weight: 50 })) },
    )
    expect(owesTraffic({ ...rollout, status }, { ...seen, production: given }, NOW)).toBe(true)
  })

  it('until the last of several rules was seen without it', () => {
    const { rollout: twice } = begun()
    const rules = [{ ruleArn: 'arn:rule/1' }, { ruleArn: 'arn:rule/2' }]
    const { traffic } = twice.spec
    if (traffic === undefined) throw new Error('no traffic')
    const spec = { ...twice.spec, traffic: { ...traffic, rules } }
    const expected = written(0)
    const status = { ...twice.status, phase: 'RollingBack', shiftedAt: SHIFTED, expected } as const
    expect(owesTraffic({ ...twice, spec, status }, unseen, NOW)).toBe(true)
  })

  it.each([
    ['Pending', true],
    ['Provisioning', true],
    ['Shifting', true],
    ['Baking', false],
    ['Succeeded', false],
  ] as const)('where a person goes back at once, in %s: %s', (phase, owes) => {
    const spec = { ...rollout.spec, why: 'Failback' } as const
    expect(owesTraffic({ ...rollout, spec, status: { ...rollout.status, phase } }, unseen, LATER)).toBe(owes)
  })

  it.each([
    ['Pending', 0, true],
    ['Provisioning', 0, true],
    ['Verifying', GATED_HURRY_MS - 1, true],
    ['Verifying', GATED_HURRY_MS, false],
    ['Shifting', 0, true],
    ['Baking', 0, false],
    ['Succeeded', 0, false],
  ] as const)(
    'where a person goes back through gates, in %s and %d ms after it has begun: %s',
    (phase, ageMs, owes) => {
      const status = { ...rollout.status, phase, startedAt: timestamp(NOW - ageMs) }
      const owesIt = (spec: Partial<typeof rollout.spec>): boolean =>
        owesTraffic({ ...rollout, spec: { ...rollout.spec, ...spec }, status }, unseen, NOW)
      expect(owesIt({ why: 'Pin' })).toBe(owes)
      expect(owesIt({ why: 'Commit', goesBack: true })).toBe(owes)
      expect(owesIt({ why: 'Commit' })).toBe(false)
    },
  )

  it('not so where nobody wrote down when it began', () => {
    const { startedAt: _left, ...status } = rollout.status
    const spec = { ...rollout.spec, why: 'Pin' } as const
    expect(owesTraffic({ ...rollout, spec, status }, unseen, NOW)).toBe(false)
  })

  it('never where it is of one service', () => {
    const { side: _side, ...to } = rollout.spec.to
    const spec = { ...rollout.spec, to, why: 'Failback' } as const
    expect(owesTraffic({ ...rollout, spec }, unseen, NOW)).toBe(false)
  })
})
