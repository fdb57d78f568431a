import { describe, expect, it } from 'vitest'
import { actionsOutput } from '../../../controller/core/infrastructure/rule-actions.ts'

type Outputs = Parameters<typeof actionsOutput>[0]

const oidc = {
  Type: 'authenticate-oidc',
  AuthenticateOidcConfig: { Issuer: 'https://login.example.com', ClientId: 'shop' },
}
const cognito = { Type: 'authenticate-cognito', AuthenticateCognitoConfig: { UserPoolArn: 'arn:pool' } }
const changed = (change: object) => ({
  ...oidc,
  AuthenticateOidcConfig: { ...oidc.AuthenticateOidcConfig, ...change },
})
const said = (value: unknown): string => {
  const answer = actionsOutput({ actions: value as object } as Outputs, 'actions')
  return answer.kind === 'Actions' ? JSON.stringify(answer.actions) : `${answer.reason}: ${answer.message}`
}

describe('actions of a rule from a Terraform output', () => {
  it.each([[[]], [[oidc]], [[oidc, cognito]]])('are taken as they are: %j', (actions) => {
    expect(said(actions)).toBe(JSON.stringify(actions))
  })

  it.each<[unknown, string]>([
    ['text', 'OutputInvalid: the Terraform output actions is no list'],
    [['text'], 'has an action ""; expected Type to be one of authenticate-oidc, authenticate-cognito'],
    [[{ Type: 'forward' }], 'has an action "forward"; expected Type'],
    [[{ Type: 'jwt-validation', JwtValidationConfig: {} }], 'has an action "jwt-validation"; expected Type'],
    [[{ Type: 'redirect', RedirectConfig: {} }], 'has an action "redirect"; expected Type'],
    [[{ Type: 'constructor' }], 'has an action "constructor"; expected Type'],
    [[{ Type: 'authenticate-oidc' }], 'has an action authenticate-oidc without AuthenticateOidcConfig'],
    [[cognito, cognito], 'has two actions "authenticate-cognito"; expected one of each type'],
    [[{ ...cognito, TargetGroupArn: 'arn' }], 'has an action authenticate-cognito with TargetGroupArn'],
    [
      [changed({ Secret: 'x' })],
      'has an action authenticate-oidc whose Secret is unknown or of another type',
    ],
    [[changed({ constructor: 'x' })], 'whose constructor is unknown'],
    [[changed({ SessionTimeout: '60' })], 'whose SessionTimeout is unknown or of another type'],
    [[changed({ Scope: 1 })], 'whose Scope is unknown or of another type'],
    [[changed({ AuthenticationRequestExtraParams: { a: 1 } })], 'whose AuthenticationRequestExtraParams is'],
    [[changed({ AuthenticationRequestExtraParams: 'a' })], 'whose AuthenticationRequestExtraParams is'],
    [[1, 2, 3, 4, 5], 'has 5 actions; expected at most 4'],
    [
      [{ ...oidc, AuthenticateOidcConfig: { ClientSecret: 'hunter2' } }],
      "has a client secret, which is no output's to show; leave it out, and the rule keeps the one that it has",
    ],
  ])('are refused: %j', (actions, what) => {
    expect(said(actions)).toContain(what)
    expect(said(actions)).not.toContain('hunter2')
    expect(said(actions)).toMatch(/^OutputInvalid: /)
  })

  it('are shown as AWS shows them: that a secret stays is no setting', () => {
    const more = { SessionTimeout: 60, AuthenticationRequestExtraParams: { prompt: 'login' } }
    const given = [changed({ UseExistingClientSecret: true, ...more }), cognito]
    expect(said(given)).toBe(JSON.stringify([changed(more), cognito]))
  })

  it('are missing where the root has no such output', () => {
    expect(actionsOutput(undefined, 'actions')).toMatchObject({ kind: 'Stalled', reason: 'OutputMissing' })
    expect(actionsOutput({ other: {} }, 'actions')).toMatchObject({ reason: 'OutputMissing' })
  })
})
