import { describe, expect, it } from 'vitest'

import {
  deploymentConfiguration,
  loadBalancersOf,
} from '../../../controller/core/rollout/native/configuration.ts'
import { isBefore } from '../../../controller/core/rollout/native/stages.ts'
import { assertSafe } from '../../../controller/core/rollout/invariants.ts'
import { problemOf } from '../../../controller/core/plan/problem.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { service } from './only.ts'
import { BEFORE, ROLE, SHIFT, moving, nativeSpec, rule, seenNative } from './native.ts'

const strategy = nativeSpec().strategy
const configured = (change: object, isReturning = false) =>
  deploymentConfiguration(nativeSpec({ strategy: { ...strategy, ...change } }), undefined, { isReturning })

describe('what ECS is told of a deployment', () => {
  it('is to wait before the traffic moves and after, and never to end it by its circuit breaker', () => {
    expect(configured({})).toEqual({
      strategy: 'BLUE_GREEN',
      bakeTimeInMinutes: 0,
      deploymentCircuitBreaker: { enable: false, rollback: false },
      lifecycleHooks: [
        {
          targetType: 'PAUSE',
          lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'],
        },
      ],
    })
  })

  it('is the pace of the strategy, in whole minutes', () => {
    expect(configured({ type: 'Canary', steps: [{ weight: 10, for: '2m' }] })).toMatchObject({
      strategy: 'CANARY',
      canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 2 },
    })
    expect(configured({ type: 'Linear', by: 20, every: '1m' })).toMatchObject({
      strategy: 'LINEAR',
      linearConfiguration: { stepPercent: 20, stepBakeTimeInMinutes: 1 },
    })
    expect(configured({ type: 'Linear', by: 20 })).toMatchObject({
      linearConfiguration: { stepBakeTimeInMinutes: 0 },
    })
    for (const type of ['Canary', 'Linear'])
      expect(configured({ type })).toMatchObject({ strategy: 'BLUE_GREEN' })
  })

  it('keeps the settings of the release, and waits nowhere on the way back', () => {
    const settings = { deploymentConfiguration: { maximumPercent: 150 } }
    expect(deploymentConfiguration(nativeSpec(), settings, { isReturning: true })).toMatchObject({
      maximumPercent: 150,
      strategy: 'BLUE_GREEN',
      lifecycleHooks: [],
    })
  })

  const container = { containerName: 'web', containerPort: 8080 }
  const balancers = (seen = seenNative(service()), spec = nativeSpec()) =>
    loadBalancersOf(spec, seen, container)

  it('names both target groups, the rules and the role', () => {
    expect(balancers()).toEqual([
      {
        targetGroupArn: 'arn:targetgroup/web-blue',
        containerName: 'web',
        containerPort: 8080,
        advancedConfiguration: {
          alternateTargetGroupArn: 'arn:targetgroup/web-green',
          productionListenerRule: 'arn:rule/production',
          testListenerRule: 'arn:rule/test',
          roleArn: ROLE,
        },
      },
    ])
  })

  it('is nothing where a group or a rule is gone', () => {
    const seen = seenNative(service())
    const { blue, green } = seen.sides
    expect(balancers({ ...seen, production: [null] })).toBeUndefined()
    expect(balancers({ ...seen, test: null })).toBeUndefined()
    expect(balancers({ ...seen, sides: { blue: { ...blue, targetGroup: null }, green } })).toBeUndefined()
    expect(balancers({ ...seen, sides: { green: { ...green, targetGroup: null }, blue } })).toBeUndefined()
    const { traffic } = nativeSpec()
    const { test: _none, ...rest } = traffic ?? {
      loadBalancer: '',
      rules: [],
      targetGroups: { blue: '', green: '' },
    }
    const [untested] = balancers({ ...seen, test: null }, nativeSpec({ traffic: rest })) ?? []
    expect(untested?.['advancedConfiguration']).not.toHaveProperty('testListenerRule')
  })
})

describe('a stage', () => {
  it('comes before another one, or is not known', () => {
    expect(isBefore('SCALE_UP', 'BAKE_TIME')).toBe(true)
    expect(isBefore('BAKE_TIME', 'SCALE_UP')).toBe(false)
    expect(isBefore('SCALE_UP', undefined)).toBe(false)
    expect(isBefore('SOMETHING', 'SCALE_UP')).toBe(false)
  })
})

describe('letting ECS go on', () => {
  const action = { kind: 'ContinueDeployment', deployment: SHIFT, hook: 'h' } as const
  const facts = (deployment: typeof BEFORE | null) => ({
    observation: seenNative(moving(), deployment),
    expected: {},
  })

  it('is refused where nothing of the new version runs, or another deployment was looked at', () => {
    expect(() => assertSafe(action, facts(BEFORE))).not.toThrow()
    expect(() => assertSafe(action, facts(null))).toThrow('the deployment was not looked at')
    const none = { ...BEFORE, target: { ...BEFORE.target, running: 0 } }
    expect(() => assertSafe(action, facts(none))).toThrow('no task of the new version runs')
  })
})

describe('a rule that ECS can’t be given', () => {
  const pair = desiredRelease()
  const desired = { ...pair, spec: { ...pair.spec, engine: 'Native' as const } }

  it('is a listener’s default action', () => {
    const seen = seenNative(service(), null, {
      production: [rule('arn:listener', { kind: 'ListenerDefault' })],
    })
    expect(problemOf({ observation: seen, desired })).toMatchObject({ reason: 'RuleNotMovable' })
    expect(problemOf({ observation: seenNative(service()), desired })).toBeUndefined()
  })
})
