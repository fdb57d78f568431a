import { describe, expect, it } from 'vitest'
import type { AdoptedListener, AdoptionWishes } from '../../../controller/core/adopt/facts.ts'
import { describeMove, operationOf } from '../../../controller/core/adopt/move.ts'
import type { Move } from '../../../controller/core/adopt/move.ts'
import { movesLeft } from '../../../controller/core/adopt/moves.ts'
import { namesOf } from '../../../controller/core/adopt/names.ts'
import type { Adoptable } from '../../../controller/core/adopt/release-document.ts'
import { refuseTest, testRuleOf } from '../../../controller/core/adopt/test-rule.ts'
import type { RuleFacts } from '../../../controller/core/observation.ts'
import {
  adoptable,
  BLUE_GROUP,
  defaultRule,
  LISTENER,
  ruleFor,
  targetGroup,
  wishes,
} from '../../support/adoption-facts.ts'

const OTHER = BLUE_GROUP.replace('shop', 'other')
const green = { ...targetGroup, arn: `${BLUE_GROUP}9`, name: 'shop-green' }
const TEST_LISTENER = `${LISTENER}3`
const withTests: AdoptionWishes = { ...wishes, testPort: 8443 }

const to = (...groups: readonly (readonly [arn: string, weight: number])[]): RuleFacts['weights'] =>
  groups.map(([targetGroupArn, weight]) => ({ targetGroupArn, weight }))

/** A listener for tests with these rules and this default action, which is left out where it is undefined. */
const testListener = (
  rules: readonly RuleFacts[],
  byDefault: RuleFacts['weights'] | undefined = [],
): AdoptedListener => ({
  arn: TEST_LISTENER,
  port: 8443,
  protocol: 'HTTPS',
  settings: {},
  rules: [
    ...(byDefault === undefined
      ? []
      : [
          {
            rule: {
              ...defaultRule,
              arn: TEST_LISTENER,
              listenerArn: TEST_LISTENER,
              port: 8443,
              weights: byDefault,
            },
            priority: undefined,
          },
        ]),
    ...rules.map((rule, index) => ({
      rule: { ...rule, listenerArn: TEST_LISTENER, port: 8443 },
      priority: (index + 1) * 10,
    })),
  ],
})

/** The production listener's default action forwards everything. */
const wholeListener: Adoptable = {
  ...adoptable,
  listeners: adoptable.listeners.map((listener) => ({
    ...listener,
    rules: [{ rule: { ...defaultRule, weights: to([BLUE_GROUP, 1]) }, priority: undefined }],
  })),
}

const withSecond = (facts: Adoptable): Adoptable => ({
  ...facts,
  second: { targetGroup: green, service: null },
})

const withListener = (facts: Adoptable, listener: AdoptedListener): Adoptable => ({
  ...facts,
  listeners: [...facts.listeners, listener],
})

const moves = (facts: Adoptable, given = wishes): readonly Move[] =>
  movesLeft(facts, given, namesOf(given, facts.targetGroup.name))

const only = (kind: Move['kind'], facts: Adoptable, given = wishes): readonly Move[] =>
  moves(facts, given).filter((move) => move.kind === kind)

describe('the weights of a default action', () => {
  it('are written to the listener, not to a rule', () => {
    const [move] = only('SetRuleWeights', wholeListener)
    if (move === undefined) throw new Error('no move')
    expect(operationOf(move)).toBe('elasticloadbalancing:ModifyListener')
    expect(describeMove(move)).toBe(
      'let the default action of port 443 forward to both groups, 100 to the first one and 0 to the second one',
    )
  })
})

