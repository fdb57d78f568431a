import { describe, expect, it } from 'vitest'

import { planRelease } from '../../../controller/core/plan.ts'
import type { Decision, PlanInput } from '../../../controller/core/plan/decision.ts'
import { waitsForOthers } from '../../../controller/core/plan/order.ts'
import { beginTogether } from '../../../controller/core/plan/together.ts'
import { endOfWarmSide } from '../../../controller/core/plan/warm-side.ts'
import type { Relative } from '../../../controller/core/relations.ts'
import type { RolloutState } from '../../../controller/core/rollout/state.ts'
import { served } from '../../support/release-controller.ts'
import { desiredRelease } from '../../support/release-fixtures.ts'
import { rolloutIn } from '../rollout/only.ts'
import { inputOf } from './planning.ts'

const second = desiredRelease({ version: '2' })
const web = { release: 'web', digest: second.digest, number: 2 }
const api = { release: 'api', digest: 'api-2', number: 2 }
const group = { name: 'shop', leader: 'prod-api-2', members: [api, web] }

function active(phase: 'Pending' | 'RollingBack', change: object = {}): RolloutState {
  const { last } = served()
  if (last === undefined) throw new Error('no rollout')
  return { name: 'prod-api-2', spec: { ...last.spec, group: { ...group, ...change } }, status: { phase } }
}

const relative = (change: Partial<Relative> = {}): Relative => ({
  release: 'api',
  wanted: 'api-2',
  status: {},
  active: undefined,
  lastSucceeded: undefined,
  newest: 1,
  ...change,
})

const input = (others: readonly Relative[], change: Partial<PlanInput> = {}): PlanInput =>
  inputOf(served(), {
    desired: second,
    relations: { dependsOn: [], group: { name: 'shop', others } },
    ...change,
  })

const begins = (others: readonly Relative[], change: Partial<PlanInput> = {}): string => {
  const begin = beginTogether(input(others, change), 'Commit')
  return begin.kind === 'Begins' ? `begins with ${begin.group?.leader ?? 'nobody'}` : begin.message
}

describe('a member that the leader of its group named', () => {
  it('joins while the leader is on its way', () => {
    expect(begins([relative({ active: active('Pending') })])).toBe('begins with prod-api-2')
  })

  it('waits for the end of a leader that goes back', () => {
    expect(begins([relative({ active: active('RollingBack') })])).toBe(
      'waits for group shop; rollout prod-api-2 has to end first',
    )
  })

  it.each([
    ['another content', { members: [api, { ...web, digest: 'other' }] }],
    ['another number', { members: [api, { ...web, number: 9 }] }],
    ['other members alone', { members: [api] }],
    ['another leader', { leader: 'prod-zoo-2' }],
  ])('waits for the end of a rollout that names %s', (_what, change) => {
    expect(begins([relative({ active: active('Pending', change) })])).toBe(
      'waits for group shop; rollout prod-api-2 has to end first',
    )
  })
})

describe('a member of a group', () => {
  const asking = (digest: string, number: number): Relative =>
    relative({ status: { waiting: { reason: 'GroupNotReady', message: '', asks: { digest, number } } } })

  it.each([
    ['that asks for what the commit wants comes first by name', asking('api-2', 2), 'api begins first'],
    ['that asks for another content has not spoken', asking('api-1', 2), 'api: not begun yet'],
    ['that asks for a rollout that was has not spoken', asking('api-2', 1), 'api: not begun yet'],
    [
      'of which nobody knows what is wanted has not spoken',
      relative({ wanted: undefined }),
      'api: not begun yet',
    ],
  ])('%s', (_what, other, expected) => {
    expect(begins([other])).toBe(`waits for group shop; ${expected}`)
  })

  it('takes no part where it was verified as it is wanted', () => {
    const verified = { commit: 'c', digest: 'api-2', at: '2026-01-01T00:00:00Z' }
    expect(begins([relative({ status: { verified } })])).toBe('begins with prod-web-2')
  })

  it.each(['Pin', 'Failback'] as const)('begins alone by a %s', (why) => {
    expect(begins([relative()], { desired: { ...second, why } })).toBe('begins with nobody')
  })

  it.each(['Drift', 'Restart'] as const)('begins alone because of %s', (why) => {
    expect(beginTogether(input([relative()]), why)).toEqual({ kind: 'Begins', group: undefined })
  })
})

