import { describe, expect, it } from 'vitest'

import type { RolloutState } from '../../controller/core/rollout/state.ts'
import { targetSide } from '../../controller/core/rollout/state.ts'
import { fromTimestamp } from '../../controller/core/time.ts'
import { asksListener, gateProbe } from '../../controller/engine/gate-probe.ts'
import type { DefaultedGate } from '../../controller/resources/types.ts'
import { blank, ReleaseController } from '../support/release-controller.ts'
import { desiredRelease, smokeGate } from '../support/release-fixtures.ts'
import { ReleaseWorld } from '../support/release-world.ts'

const { http, ...plain } = smokeGate
const subject = {
  cluster: 'shop',
  serviceNames: { blue: 'web-blue', green: 'web-green' },
  rules: [],
} as unknown as Parameters<typeof gateProbe>[1]['subject']

/** A rollout that bakes, with these gates. */
function baking(...gates: readonly DefaultedGate[]): RolloutState {
  const desired = desiredRelease({ gates, strategy: { bake: '1m' } })
  const controller = new ReleaseController(new ReleaseWorld(), desired)
  controller.runInto('Baking')
  const { active } = controller
  if (active === undefined) throw new Error('no rollout bakes')
  return active
}

const gate = (check: Partial<DefaultedGate>): DefaultedGate => ({
  ...plain,
  name: 'watch',
  when: 'Bake',
  ...check,
})
const probeOf = (rollout: RolloutState, observation = blank): ReturnType<typeof gateProbe> =>
  gateProbe('watch', { rollout, observation, subject })

