import { describe, expect, it } from 'vitest'
import type { RuleFacts } from '../../../controller/core/observation.ts'
import type { RuleReference } from '../../../controller/ports/traffic.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { awsOver, type Input } from './fake-aws.ts'

const prefix = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012'
const loadBalancerArn = `${prefix}:loadbalancer/app/shop/1`
const listenerArn = (id: string): string => `${prefix}:listener/app/shop/1/${id}`
const ruleArn = (listener: string, id: string): string =>
  `${prefix}:listener-rule/app/shop/1/${listener}/${id}`
const groupArn = (name: string): string => `${prefix}:targetgroup/${name}/1`

const forwardTo = (blue: number, green: number): RuleFacts['actions'][number] => ({
  Type: 'forward',
  Order: 2,
  ForwardConfig: {
    TargetGroups: [
      { TargetGroupArn: groupArn('blue'), Weight: blue },
      { TargetGroupArn: groupArn('green'), Weight: green },
    ],
    TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
  },
})

const listeners = () => ({
  result: {
    Listeners: [
      {
        ListenerArn: listenerArn('443'),
        Port: 443,
        Protocol: 'HTTPS',
        DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
      },
      {
        ListenerArn: listenerArn('8443'),
        Port: 8443,
        Protocol: 'HTTPS',
        DefaultActions: [{ Type: 'forward', TargetGroupArn: groupArn('green') }],
      },
    ],
  },
})

const host = (...values: string[]): Input => ({ Field: 'host-header', HostHeaderConfig: { Values: values } })
const path = (...values: string[]): Input => ({
  Field: 'path-pattern',
  PathPatternConfig: { Values: values },
})
const header = { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'x', Values: ['1'] } }

const rule = (id: string, ...conditions: object[]): object => ({
  RuleArn: ruleArn('443', id),
  Conditions: conditions,
  Actions: [forwardTo(100, 0)],
  IsDefault: false,
})

const rulesAnswer =
  (...rules: object[]) =>
  () => ({ result: { Rules: [...rules, { RuleArn: ruleArn('443', 'default'), IsDefault: true }] } })