describe('a release that depends on others', () => {
  it('says how many it waits for', () => {
    const dependsOn = [relative(), relative({ release: 'worker' }), relative({ release: 'zoo' })]
    const relations = { dependsOn, group: undefined }
    expect(waitsForOthers({ desired: second, relations }, 'Commit')?.message).toBe(
      'waits until api serves, and 2 more; api: not begun yet',
    )
    expect(waitsForOthers({ desired: second }, 'Commit')).toBeUndefined()
  })
})

describe('a target group that a service has and the release does not name', () => {
  const problem = (targetGroupArns: readonly string[]): Decision => {
    const given = inputOf(served())
    const { green, blue } = given.observation.sides
    const service = green.service && { ...green.service, targetGroupArns }
    const observation = { ...given.observation, sides: { blue, green: { ...green, service } } }
    return planRelease({ ...given, observation })
  }

  it.each([
    ['none', [], 'in target group none,'],
    [
      'one of nobody',
      ['arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/other/0123456789abcdef'],
      'in target group other,',
    ],
    ['that of the other side', ['arn:tg/blue'], 'in target group web-blue,'],
  ])('is told: %s', (_what, arns, expected) => {
    const decision = problem(arns)
    expect(decision).toMatchObject({ kind: 'Stall', reason: 'TargetGroupMismatch' })
    expect(decision.kind === 'Stall' && decision.message).toContain(expected)
  })
})

describe('what a rollout of a pair writes down', () => {
  const specOf = (change: Partial<PlanInput>) => {
    const decision = planRelease(inputOf(served(), { desired: second, ...change }))
    if (decision.kind !== 'Start') throw new Error(decision.kind)
    return decision.spec
  }

  it('are its sidecars and who pushed it, where there are any', () => {
    const sidecar = { container: 'proxy', repository: 'proxy', tag: '1', digest: `sha256:${'a'.repeat(64)}` }
    const sidecars = [sidecar] as unknown as NonNullable<PlanInput['desired']['sidecars']>
    expect(specOf({ desired: { ...second, sidecars, pushedBy: ['ann'] } })).toMatchObject({
      sidecars: [sidecar],
      pushedBy: ['ann'],
    })
    const none = specOf({ desired: { ...second, sidecars: [] } })
    expect(none).not.toHaveProperty('sidecars')
    expect(none).not.toHaveProperty('pushedBy')
  })

  it('are the gates, none where the release has none', () => {
    const { gates: _gates, ...ungated } = second.spec
    expect(specOf({ desired: { ...second, spec: ungated as typeof second.spec } }).gates).toEqual([])
  })

  it('is its only rule, or no rule', () => {
    const { traffic } = second.spec
    if (traffic === undefined) throw new Error('no traffic')
    const { rules: _rules, ...rest } = traffic
    const withTraffic = (given: typeof traffic) => ({ ...second, spec: { ...second.spec, traffic: given } })
    const rule = { ruleArn: 'arn:rule/1' }
    expect(specOf({ desired: withTraffic({ ...rest, rule }) }).traffic?.rules).toEqual([rule])
    expect(specOf({ desired: withTraffic(rest) }).traffic?.rules).toEqual([])
  })
})

describe('the warm side of a release of one service', () => {
  it('is none: there is nothing to end', () => {
    const last = rolloutIn('Succeeded', { outcome: 'Succeeded' })
    const status = { keepPreviousUntil: '2020-01-01T00:00:00Z' }
    expect(endOfWarmSide(inputOf(served(), { last, status }))).toBeUndefined()
  })
})
