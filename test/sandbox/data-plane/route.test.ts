import { describe, expect, test } from 'vitest'
import type { RouteRequest } from '../../../controller/sandbox/data-plane/match.ts'
import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import { elbWorld, forward } from '../support/elb-world.ts'

const fixed = (body: string): Members => ({
  Type: 'fixed-response',
  FixedResponseConfig: { StatusCode: '200', MessageBody: body, ContentType: 'text/plain' },
})

/** Blue with 10.0.1.x and green with 10.0.2.x behind one listener, all healthy. */
function pair(targets = { blue: 1, green: 1 }) {
  const sandbox = elbWorld()
  const { elb, targetGroup, loadBalancer, listener, tasks, clock } = sandbox
  const blue = targetGroup('blue')
  const green = targetGroup('green')
  const arn = listener(loadBalancer(), [forward({ [blue]: 100, [green]: 0 })])
  for (const [group, net, hosts] of [
    [blue, '10.0.1', targets.blue],
    [green, '10.0.2', targets.green],
  ] as const) {
    for (let host = 1; host <= hosts; host += 1) {
      tasks.start(`${net}.${host}`, { version: net === '10.0.1' ? 'v1' : 'v2' })
      elb('RegisterTargets', { TargetGroupArn: group, Targets: [{ Id: `${net}.${host}` }] })
    }
  }
  clock.advance(1000)
  const shift = (actions: Members[]) => elb('ModifyListener', { ListenerArn: arn, DefaultActions: actions })
  return { ...sandbox, blue, green, listenerArn: arn, shift }
}

function count(times: number, run: () => { kind: string }): Record<string, number> {
  const counts: Record<string, number> = {}
  for (let index = 0; index < times; index += 1) {
    const routed = run()
    const key = 'task' in routed ? (routed.task as { version: string }).version : routed.kind
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

/** The cookies that an answer sets, as the next request brings them. */
function kept(routed: unknown): Record<string, string> {
  const set = (routed as { setCookies: string[] }).setCookies
  return Object.fromEntries(
    set.map((cookie): [string, string] => {
      const [name = '', value = ''] = cookie.split(';')[0]?.split('=') ?? []
      return [name, value]
    }),
  )
}

describe('a rule is taken when all its conditions hold', () => {
  const cases: [string, Members, Partial<RouteRequest>, boolean][] = [
    [
      'a host without regard to case',
      { Field: 'host-header', Values: ['*.Example.com'] },
      { host: 'a.example.COM:80' },
      true,
    ],
    [
      'not the bare domain under *.',
      { Field: 'host-header', Values: ['*.example.com'] },
      { host: 'example.com' },
      false,
    ],
    ['a path with *', { Field: 'path-pattern', Values: ['/api/*'] }, { path: '/api/v1/x' }, true],
    ['a path with regard to case', { Field: 'path-pattern', Values: ['/api/*'] }, { path: '/API/x' }, false],
    ['one character for ?', { Field: 'path-pattern', Values: ['/v?/x'] }, { path: '/v1/x' }, true],
    ['not two characters for ?', { Field: 'path-pattern', Values: ['/v?/x'] }, { path: '/v12/x' }, false],
    ['a dot as a dot', { Field: 'path-pattern', Values: ['/a.b'] }, { path: '/axb' }, false],
    [
      'a header',
      { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-Canary', Values: ['y*'] } },
      { headers: { 'x-canary': 'Yes' } },
      true,
    ],
    [
      'no header',
      { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-Canary', Values: ['*'] } },
      {},
      false,
    ],
    [
      'a method',
      { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['POST'] } },
      { method: 'POST' },
      true,
    ],
    [
      'another method',
      { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['POST'] } },
      {},
      false,
    ],
    [
      'a query pair',
      { Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'v', Value: '2*' }] } },
      { query: [['v', '21']] },
      true,
    ],
    [
      'a query value under any key',
      { Field: 'query-string', QueryStringConfig: { Values: [{ Value: 'on' }] } },
      { query: [['x', 'on']] },
      true,
    ],
    [
      'an address',
      { Field: 'source-ip', SourceIpConfig: { Values: ['192.0.2.0/24'] } },
      { sourceIp: '192.0.2.9' },
      true,
    ],
    [
      'an address outside',
      { Field: 'source-ip', SourceIpConfig: { Values: ['192.0.2.0/24'] } },
      { sourceIp: '192.0.3.9' },
      false,
    ],
    [
      'an address of the other family',
      { Field: 'source-ip', SourceIpConfig: { Values: ['2001:db8::/32'] } },
      { sourceIp: '192.0.2.9' },
      false,
    ],
  ]
  test.each(cases)('%s', (_title, condition, request, expected) => {
    const { elb, listener, loadBalancer, request: send } = elbWorld()
    const arn = listener(loadBalancer(), [fixed('default')])
    elb('CreateRule', { ListenerArn: arn, Priority: 5, Conditions: [condition], Actions: [fixed('rule')] })
    expect(send(arn, request)).toMatchObject({ body: expected ? 'rule' : 'default' })
  })

  test('and the lowest priority goes first, also after priorities were set anew', () => {
    const { elb, listener, loadBalancer, request } = elbWorld()
    const arn = listener(loadBalancer(), [fixed('default')])
    const conditions = [{ Field: 'path-pattern', Values: ['/*'] }]
    const arns = [20, 10].map((priority) => {
      const created = elb('CreateRule', {
        ListenerArn: arn,
        Priority: priority,
        Conditions: conditions,
        Actions: [fixed(String(priority))],
      })
      return (created.Rules as { RuleArn: string }[])[0]?.RuleArn
    })
    expect(request(arn)).toMatchObject({ body: '10' })
    elb('SetRulePriorities', { RulePriorities: [{ RuleArn: arns[0], Priority: 5 }] })
    expect(request(arn)).toMatchObject({ body: '20' })
  })
})

