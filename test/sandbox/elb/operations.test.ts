import { describe, expect, test } from 'vitest'
import type { AwsError } from '../../../controller/sandbox/kernel/error.ts'
import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import { at, elbWorld, forward, listAt, textAt, type ElbWorld } from '../support/elb-world.ts'

function codeOf(run: () => unknown): string {
  try {
    run()
    return 'accepted'
  } catch (error) {
    return (error as AwsError).code
  }
}

const fixed = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }
const anyPath = [{ Field: 'path-pattern', Values: ['/*'] }]

function web(): ElbWorld & { balancer: string; arn: string; blue: string; green: string } {
  const sandbox = elbWorld()
  const balancer = sandbox.loadBalancer()
  const [blue = '', green = ''] = ['blue', 'green'].map((name) => sandbox.targetGroup(name))
  return { ...sandbox, balancer, blue, green, arn: sandbox.listener(balancer, [forward({ [blue]: 1 })]) }
}

type Web = ReturnType<typeof web>

const refusals: [string, string, (sandbox: Web) => unknown][] = [
  [
    'a name in use with other settings',
    'DuplicateTargetGroupName',
    ({ targetGroup }) => targetGroup('blue', { Port: 81 }),
  ],
  ['the same group once more', 'accepted', ({ targetGroup }) => targetGroup('blue')],
  [
    'a balancer name in use',
    'DuplicateLoadBalancerName',
    ({ elb }) => elb('CreateLoadBalancer', { Name: 'web', Subnets: ['x', 'y'] }),
  ],
  [
    'one subnet only',
    'ValidationError',
    ({ elb }) => elb('CreateLoadBalancer', { Name: 'one', Subnets: ['x'] }),
  ],
  ['a port in use', 'DuplicateListener', ({ listener, balancer }) => listener(balancer, [fixed], 80)],
  [
    'deleting a group in use',
    'ResourceInUse',
    ({ elb, blue }) => elb('DeleteTargetGroup', { TargetGroupArn: blue }),
  ],
  [
    'deleting a group twice',
    'TargetGroupNotFound',
    ({ elb, green }) => [1, 2].map(() => elb('DeleteTargetGroup', { TargetGroupArn: green })),
  ],
  [
    'deleting a balancer twice',
    'accepted',
    ({ elb, balancer }) => [1, 2].map(() => elb('DeleteLoadBalancer', { LoadBalancerArn: balancer })),
  ],
  [
    'an interval equal to the timeout',
    'ValidationError',
    ({ elb, blue }) => elb('ModifyTargetGroup', { TargetGroupArn: blue, HealthCheckIntervalSeconds: 5 }),
  ],
  [
    'a missing listener',
    'ListenerNotFound',
    ({ elb, arn }) => elb('DescribeRules', { ListenerArn: `${arn.slice(0, -1)}x` }),
  ],
  [
    'an ARN of another kind',
    'ValidationError',
    ({ elb, blue }) => elb('DescribeRules', { ListenerArn: blue }),
  ],
  [
    'a missing rule',
    'RuleNotFound',
    ({ elb, arn }) => elb('DeleteRule', { RuleArn: `${arn.replace(':listener/', ':listener-rule/')}/0` }),
  ],
  [
    'the default rule',
    'OperationNotPermitted',
    ({ elb, arn }) =>
      elb('DeleteRule', {
        RuleArn: textAt(elb('DescribeRules', { ListenerArn: arn }), ['Rules', 0, 'RuleArn']),
      }),
  ],
  [
    'a missing target group',
    'TargetGroupNotFound',
    ({ elb, arn, blue }) =>
      elb('ModifyListener', {
        ListenerArn: arn,
        DefaultActions: [forward({ [`${blue.slice(0, -1)}x`]: 1 })],
      }),
  ],
  [
    'a weight of 1000',
    'ValidationError',
    ({ elb, arn, blue }) =>
      elb('ModifyListener', { ListenerArn: arn, DefaultActions: [forward({ [blue]: 1000 })] }),
  ],
  [
    'weights that sum to zero',
    'accepted',
    ({ elb, arn, blue, green }) =>
      elb('ModifyListener', { ListenerArn: arn, DefaultActions: [forward({ [blue]: 0, [green]: 0 })] }),
  ],
  [
    'stickiness for no time',
    'ValidationError',
    ({ elb, arn, blue }) =>
      elb('ModifyListener', { ListenerArn: arn, DefaultActions: [forward({ [blue]: 1 }, 0)] }),
  ],
  [
    'a group of another balancer',
    'TargetGroupAssociationLimit',
    ({ loadBalancer, listener, blue }) => listener(loadBalancer('other'), [forward({ [blue]: 1 })]),
  ],
  [
    'a TCP group under a balancer for HTTP',
    'IncompatibleProtocols',
    ({ listener, balancer, targetGroup }) =>
      listener(balancer, [forward({ [targetGroup('tcp', { Protocol: 'TCP' })]: 1 })], 81),
  ],
  [
    'two final actions',
    'InvalidLoadBalancerAction',
    ({ listener, balancer }) => listener(balancer, [fixed, fixed], 81),
  ],
  [
    'a rule without conditions',
    'ValidationError',
    ({ elb, arn }) => elb('CreateRule', { ListenerArn: arn, Priority: 1, Actions: [fixed] }),
  ],
  [
    'more than five condition values',
    'ValidationError',
    ({ elb, arn }) =>
      elb('CreateRule', {
        ListenerArn: arn,
        Priority: 1,
        Actions: [fixed],
        Conditions: [{ Field: 'path-pattern', Values: ['1', '2', '3', '4', '5', '6'] }],
      }),
  ],
  [
    'a priority in use',
    'PriorityInUse',
    ({ elb, arn }) =>
      [1, 2].map(() =>
        elb('CreateRule', { ListenerArn: arn, Priority: 1, Actions: [fixed], Conditions: anyPath }),
      ),
  ],
  [
    'an unknown attribute',
    'ValidationError',
    ({ elb, blue }) =>
      elb('ModifyTargetGroupAttributes', { TargetGroupArn: blue, Attributes: [{ Key: 'no', Value: '1' }] }),
  ],
  [
    'a deregistration delay too long',
    'ValidationError',
    ({ elb, blue }) =>
      elb('ModifyTargetGroupAttributes', {
        TargetGroupArn: blue,
        Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '3601' }],
      }),
  ],
  [
    'a target that is not registered',
    'InvalidTarget',
    ({ elb, blue }) => elb('DeregisterTargets', { TargetGroupArn: blue, Targets: [{ Id: '10.0.0.1' }] }),
  ],
  [
    'a tag key twice',
    'DuplicateTagKeys',
    ({ elb, blue }) => elb('AddTags', { ResourceArns: [blue], Tags: [{ Key: 'a' }, { Key: 'a' }] }),
  ],
  [
    'a protected balancer',
    'OperationNotPermitted',
    ({ elb, balancer }) => {
      elb('ModifyLoadBalancerAttributes', {
        LoadBalancerArn: balancer,
        Attributes: [{ Key: 'deletion_protection.enabled', Value: 'true' }],
      })
      elb('DeleteLoadBalancer', { LoadBalancerArn: balancer })
    },
  ],
  ['a false marker', 'ValidationError', ({ elb }) => elb('DescribeTargetGroups', { Marker: 'x' })],
]

