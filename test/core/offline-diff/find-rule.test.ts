import { describe, expect, it } from 'vitest'

import type { RuleName } from '../../../controller/core/diff.ts'
import { findRule } from '../../../controller/core/offline-diff/find-rule.ts'
import { readLiveState } from '../../../controller/core/offline-diff/live-state.ts'

const shop = 'arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/shop/1/2'
const other = 'arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/shop/1/22'
const ruleArn = (listener: string, rule: string): string =>
  `${listener.replace(':listener/', ':listener-rule/')}/${rule}`

const to = (targetGroup: string) => [{ Type: 'forward', TargetGroupArn: targetGroup }]
const host = (...names: readonly string[]) => ({ Field: 'host-header', HostHeaderConfig: { Values: names } })
const path = (...paths: readonly string[]) => ({
  Field: 'path-pattern',
  PathPatternConfig: { Values: paths },
})
const rule = (arn: string, targetGroup: string, ...conditions: readonly object[]) => ({
  RuleArn: arn,
  Conditions: conditions,
  Actions: to(targetGroup),
})

const listeners = [
  { ListenerArn: shop, Port: 443, DefaultActions: to('default-443') },
  { ListenerArn: other, Port: 8443, DefaultActions: to('default-8443') },
]
const rules = [
  rule(ruleArn(other, 'a'), 'a', host('shop.example')),
  rule(ruleArn(shop, 'b'), 'b', host('shop.example')),
  rule(ruleArn(shop, 'c'), 'c', path('/api/*')),
  rule(ruleArn(shop, 'd'), 'd', host('shop.example'), path('/api/*')),
  rule(ruleArn(shop, 'e'), 'e', host('one.example', 'two.example')),
  rule(ruleArn(shop, 'f'), 'f', { Field: 'host-header', Values: ['Old.Example'] }),
  rule(ruleArn(shop, 'g'), 'g', { Field: 'http-header', Values: ['x'] }),
  rule(ruleArn(shop, 'h'), 'h', host()),
]

/** The target group that the rule found forwards to; null and undefined as they are. */
function found(live: unknown, name: RuleName): string | null | undefined {
  const facts = findRule(readLiveState(live), name)
  return facts && (facts.weights[0]?.targetGroupArn ?? 'nowhere')
}

describe('the rule that a release names', () => {
  it.each<readonly [what: string, name: RuleName, expected: string | null]>([
    ['its ARN', { ruleArn: ruleArn(shop, 'c') }, 'c'],
    ['an ARN that is not there', { ruleArn: ruleArn(shop, 'z') }, null],
    ['a port alone, which means the default action', { port: 8443 }, 'default-8443'],
    ['a port that no listener has', { port: 80 }, null],
    ['port and host, of that listener only', { port: 443, host: 'shop.example' }, 'b'],
    ['a host in another case', { port: 443, host: 'SHOP.example' }, 'b'],
    ['a host that is saved in the old way, in another case', { port: 443, host: 'old.example' }, 'f'],
    ['port and path', { port: 443, path: '/api/*' }, 'c'],
    ['a path in another case, which is another path', { port: 443, path: '/API/*' }, null],
    ['port, host and path', { port: 443, host: 'shop.example', path: '/api/*' }, 'd'],
    ['a host of a rule for two', { port: 443, host: 'one.example' }, null],
    ['a host on a port that no listener has', { port: 80, host: 'shop.example' }, null],
    ['a host of no rule', { port: 443, host: 'x' }, null],
  ])('is found by %s', (_what, name, expected) => {
    expect(found({ listeners, rules }, name)).toBe(expected)
  })

  it.each<readonly [what: string, live: unknown, name: RuleName, expected: string | null | undefined]>([
    ['nothing was saved', {}, { port: 443 }, undefined],
    ['no rules were saved, and one is named by its ARN', { listeners }, { ruleArn: 'x' }, undefined],
    ['no rules were saved, and one is named by its host', { listeners }, { port: 443, host: 'a' }, undefined],
    ['no listeners were saved, by host alone', { rules }, { port: 443, host: 'shop.example' }, 'a'],
    [
      'no listeners were saved, by the one default rule',
      { rules: [...rules, { IsDefault: true, Actions: to('only') }] },
      { port: 443 },
      'only',
    ],
    ['no listeners and no default rule were saved', { rules }, { port: 443 }, undefined],
    [
      'no listeners and two default rules were saved',
      { rules: [1, 2].map(() => ({ IsDefault: true, Actions: to('either') })) },
      { port: 443 },
      undefined,
    ],
  ])('is looked for in what there is where %s', (_what, live, name, expected) => {
    expect(found(live, name)).toBe(expected)
  })
})

describe('the facts of a saved rule', () => {
  const facts = (...Actions: readonly object[]) =>
    findRule(readLiveState({ rules: [{ RuleArn: 'r', Actions }] }), { ruleArn: 'r' })

  it('are its weights, one where none is said, and its stickiness', () => {
    const forward = {
      Type: 'forward',
      TargetGroupArn: 'not-looked-at',
      ForwardConfig: {
        TargetGroups: [{ TargetGroupArn: 'a', Weight: 0 }, { TargetGroupArn: 'b' }],
        TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
      },
    }
    const login = { Type: 'authenticate-oidc', Order: 1 }
    expect(facts(login, forward)).toEqual({
      arn: 'r',
      weights: [
        { targetGroupArn: 'a', weight: 0 },
        { targetGroupArn: 'b', weight: 1 },
      ],
      stickiness: { enabled: true, durationSeconds: 60 },
      actions: [login, forward],
    })
  })

  it('are all traffic to the one target group where no weights were saved', () => {
    expect(facts({ Type: 'forward', TargetGroupArn: 'a' })).toMatchObject({
      weights: [{ targetGroupArn: 'a', weight: 1 }],
      stickiness: { enabled: false, durationSeconds: undefined },
    })
  })

  it.each([
    ['a rule that does not forward', { Type: 'fixed-response', TargetGroupArn: 'a' }],
    ['a forward to nothing', { Type: 'forward' }],
    ['members of another form', { Type: 'forward', ForwardConfig: 'x', TargetGroupArn: 1 }],
  ])('are no weights for %s', (_what, action) => {
    expect(facts(action)?.weights).toEqual([])
  })

  it('take a duration only as a number, and switch stickiness on only where it is', () => {
    const TargetGroupStickinessConfig = { Enabled: 'yes', DurationSeconds: '60' }
    expect(facts({ Type: 'forward', ForwardConfig: { TargetGroupStickinessConfig } })?.stickiness).toEqual({
      enabled: false,
      durationSeconds: undefined,
    })
  })
})