describe('the attributes of the second target group', () => {
  const attributesOf = (facts: Adoptable): readonly unknown[] =>
    only('SetTargetGroupAttributes', facts).map((move) => 'attributes' in move && move.attributes)

  it('are set where they differ from what a new group has', () => {
    expect(attributesOf(adoptable)).toEqual([{ 'deregistration_delay.timeout_seconds': '30' }])
  })

  it('are left alone where the second group has them already', () => {
    expect(attributesOf(withSecond(adoptable))).toEqual([])
  })

  it('are set at a group that is there and has others', () => {
    const slow = { ...green, attributes: { ...green.attributes, 'slow_start.duration_seconds': '60' } }
    const facts = { ...adoptable, second: { targetGroup: slow, service: null } }
    expect(moves(facts)[0]).toEqual({
      kind: 'SetTargetGroupAttributes',
      targetGroup: 'shop-green',
      arn: green.arn,
      attributes: { 'slow_start.duration_seconds': '0' },
    })
  })

  it('are not set to nothing, which AWS would refuse', () => {
    const facts = {
      ...adoptable,
      targetGroup: {
        ...targetGroup,
        attributes: { ...targetGroup.attributes, 'stickiness.app_cookie.cookie_name': '' },
      },
      second: {
        service: null,
        targetGroup: {
          ...green,
          attributes: { ...green.attributes, 'stickiness.app_cookie.cookie_name': 'shop' },
        },
      },
    }
    expect(attributesOf(facts)).toEqual([])
  })
})

describe('the second service', () => {
  it('is not made of a service without a load balancer', () => {
    const facts = { ...adoptable, service: { ...adoptable.service, loadBalancers: [] } }
    expect(only('CreateService', facts)).toEqual([])
    expect(only('CreateService', adoptable)).toHaveLength(1)
  })
})

describe('the way for tests', () => {
  it('is a listener like the one of production where the port has none', () => {
    expect(only('CreateTestListener', adoptable, withTests)).toMatchObject([
      {
        port: 8443,
        protocol: 'HTTPS',
        settings: adoptable.listeners[0]?.settings,
        loadBalancerArn: adoptable.loadBalancer.arn,
      },
    ])
  })

  it('is a rule after all others of a listener that is there', () => {
    const facts = withListener(adoptable, testListener([ruleFor('1', { path: '/other' })]))
    const [move] = only('CreateTestRule', withSecond(facts), withTests)
    expect(move).toMatchObject({
      listenerArn: TEST_LISTENER,
      priority: 11,
      host: 'shop.example.com',
      path: '/*',
      targetGroupArn: green.arn,
      tags: { 'steersman.dev/side': 'green' },
    })
    if (move === undefined) throw new Error('no move')
    expect(describeMove(move)).toBe('create a rule for tests on port 8443')
    expect(operationOf(move)).toBe('elasticloadbalancing:CreateRule')
  })

  const production = { host: 'shop.example.com', path: '/*' }
  it.each<[string, RuleFacts['weights'], boolean]>([
    [
      'is given to the second group alone where its rule forwards to the first one',
      to([BLUE_GROUP, 1]),
      true,
    ],
    [
      'is given to the second group alone where its rule forwards to both',
      to([green.arn, 100], [BLUE_GROUP, 1]),
      true,
    ],
    ['is left as it is where its rule forwards to the second group alone', to([green.arn, 1]), false],
    [
      'is left as it is where its rule gives the first group the weight 0',
      to([green.arn, 1], [BLUE_GROUP, 0]),
      false,
    ],
  ])('%s', (_, weights, isWritten) => {
    const rule = { ...ruleFor('1', production), weights }
    const facts = withSecond(withListener(adoptable, testListener([rule])))
    const written = only('SetRuleWeights', facts, withTests).filter(
      (move) => move.kind === 'SetRuleWeights' && move.rule.listenerArn === TEST_LISTENER,
    )
    expect(written.map((move) => 'weights' in move && move.weights)).toEqual(
      isWritten ? [to([green.arn, 100])] : [],
    )
    for (const move of written) expect(describeMove(move)).toContain('forward to the second group alone')
    expect(only('CreateTestRule', facts, withTests)).toEqual([])
  })
})