test.each(refusals)('%s: %s', (_title, code, run) => {
  const sandbox = web()
  expect(codeOf(() => run(sandbox))).toBe(code)
})

describe('quotas', () => {
  test('100 target groups on a load balancer, 5 in an action, and the replaced action’s own do not count', () => {
    const { elb, arn, targetGroup, blue } = web()
    const groups = Array.from({ length: 105 }, (_value, index) => targetGroup(`g${index}`))
    const weights = (from: number, to: number) =>
      Object.fromEntries(groups.slice(from, to).map((group) => [group, 1]))
    const rule = (priority: number, from: number, to: number) =>
      elb('CreateRule', {
        ListenerArn: arn,
        Priority: priority,
        Conditions: anyPath,
        Actions: [forward(weights(from, to))],
      })
    expect(codeOf(() => rule(1, 0, 6))).toBe('TooManyTargetGroups')
    for (let index = 0; index < 19; index += 1) rule(index + 1, index * 5, index * 5 + 5)
    const last = textAt(rule(50, 95, 99), ['Rules', 0, 'RuleArn'])
    expect(codeOf(() => rule(51, 99, 100))).toBe('TooManyUniqueTargetGroupsPerLoadBalancer')
    expect(codeOf(() => rule(51, 0, 5))).toBe('accepted')
    const modify = (action: Members) => elb('ModifyRule', { RuleArn: last, Actions: [action] })
    expect(codeOf(() => modify(forward(weights(100, 104))))).toBe('accepted')
    expect(codeOf(() => modify(forward(weights(100, 105))))).toBe('TooManyUniqueTargetGroupsPerLoadBalancer')
    expect(codeOf(() => modify(forward({ [blue]: 1 })))).toBe('accepted')
  })

  test('100 rules on a load balancer, over all its listeners', () => {
    const { elb, arn, listener, balancer } = web()
    const second = listener(balancer, [fixed], 81)
    const rule = (ListenerArn: string, Priority: number) =>
      elb('CreateRule', { ListenerArn, Priority, Conditions: anyPath, Actions: [fixed] })
    for (let index = 1; index <= 50; index += 1) [arn, second].forEach((on) => rule(on, index))
    expect(codeOf(() => rule(arn, 51))).toBe('TooManyRules')
  })
})