describe('a forward by weight', () => {
  test('sends nothing to weight 0 and everything after the swap, from the next request on', () => {
    const { blue, green, listenerArn, shift, request } = pair()
    expect(count(200, () => request(listenerArn))).toEqual({ v1: 200 })
    shift([forward({ [blue]: 0, [green]: 100 })])
    expect(count(200, () => request(listenerArn))).toEqual({ v2: 200 })
  })

  test('splits in proportion', () => {
    const { blue, green, listenerArn, shift, request } = pair()
    shift([forward({ [blue]: 90, [green]: 10 })])
    const counts = count(2000, () => request(listenerArn))
    expect(counts.v2).toBeGreaterThan(130)
    expect(counts.v2).toBeLessThan(270)
  })

  test('is the same for the same seed', () => {
    const run = () => {
      const { blue, green, listenerArn, shift, request } = pair()
      shift([forward({ [blue]: 1, [green]: 1 })])
      return Array.from({ length: 50 }, () => JSON.stringify(request(listenerArn)))
    }
    expect(run()).toEqual(run())
  })

  test('answers 503 when the weights sum to zero', () => {
    const { blue, green, listenerArn, shift, request } = pair()
    shift([forward({ [blue]: 0, [green]: 0 })])
    expect(request(listenerArn)).toEqual({ kind: 'error', status: 503 })
  })

  test('answers 503 without targets and 502 when the task is gone', () => {
    const { listenerArn, request, tasks } = pair()
    tasks.stop('10.0.1.1')
    expect(request(listenerArn)).toEqual({ kind: 'error', status: 502 })
    const empty = pair({ blue: 0, green: 1 })
    expect(empty.request(empty.listenerArn)).toEqual({ kind: 'error', status: 503 })
  })

  test('fails open to all targets when none is healthy, and prefers the healthy ones otherwise', () => {
    const { listenerArn, request, tasks, clock } = pair({ blue: 2, green: 0 })
    tasks.start('10.0.1.1', { version: 'bad', behavior: { health: { status: 500 } } })
    clock.advance(60_000)
    expect(count(20, () => request(listenerArn))).toEqual({ v1: 20 })
    tasks.start('10.0.1.2', { version: 'worse', behavior: { health: { status: 500 } } })
    clock.advance(60_000)
    expect(count(20, () => request(listenerArn))).toEqual({ bad: 10, worse: 10 })
  })

  test('sends nothing new to a draining target', () => {
    const { elb, blue, listenerArn, request, tasks } = pair({ blue: 2, green: 0 })
    tasks.start('10.0.1.1', { version: 'old' })
    elb('DeregisterTargets', { TargetGroupArn: blue, Targets: [{ Id: '10.0.1.1' }] })
    expect(count(20, () => request(listenerArn))).toEqual({ v1: 20 })
  })
})