describe('the question of a gate', () => {
  it('of a warming is the next batch, and never more than is missing', () => {
    const warming = { requests: 25, paths: ['/'], concurrency: 4, perSecond: 20, requestTimeout: '5s' }
    const rollout = baking(gate({ warming }))
    const asked = (successes: number): unknown => {
      const gates = [{ name: 'watch', when: 'Bake' as const, successes }]
      const loadBalancer = { name: 'shop', dnsName: 'shop.elb', arn: 'arn' }
      const rule = { port: 8081, protocol: 'HTTP' }
      const observation = { ...blank, loadBalancer, production: [rule] } as unknown as typeof blank
      return probeOf({ ...rollout, status: { ...rollout.status, gates } }, observation)
    }
    expect(asked(0)).toMatchObject({
      kind: 'warming',
      port: 8081,
      requests: 20,
      batchMs: 5_000,
      timeoutMs: 5_000,
    })
    expect(asked(20)).toMatchObject({ requests: 5, progress: { answered: 20, wanted: 25 } })
  })

  it('of a function has what ECS gives to hooks, and the rollout', () => {
    const arn = 'arn:aws:lambda:eu-central-1:123456789012:function:smoke'
    const rollout = baking(gate({ lambda: { function: arn, payload: { suite: 'checkout' } } }))
    const side = targetSide(rollout)
    const sides = { ...blank.sides, [side]: { ...blank.sides[side], service: { arn: 'service/web' } } }
    const probe = probeOf(rollout, { ...blank, sides })
    if (probe.kind !== 'lambda') throw new Error(`a ${probe.kind} instead`)
    expect(probe.function).toBe(arn)
    expect(JSON.parse(probe.payload)).toMatchObject({
      executionId: 'prod-web-1/watch',
      lifecycleStage: 'POST_PRODUCTION_TRAFFIC_SHIFT',
      resourceArn: 'service/web',
      executionDetails: {
        serviceArn: 'service/web',
        testTrafficWeights: {},
        productionTrafficWeights: { 'service/web': 100 },
      },
      hookDetails: { suite: 'checkout' },
      steersman: { kind: 'Rollout', metadata: { name: 'prod-web-1' }, status: { phase: 'Baking' } },
    })
  })

  it('of a program tells it of the rollout, and where the tried side answers', () => {
    const rollout = baking(gate({ script: { command: ['check.sh'], runTimeout: '1m' } }))
    const seen = { loadBalancer: { dnsName: 'shop.elb' }, test: { port: 8081, protocol: 'HTTP' } }
    expect(probeOf(rollout, { ...blank, ...seen } as unknown as typeof blank)).toEqual({
      kind: 'script',
      gate: 'watch',
      command: ['check.sh'],
      facts: {
        STEERSMAN_ENVIRONMENT: 'prod',
        STEERSMAN_RELEASE: 'web',
        STEERSMAN_ROLLOUT: 'prod-web-1',
        STEERSMAN_GATE: 'watch',
        STEERSMAN_COMMIT: 'commit-1',
        STEERSMAN_SIDE: rollout.spec.to.side,
        ...(rollout.spec.image?.tag === undefined ? {} : { STEERSMAN_IMAGE_TAG: rollout.spec.image.tag }),
        STEERSMAN_TEST_URL: 'http://shop.elb:8081',
      },
      timeoutMs: 60_000,
    })
  })

  it('of alarms names when the rollout began, and what is red already counts', () => {
    const rollout = baking(gate({ alarms: ['a', 'b'] }))
    const rolloutStartedAt = fromTimestamp(rollout.status.startedAt ?? '')
    const asked = { kind: 'alarms', gate: 'watch', names: ['a', 'b'], rolloutStartedAt }
    expect(probeOf(rollout)).toEqual({ ...asked, alreadyRed: 'Fail' })
    expect(probeOf(baking(gate({ alarms: ['a'], alreadyRed: 'Ignore' })))).toMatchObject({
      alreadyRed: 'Ignore',
    })
  })

  it('of a metric leaves out what was measured before the phase', () => {
    const cloudwatch = { namespace: 'Shop', metric: 'Errors', statistic: 'Sum', period: '5m', max: 1 }
    const rollout = baking(gate({ cloudwatch }))
    expect(probeOf(rollout)).toEqual({
      kind: 'cloudwatch',
      gate: 'watch',
      series: { namespace: 'Shop', metric: 'Errors', dimensions: {}, statistic: 'Sum', periodSeconds: 300 },
      bounds: { max: 1, min: undefined },
      since: fromTimestamp(rollout.status.phaseStartedAt ?? ''),
    })
  })

  it('of an expression names the side on trial, and the live one to compare it with', () => {
    const dimensions = { LoadBalancer: '${loadBalancer}', TargetGroup: '${targetGroup}', Of: '${service}' }
    const errors = { namespace: 'AWS/ApplicationELB', metric: 'HTTPCode_Target_5XX_Count', statistic: 'Sum' }
    const cloudwatch = {
      queries: { errors: { ...errors, dimensions } },
      expression: '100 * errors',
      period: '1m',
      compare: { to: 'Live' as const, maxRatio: 2 },
    }
    const rollout = baking(gate({ cloudwatch }))
    const side = targetSide(rollout)
    const group = (name: string) => ({
      targetGroup: { arn: `arn:aws:elasticloadbalancing:x:1:targetgroup/${name}/2` },
    })
    const observation = {
      ...blank,
      loadBalancer: { arn: 'arn:aws:elasticloadbalancing:x:1:loadbalancer/app/shop/1' },
      sides: { blue: group('web-blue'), green: group('web-green') },
    } as unknown as typeof blank
    const asked = (name: string): object => ({
      expression: '100 * errors',
      periodSeconds: 60,
      queries: {
        errors: {
          ...errors,
          periodSeconds: 60,
          dimensions: { LoadBalancer: 'app/shop/1', TargetGroup: `targetgroup/${name}/2`, Of: name },
        },
      },
    })
    const other = side === 'blue' ? 'green' : 'blue'
    expect(probeOf(rollout, observation)).toMatchObject({
      series: asked(`web-${side}`),
      comparison: { series: asked(`web-${other}`), maxRatio: 2, maxDifference: undefined },
    })
    expect(() => probeOf(rollout)).toThrow("gate watch can't be asked")
    expect(asksListener({ kind: 'ProbeGate', gate: 'watch', side }, rollout)).toBe(true)
  })

  it('of Prometheus is its query', () => {
    const prometheus = { server: 'http://prometheus:9090', query: 'up', interval: '15s', min: 1 }
    expect(probeOf(baking(gate({ prometheus })))).toEqual({
      kind: 'prometheus',
      gate: 'watch',
      server: 'http://prometheus:9090',
      query: 'up',
      bounds: { max: undefined, min: 1 },
      timeoutMs: 10_000,
    })
  })

  it('of a webhook tells of the rollout, and nothing that may hold a secret', () => {
    const secretive = {
      ...smokeGate,
      name: 'other',
      http: { ...http, headers: { 'x-key': 'hush' } },
    } as DefaultedGate
    const rollout = baking(
      gate({ webhook: { url: 'https://audit.internal/hook?token=hush', callback: false } }),
      secretive,
    )
    const probe = probeOf(rollout)
    if (probe.kind !== 'webhook') throw new Error(`a ${probe.kind} instead`)
    expect(probe).toMatchObject({ url: 'https://audit.internal/hook?token=hush', id: 'prod-web-1/watch' })
    expect(probe.body).not.toContain('hush')
    expect(JSON.parse(probe.body)).toMatchObject({
      apiVersion: 'steersman.dev/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'prod-web-1' },
      gate: 'watch',
      spec: { environment: 'prod', release: 'web', commit: 'commit-1', why: 'Commit', who: 'ada' },
      status: { phase: 'Baking' },
    })
  })

  it.each([
    ['a gate that is not there', baking(gate({ alarms: ['a'] })), 'other'],
    ['a kind that comes later', baking(gate({ manual: {} })), 'watch'],
  ])('can’t be made of %s', (_title, rollout, name) => {
    expect(() => gateProbe(name, { rollout, observation: blank, subject })).toThrow(
      `gate ${name} can't be asked`,
    )
  })

  it('needs a listener’s address only where it goes through one', () => {
    const probe = { kind: 'ProbeGate', gate: 'watch', side: 'blue' } as const
    expect(asksListener(probe, baking(gate({ alarms: ['a'] })))).toBe(false)
    expect(asksListener(probe, baking(gate(http === undefined ? {} : { http })))).toBe(true)
    expect(asksListener({ kind: 'PointTest', side: 'blue' }, undefined)).toBe(false)
  })
})