test('lists come in pages of 400, and smaller ones on demand', () => {
  const { elb, targetGroup } = elbWorld()
  for (let index = 0; index < 401; index += 1) targetGroup(`g${index}`)
  const first = elb('DescribeTargetGroups')
  expect(listAt(first, ['TargetGroups'])).toHaveLength(400)
  const second = elb('DescribeTargetGroups', { Marker: first.NextMarker })
  expect(second).toMatchObject({ TargetGroups: [{ TargetGroupName: 'g400' }] })
  expect(second.NextMarker).toBeUndefined()
  expect(listAt(elb('DescribeTargetGroups', { PageSize: '7' }), ['TargetGroups'])).toHaveLength(7)
})

describe('an OIDC action', () => {
  const oidc = (more: Members): Members[] => [
    {
      Type: 'authenticate-oidc',
      AuthenticateOidcConfig: {
        Issuer: 'https://id',
        AuthorizationEndpoint: 'https://id/a',
        TokenEndpoint: 'https://id/t',
        UserInfoEndpoint: 'https://id/u',
        ClientId: 'me',
        ...more,
      },
    },
    fixed,
  ]
  const secure = (elb: ElbWorld['elb'], balancer: string, actions: Members[]) =>
    elb('CreateListener', {
      LoadBalancerArn: balancer,
      Port: 443,
      Protocol: 'HTTPS',
      Certificates: [{ CertificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/1' }],
      DefaultActions: actions,
    })

  test('never shows its secret, has its defaults filled in, and keeps the secret when told to use it', () => {
    const { elb, balancer, world } = web()
    const created = secure(elb, balancer, oidc({ ClientSecret: 'planted-secret' }))
    expect(JSON.stringify(created)).not.toContain('planted-secret')
    expect(at(created, ['Listeners', 0, 'DefaultActions', 0])).toMatchObject({
      Order: 1,
      AuthenticateOidcConfig: {
        Scope: 'openid',
        SessionTimeout: 604_800,
        OnUnauthenticatedRequest: 'authenticate',
      },
    })
    const ListenerArn = textAt(created, ['Listeners', 0, 'ListenerArn'])
    const DefaultActions = oidc({ UseExistingClientSecret: 'true', Scope: 'email' })
    const modified = elb('ModifyListener', { ListenerArn, DefaultActions })
    expect(JSON.stringify(modified)).not.toContain('UseExistingClientSecret')
    expect(JSON.stringify(world.elb.tables.listeners.get(ListenerArn))).toContain('planted-secret')
  })

  test.each([
    ['no secret', {}],
    ['an existing secret that is not there', { UseExistingClientSecret: true }],
  ])('is refused with %s', (_title, more) => {
    const { elb, balancer } = web()
    expect(codeOf(() => secure(elb, balancer, oidc(more)))).toBe('ValidationError')
  })

  test('is refused on a listener that is not HTTPS', () => {
    const { listener, balancer } = web()
    expect(codeOf(() => listener(balancer, oidc({ ClientSecret: 'x' }), 81))).toBe(
      'InvalidLoadBalancerAction',
    )
  })
})

test('a rule keeps what a modification leaves out, and its transforms until they are reset', () => {
  const { elb, arn, blue, green } = web()
  const Transforms = [
    { Type: 'url-rewrite', UrlRewriteConfig: { Rewrites: [{ Regex: '^/a', Replace: '/b' }] } },
  ]
  const made = elb('CreateRule', {
    ListenerArn: arn,
    Priority: 1,
    Conditions: anyPath,
    Actions: [forward({ [blue]: 1 })],
    Transforms,
  })
  const RuleArn = textAt(made, ['Rules', 0, 'RuleArn'])
  const modified = elb('ModifyRule', { RuleArn, Actions: [forward({ [blue]: 0, [green]: 1 })] })
  expect(modified).toMatchObject({ Rules: [{ Priority: '1', Conditions: [{ Values: ['/*'] }], Transforms }] })
  expect(at(modified, ['Rules', 0, 'Actions', 0, 'TargetGroupArn'])).toBeUndefined()
  expect(elb('ModifyRule', { RuleArn, ResetTransforms: true })).toMatchObject({ Rules: [{ Transforms: [] }] })
})

test('names are found in the caller’s region only', () => {
  const { world, targetGroup, elb } = elbWorld()
  targetGroup('blue')
  const elsewhere = {
    service: 'elasticloadbalancing',
    operation: 'DescribeTargetGroups',
    region: 'us-east-1',
    input: {},
  }
  expect(world.call(elsewhere).output).toEqual({ TargetGroups: [] })
  expect(listAt(elb('DescribeTargetGroups'), ['TargetGroups'])).toHaveLength(1)
})