describe('stickiness', () => {
  test('of the groups keeps a client on its group though its weight is 0, until the cookie runs out', () => {
    const { blue, green, listenerArn, shift, request, clock } = pair()
    shift([forward({ [blue]: 1, [green]: 0 }, 60)])
    const cookies = kept(request(listenerArn))
    expect(Object.keys(cookies)).toEqual(['AWSALBTG'])
    shift([forward({ [blue]: 0, [green]: 1 }, 60)])
    expect(count(20, () => request(listenerArn, { cookies }))).toEqual({ v1: 20 })
    expect(count(20, () => request(listenerArn))).toEqual({ v2: 20 })
    clock.advance(60_000)
    expect(count(20, () => request(listenerArn, { cookies }))).toEqual({ v2: 20 })
  })

  test('of the groups ends when the action forwards to the other group alone', () => {
    const { blue, green, listenerArn, shift, request } = pair()
    shift([forward({ [blue]: 1, [green]: 0 }, 60)])
    const cookies = kept(request(listenerArn))
    shift([forward({ [green]: 1 })])
    expect(count(20, () => request(listenerArn, { cookies }))).toEqual({ v2: 20 })
  })

  test('of the targets keeps a client on its target while that is healthy', () => {
    const { elb, blue, listenerArn, request, tasks } = pair({ blue: 3, green: 0 })
    for (const host of [1, 2, 3]) tasks.start(`10.0.1.${host}`, { version: `t${host}` })
    const Attributes = [{ Key: 'stickiness.enabled', Value: 'true' }]
    elb('ModifyTargetGroupAttributes', { TargetGroupArn: blue, Attributes })
    const cookies = kept(request(listenerArn))
    expect(count(9, () => request(listenerArn, { cookies }))).toEqual({ t1: 9 })
    elb('DeregisterTargets', { TargetGroupArn: blue, Targets: [{ Id: '10.0.1.1' }] })
    expect(count(10, () => request(listenerArn, { cookies })).t1).toBeUndefined()
  })
})

test('slow start gives a new target a growing share', () => {
  const { elb, blue, listenerArn, request, tasks, clock } = pair({ blue: 1, green: 0 })
  const Attributes = [{ Key: 'slow_start.duration_seconds', Value: '100' }]
  elb('ModifyTargetGroupAttributes', { TargetGroupArn: blue, Attributes })
  tasks.start('10.0.1.2', { version: 'new' })
  elb('RegisterTargets', { TargetGroupArn: blue, Targets: [{ Id: '10.0.1.2' }] })
  clock.advance(2000)
  const early = count(1000, () => request(listenerArn)).new ?? 0
  clock.advance(50_000)
  const later = count(1000, () => request(listenerArn)).new ?? 0
  clock.advance(50_000)
  expect(early).toBeLessThan(60)
  expect(later).toBeGreaterThan(250)
  expect(later).toBeLessThan(420)
  expect(count(1000, () => request(listenerArn)).new).toBe(500)
})

test('a redirect fills in what the request has', () => {
  const { listener, loadBalancer, request } = elbWorld()
  const arn = listener(loadBalancer(), [
    { Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } },
  ])
  expect(request(arn, { host: 'example.com:8080', path: '/a/b', query: [['q', 'x y']] })).toEqual({
    kind: 'redirect',
    status: 301,
    location: 'https://example.com:443/a/b?q=x%20y',
  })
})

test.each([
  ['authenticate', {}, { kind: 'redirect', status: 302 }],
  ['deny', {}, { kind: 'error', status: 401 }],
  ['allow', {}, { kind: 'fixed', body: 'in' }],
  ['authenticate', { 'AWSELBAuthSessionCookie-0': 'x' }, { kind: 'fixed', body: 'in' }],
])('an OIDC action that says %s, with cookies %o', (onUnauthenticated, cookies, expected) => {
  const { elb, loadBalancer, request } = elbWorld()
  const created = elb('CreateListener', {
    LoadBalancerArn: loadBalancer(),
    Protocol: 'HTTPS',
    Port: 443,
    Certificates: [{ CertificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/1' }],
    DefaultActions: [
      {
        Type: 'authenticate-oidc',
        AuthenticateOidcConfig: {
          Issuer: 'https://id',
          AuthorizationEndpoint: 'https://id/authorize',
          TokenEndpoint: 'https://id/token',
          UserInfoEndpoint: 'https://id/info',
          ClientId: 'me',
          ClientSecret: 'secret',
          OnUnauthenticatedRequest: onUnauthenticated,
        },
      },
      fixed('in'),
    ],
  })
  const arn = (created.Listeners as { ListenerArn: string }[])[0]?.ListenerArn ?? ''
  expect(request(arn, { cookies })).toMatchObject(expected)
})