describe('the name of the test rule', () => {
  const headers = { ...ruleFor('10', {}), conditions: [{ Field: 'http-header' }] }
  const byHeader: Adoptable = {
    ...adoptable,
    listeners: adoptable.listeners.map((listener) => ({
      ...listener,
      rules: [{ rule: headers, priority: 10 }],
    })),
  }

  it.each<[string, Adoptable, object, string]>([
    [
      'is every path where the listener’s default action is somebody else’s',
      withListener(wholeListener, testListener([], to([OTHER, 1]))),
      { port: 8443, path: '/*' },
      'NewRule',
    ],
    [
      'is every path where the default action forwards to one of the pair and to another group',
      withListener(wholeListener, testListener([], to([BLUE_GROUP, 1], [OTHER, 0]))),
      { port: 8443, path: '/*' },
      'NewRule',
    ],
    [
      'is every path where the default action forwards nothing',
      withListener(wholeListener, testListener([], [])),
      { port: 8443, path: '/*' },
      'NewRule',
    ],
    [
      'is the port alone where the default action forwards to the pair alone',
      withSecond(withListener(wholeListener, testListener([], to([BLUE_GROUP, 0], [green.arn, 1])))),
      { port: 8443 },
      'Exists',
    ],
    [
      'is every path where the rule of production has conditions that no name can say',
      withListener(byHeader, testListener([])),
      { port: 8443, path: '/*' },
      'NewRule',
    ],
    [
      'is that of production’s conditions where it has such',
      withListener(adoptable, testListener([], to([BLUE_GROUP, 1]))),
      { port: 8443, host: 'shop.example.com', path: '/*' },
      'NewRule',
    ],
    [
      'is the one of the rule that is there, whatever the case of its host',
      withListener(adoptable, testListener([ruleFor('1', { host: 'SHOP.example.com', path: '/*' })])),
      { port: 8443, host: 'shop.example.com', path: '/*' },
      'Exists',
    ],
  ])('%s', (_, facts, name, kind) => {
    expect(testRuleOf(facts, withTests)).toMatchObject({ kind, name })
  })

  it('does not exist where no test port is wished, no group is there or nothing forwards to it', () => {
    expect(testRuleOf(adoptable, wishes)).toBeUndefined()
    expect(testRuleOf({ ...adoptable, targetGroup: null }, withTests)).toBeUndefined()
    expect(testRuleOf({ ...adoptable, listeners: [] }, withTests)).toBeUndefined()
  })

  it('reads a path from either of the places where AWS has it', () => {
    const paths = (condition: object): Adoptable =>
      withListener(
        adoptable,
        testListener([
          {
            ...ruleFor('1', { host: 'shop.example.com' }),
            conditions: [
              ...ruleFor('1', { host: 'shop.example.com' }).conditions,
              { Field: 'path-pattern', ...condition },
            ],
          },
        ]),
      )
    expect(testRuleOf(paths({ Values: ['/*'] }), withTests)?.kind).toBe('Exists')
    expect(testRuleOf(paths({ PathPatternConfig: { Values: ['/*'] } }), withTests)?.kind).toBe('Exists')
    expect(testRuleOf(paths({ RegexValues: ['/.*'] }), withTests)?.kind).toBe('NewRule')
  })
})

describe('a test rule', () => {
  it('is refused where its listener has no priority left', () => {
    const listener = testListener([])
    const facts = withListener(adoptable, {
      ...listener,
      rules: [...listener.rules, { rule: ruleFor('9', { path: '/x' }), priority: 50_000 }],
    })
    expect(refuseTest(facts, withTests).map(({ code }) => code)).toEqual(['NoPriorityLeft'])
  })

  it('is refused where a rule of that name forwards nowhere', () => {
    const rule = { ...ruleFor('1', { host: 'shop.example.com', path: '/*' }), weights: [] }
    const facts = withListener(adoptable, testListener([rule]))
    expect(refuseTest(facts, withTests).map(({ code }) => code)).toEqual(['TestRuleTaken'])
  })

  it('is not refused where the rule of that name forwards to the pair', () => {
    const rule = ruleFor('1', { host: 'shop.example.com', path: '/*' })
    expect(refuseTest(withListener(adoptable, testListener([rule])), withTests)).toEqual([])
  })
})