describe('rules', () => {
  it('reads a default action, weight 1 for a single group, without listing rules', async () => {
    const { aws, of } = awsOver({ DescribeListeners: listeners })
    const seen = await aws.traffic.rules(loadBalancerArn, [{ port: 8443 }, { port: 80 }])
    expect(seen).toMatchObject([
      {
        arn: listenerArn('8443'),
        kind: 'ListenerDefault',
        port: 8443,
        protocol: 'HTTPS',
        weights: [{ targetGroupArn: groupArn('green'), weight: 1 }],
        stickiness: { enabled: false },
      },
      null,
    ])
    expect(of('DescribeListeners')).toHaveLength(1)
    expect(of('DescribeRules')).toEqual([])
  })

  it('lists listeners once, and the rules of one listener once, for all references and callers together', async () => {
    const { aws, of } = awsOver({
      DescribeListeners: listeners,
      DescribeRules: rulesAnswer(rule('a', host('a.example')), rule('b', host('b.example'))),
    })
    const ask = (name: string) =>
      aws.traffic.rules(loadBalancerArn, [{ port: 443, host: name }, { port: 8443 }])
    const [[a], [b]] = [await ask('a.example'), await ask('b.example')]
    expect([a?.arn, b?.arn]).toEqual([ruleArn('443', 'a'), ruleArn('443', 'b')])
    await Promise.all([ask('a.example'), ask('b.example'), ask('c.example')])
    expect([of('DescribeListeners').length, of('DescribeRules').length]).toEqual([3, 3])
    expect(a).toMatchObject({
      kind: 'Rule',
      listenerArn: listenerArn('443'),
      weights: [{ weight: 100 }, { weight: 0 }],
      stickiness: { enabled: true, durationSeconds: 60 },
      conditions: [host('a.example')],
    })
  })

  it('reads every page of listeners and rules', async () => {
    const { aws } = awsOver({
      DescribeListeners: (input) =>
        input['Marker'] === 'more' ? listeners() : { result: { Listeners: [], NextMarker: 'more' } },
      DescribeRules: (input) => ({
        result:
          input['Marker'] === 'more'
            ? { Rules: [rule('a', host('a.example'))] }
            : { Rules: [], NextMarker: 'more' },
      }),
    })
    const [found] = await aws.traffic.rules(loadBalancerArn, [{ port: 443, host: 'a.example' }])
    expect(found?.arn).toBe(ruleArn('443', 'a'))
  })

  const byArn = (id: string): RuleReference => ({ ruleArn: ruleArn('443', id) })
  const all = [
    rule('host', host('Shop.example')),
    rule('both', host('both.example'), path('/api/*')),
    rule('any-path', host('any.example'), path('/*')),
    rule('path', path('/Only')),
    rule('two-hosts', host('one.example', 'two.example')),
    rule('header', host('header.example'), header),
    rule('literal', host('twice.example'), path('/*')),
    rule('short', host('twice.example')),
  ]
  it.each([
    [{ port: 443, host: 'shop.EXAMPLE' }, 'host'],
    [{ port: 443, host: 'shop.example', path: '/*' }, 'host'],
    [{ port: 443, host: 'both.example', path: '/api/*' }, 'both'],
    [{ port: 443, host: 'both.example' }, null],
    [{ port: 443, host: 'any.example' }, 'any-path'],
    [{ port: 443, path: '/Only' }, 'path'],
    [{ port: 443, path: '/only' }, null],
    [{ port: 443, path: '/*' }, null],
    [{ port: 443, host: 'one.example' }, null],
    [{ port: 443, host: 'header.example' }, null],
    [{ port: 443, host: 'twice.example', path: '/*' }, 'literal'],
    [{ port: 443, host: 'twice.example' }, 'short'],
    [{ port: 8080, host: 'shop.example' }, null],
    [byArn('header'), 'header'],
    [byArn('gone'), null],
    [{ ruleArn: `${prefix}:listener-rule/app/other/2/9/1` }, null],
  ] satisfies [RuleReference, string | null][])('finds by %o the rule %s', async (reference, id) => {
    const { aws } = awsOver({ DescribeListeners: listeners, DescribeRules: rulesAnswer(...all) })
    const [found] = await aws.traffic.rules(loadBalancerArn, [reference])
    expect(found?.arn ?? null).toBe(id === null ? null : ruleArn('443', id))
  })

  it('takes the ARN of a default rule or of a listener for its default action', async () => {
    const { aws } = awsOver({ DescribeListeners: listeners, DescribeRules: rulesAnswer() })
    const seen = await aws.traffic.rules(loadBalancerArn, [
      byArn('default'),
      { ruleArn: listenerArn('8443') },
    ])
    expect(seen.map((facts) => [facts?.kind, facts?.arn])).toEqual([
      ['ListenerDefault', listenerArn('443')],
      ['ListenerDefault', listenerArn('8443')],
    ])
  })

  it('refuses to choose between two rules', async () => {
    const { aws } = awsOver({
      DescribeListeners: listeners,
      DescribeRules: rulesAnswer(rule('a', host('x.example')), rule('b', host('X.example'))),
    })
    await expect(
      aws.traffic.rules(loadBalancerArn, [{ port: 443, host: 'x.example' }]),
    ).rejects.toMatchObject({
      code: 'RuleAmbiguous',
      handling: 'stall',
      message: expect.stringContaining(ruleArn('443', 'b')) as string,
    })
  })

  it('refuses a listener that is not HTTP', async () => {
    const { aws } = awsOver({
      DescribeListeners: () => ({ result: { Listeners: [{ ListenerArn: 'l', Port: 53, Protocol: 'UDP' }] } }),
    })
    await expect(aws.traffic.rules(loadBalancerArn, [{ port: 53 }])).rejects.toMatchObject({
      code: 'ListenerNotSupported',
    })
  })
})

