import { describe, expect, it } from 'vitest'

import type { PlanInput } from '../../../controller/core/plan/decision.ts'
import { onlySpec } from '../../../controller/core/plan/only-spec.ts'
import { planRelease } from '../../../controller/core/plan.ts'
import { isOneService, namesOf, ownEngineOf, placesOf } from '../../../controller/core/places.ts'
import { served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { inputOf } from './planning.ts'

const role = 'arn:aws:iam::123456789012:role/ecs-traffic'
const pair = desiredRelease()
const native: PlanInput['desired'] = {
  ...pair,
  container: 'web',
  containerPort: 8080,
  spec: {
    ...pair.spec,
    engine: 'Native',
    engineRoleArn: role,
    strategy: { ...pair.spec.strategy, type: 'Linear', by: 50, every: '1m' },
  },
}
const input = (change: Partial<PlanInput> = {}): PlanInput => ({
  ...inputOf(served()),
  desired: native,
  last: undefined,
  lastSucceeded: undefined,
  ...change,
})

describe('a release whose traffic an engine of AWS’s own moves', () => {
  it('is one service with the release’s name, in one place', () => {
    expect(isOneService(native.spec)).toBe(true)
    expect(placesOf(native.spec)).toEqual(['only'])
    expect(namesOf(native)).toEqual({ only: native.name })
    expect([native, pair].map(({ spec }) => ownEngineOf(spec))).toEqual(['Native', undefined])
  })

  it('writes down the engine, its role and the rules, and no side', () => {
    const written = onlySpec(input(), { why: 'Commit' })
    expect(written).toMatchObject({
      to: {},
      engine: 'Native',
      engineRoleArn: role,
      strategy: { type: 'Linear', by: 50 },
      traffic: { loadBalancer: pair.spec.traffic?.loadBalancer, container: 'web', containerPort: 8080 },
    })
    expect(
      onlySpec(input({ desired: { ...native, spec: { ...native.spec, engine: 'CodeDeploy' } } }), {
        why: 'Commit',
      }).engine,
    ).toBe('CodeDeploy')
  })

  it.each(['Restart', 'Drift', 'Failback'] as const)('moves at once what is no new version: %s', (why) => {
    const { engineRoleArn: _none, ...spec } = native.spec
    const written = onlySpec(input({ desired: { ...native, spec } }), { why })
    expect(written.strategy).toMatchObject({ type: 'BlueGreen' })
    expect(written).not.toHaveProperty('engineRoleArn')
  })

  it('is looked at with its rules, and told what of its traffic is missing', () => {
    const { observation } = input()
    expect(planRelease(input({ observation: { ...observation, seen: ['services'] } }))).toEqual({
      kind: 'Look',
      parts: ['rules'],
    })
    expect(planRelease(input({ observation: { ...observation, loadBalancer: null } }))).toMatchObject({
      kind: 'Stall',
      reason: 'LoadBalancerMissing',
    })
    const { traffic: _gone, ...spec } = native.spec
    expect(() => onlySpec(input({ desired: { ...native, spec } }), { why: 'Commit' })).toThrow(
      'has no traffic',
    )
  })
})
