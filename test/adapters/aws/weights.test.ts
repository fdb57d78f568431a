import { describe, expect, it } from 'vitest'
import type { RuleFacts } from '../../../controller/core/observation.ts'
import { awsOver, type Input } from './fake-aws.ts'

const prefix = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012'
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

const host = (...values: string[]): Input => ({ Field: 'host-header', HostHeaderConfig: { Values: values } })

describe('setWeights', () => {
  const facts: RuleFacts = {
    arn: ruleArn('443', 'a'),
    kind: 'Rule',
    listenerArn: listenerArn('443'),
    port: 443,
    protocol: 'HTTPS',
    weights: [],
    stickiness: { enabled: true, durationSeconds: 60 },
    conditions: [host('a.example')],
    actions: [],
  }
  const weights = [
    { targetGroupArn: groupArn('blue'), weight: 0 },
    { targetGroupArn: groupArn('green'), weight: 100 },
  ]
  const writable = {
    ModifyRule: () => ({ result: { Rules: [] } }),
    ModifyListener: () => ({ result: { Listeners: [] } }),
  }
  const groups = (key: string): Input => ({
    [`${key}.Type`]: 'forward',
    [`${key}.ForwardConfig.TargetGroups.member.1.TargetGroupArn`]: groupArn('blue'),
    [`${key}.ForwardConfig.TargetGroups.member.1.Weight`]: '0',
    [`${key}.ForwardConfig.TargetGroups.member.2.TargetGroupArn`]: groupArn('green'),
    [`${key}.ForwardConfig.TargetGroups.member.2.Weight`]: '100',
  })

  it('writes a rule’s weights, its stickiness as read, and no TargetGroupArn beside them', async () => {
    const { aws, calls } = awsOver(writable)
    const action = { TargetGroupArn: groupArn('blue'), ...forwardTo(100, 0) }
    const { requestId } = await aws.traffic.setWeights({ rule: { ...facts, actions: [action] }, weights })
    expect(requestId).toBe('request-1')
    expect(calls.at(-1)).toMatchObject({ operation: 'ModifyRule' })
    expect(calls.at(-1)?.input).toEqual({
      RuleArn: facts.arn,
      ...groups('Actions.member.1'),
      'Actions.member.1.Order': '2',
      'Actions.member.1.ForwardConfig.TargetGroupStickinessConfig.Enabled': 'true',
      'Actions.member.1.ForwardConfig.TargetGroupStickinessConfig.DurationSeconds': '60',
    })
  })

  it('writes a default action and names nothing else of the listener', async () => {
    const { aws, calls } = awsOver(writable)
    const actions = [{ Type: 'forward', TargetGroupArn: groupArn('blue') }]
    const listenerDefault: RuleFacts = { ...facts, kind: 'ListenerDefault', arn: listenerArn('443'), actions }
    await aws.traffic.setWeights({ rule: listenerDefault, weights })
    expect(calls.at(-1)?.input).toEqual({
      ListenerArn: listenerArn('443'),
      ...groups('DefaultActions.member.1'),
    })
  })

  it('keeps authentication before the forward action, with the client secret that AWS has', async () => {
    const { aws, calls } = awsOver(writable)
    const oidc = {
      Type: 'authenticate-oidc',
      Order: 1,
      AuthenticateOidcConfig: {
        Issuer: 'https://id.example',
        AuthorizationEndpoint: 'https://id.example/a',
        TokenEndpoint: 'https://id.example/t',
        UserInfoEndpoint: 'https://id.example/u',
        ClientId: 'client',
        Scope: 'openid',
        AuthenticationRequestExtraParams: { prompt: 'login' },
        OnUnauthenticatedRequest: 'authenticate',
      },
    }
    await aws.traffic.setWeights({ rule: { ...facts, actions: [oidc, forwardTo(100, 0)] }, weights })
    const key = 'Actions.member.1.AuthenticateOidcConfig'
    expect(calls.at(-1)?.input).toMatchObject({
      'Actions.member.1.Type': 'authenticate-oidc',
      'Actions.member.1.Order': '1',
      [`${key}.ClientId`]: 'client',
      [`${key}.AuthenticationRequestExtraParams.entry.1.key`]: 'prompt',
      [`${key}.UseExistingClientSecret`]: 'true',
      'Actions.member.2.Type': 'forward',
      'Actions.member.2.Order': '2',
    })
    expect(Object.keys(calls.at(-1)?.input ?? {})).not.toContain(`${key}.ClientSecret`)
  })

  it('keeps Cognito authentication as it is', async () => {
    const { aws, calls } = awsOver(writable)
    const cognito = {
      Type: 'authenticate-cognito',
      Order: 1,
      AuthenticateCognitoConfig: { UserPoolArn: 'pool', UserPoolClientId: 'c', UserPoolDomain: 'd' },
    }
    await aws.traffic.setWeights({ rule: { ...facts, actions: [cognito, forwardTo(1, 0)] }, weights })
    expect(calls.at(-1)?.input).toMatchObject({
      'Actions.member.1.AuthenticateCognitoConfig.UserPoolArn': 'pool',
      'Actions.member.2.Type': 'forward',
    })
  })

  const many = Array.from({ length: 6 }, (_, index) => ({ targetGroupArn: `g${index}`, weight: 1 }))
  const one = { targetGroupArn: 'g', weight: 1 }
  it.each([
    ['NotForwarding', [{ Type: 'redirect' }], weights],
    ['NotForwarding', [], weights],
    ['ActionNotSupported', [{ Type: 'action-of-tomorrow' }, forwardTo(1, 0)], weights],
    ['InvalidWeights', [forwardTo(1, 0)], []],
    ['InvalidWeights', [forwardTo(1, 0)], [{ ...one, weight: 0 }]],
    ['InvalidWeights', [forwardTo(1, 0)], [{ ...one, weight: 1000 }]],
    ['InvalidWeights', [forwardTo(1, 0)], [{ ...one, weight: 0.5 }]],
    ['InvalidWeights', [forwardTo(1, 0)], [{ ...one, weight: -1 }]],
    ['InvalidWeights', [forwardTo(1, 0)], [one, one]],
    ['InvalidWeights', [forwardTo(1, 0)], many],
  ])('refuses with %s and calls nothing: %o %o', async (code, actions, wanted) => {
    const { aws, calls } = awsOver(writable)
    const rule: RuleFacts = { ...facts, actions }
    await expect(aws.traffic.setWeights({ rule, weights: wanted })).rejects.toMatchObject({
      code,
      handling: 'stall',
    })
    expect(calls).toEqual([])
  })
})