describe('target groups', () => {
  const group = (name: string): object => ({
    TargetGroupArn: groupArn(name),
    TargetGroupName: name,
    TargetType: 'ip',
  })
  const asked = (input: Input): string[] =>
    Object.keys(input).flatMap((key) => (key.startsWith('Names.') ? [String(input[key])] : []))
  const existing =
    (...names: string[]) =>
    (input: Input) => {
      const wanted = asked(input)
      if (wanted.some((name) => !names.includes(name))) return { error: 'TargetGroupNotFound' }
      return { result: { TargetGroups: (wanted.length === 0 ? names : wanted).map(group) } }
    }

  it('reads concurrent callers’ groups in one call, and again after a minute or when asked afresh', async () => {
    const clock = new FakeClock()
    const { aws, of } = awsOver({ DescribeTargetGroups: existing('blue', 'green') }, { clock })
    const driven = async <Value>(promise: Promise<Value>): Promise<Value> => {
      const finished = promise.then(() => true)
      for (let turn = 0; turn < 1_000; turn += 1) {
        if (await Promise.race([finished, clock.advance(1).then(() => false)])) break
      }
      return promise
    }
    const ask = (fresh = false) => aws.traffic.targetGroups(['green', 'blue'], { fresh })
    const [first] = await driven(Promise.all([ask(), ask()]))
    expect(first?.map((facts) => facts?.name)).toEqual(['green', 'blue'])
    await driven(ask())
    expect(of('DescribeTargetGroups')).toHaveLength(1)
    await driven(ask(true))
    expect(of('DescribeTargetGroups')).toHaveLength(2)
    await clock.advance(60_000)
    await driven(ask())
    expect(of('DescribeTargetGroups')).toHaveLength(3)
  })

  it('finds the others when one name is missing', async () => {
    const { aws } = awsOver({ DescribeTargetGroups: existing('blue') })
    const seen = await aws.traffic.targetGroups(['green', 'blue'])
    expect(seen.map((facts) => facts?.name ?? null)).toEqual([null, 'blue'])
  })

  it('lists the account once when one of many names is missing', async () => {
    const names = Array.from({ length: 9 }, (_, index) => `group-${index}`)
    const { aws, of } = awsOver({ DescribeTargetGroups: existing(...names) })
    const seen = await aws.traffic.targetGroups([...names, 'gone'])
    expect(seen.map((facts) => facts?.name ?? null)).toEqual([...names, null])
    expect(of('DescribeTargetGroups')).toHaveLength(2)
  })
})

describe('load balancers and targets', () => {
  it('remembers a load balancer, tells its type, and does not remember a missing one', async () => {
    const { aws, of } = awsOver({
      DescribeLoadBalancers: (input) =>
        input['Names.member.1'] === 'shop'
          ? {
              result: {
                LoadBalancers: [
                  { LoadBalancerArn: 'arn', LoadBalancerName: 'shop', DNSName: 'd', Type: 'network' },
                ],
              },
            }
          : { error: 'LoadBalancerNotFound' },
    })
    for (let time = 0; time < 2; time += 1) {
      expect(await aws.traffic.loadBalancer('shop')).toEqual({
        arn: 'arn',
        name: 'shop',
        dnsName: 'd',
        type: 'network',
      })
      expect(await aws.traffic.loadBalancer('gone')).toBeUndefined()
    }
    expect(of('DescribeLoadBalancers')).toHaveLength(3)
  })

  it('shows every target, and never a state that it does not know as healthy', async () => {
    const target = (id: string, state: string) => ({
      Target: { Id: id, Port: 80 },
      TargetHealth: { State: state, Reason: 'R' },
    })
    const { aws } = awsOver({
      DescribeTargetHealth: () => ({
        result: {
          TargetHealthDescriptions: [
            target('a', 'healthy'),
            target('b', 'draining'),
            target('c', 'unhealthy.draining'),
            target('d', 'of tomorrow'),
          ],
        },
      }),
    })
    expect(await aws.traffic.targets(groupArn('blue'))).toEqual([
      { id: 'a', port: 80, state: 'healthy', reason: 'R' },
      { id: 'b', port: 80, state: 'draining', reason: 'R' },
      { id: 'c', port: 80, state: 'draining', reason: 'R' },
      { id: 'd', port: 80, state: 'unavailable', reason: 'R' },
    ])
  })

  it('says which target group is missing', async () => {
    const { aws } = awsOver({ DescribeTargetHealth: () => ({ error: 'TargetGroupNotFound' }) })
    await expect(aws.traffic.targets('x')).rejects.toMatchObject({
      code: 'TargetGroupMissing',
      handling: 'stall',
    })
  })
})
