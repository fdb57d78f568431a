import { boolean, defaulting, enumeration, map, number, object, onlyWhenNamed, setOf, text } from './shape.ts'

const page = (type: string): string =>
  `https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_${type}.html`
const oidc = page('AuthenticateOidcActionConfig')
const redirect = page('RedirectActionConfig')

const session = {
  SessionCookieName: defaulting(text, 'AWSELBAuthSessionCookie', oidc),
  Scope: defaulting(text, 'openid', oidc),
  SessionTimeout: defaulting(number, 604_800, oidc),
  AuthenticationRequestExtraParams: map,
  OnUnauthenticatedRequest: defaulting(enumeration, 'authenticate', oidc),
}

/** How Elastic Load Balancing reads one target group of a forward action. A single group without a weight has weight 1. */
const forwardShape = object({
  TargetGroups: setOf(
    object({ TargetGroupArn: text, Weight: defaulting(number, 1, page('TargetGroupTuple')) }),
    'TargetGroupArn',
  ),
  TargetGroupStickinessConfig: onlyWhenNamed(
    object({
      Enabled: defaulting(boolean, false, page('TargetGroupStickinessConfig')),
      DurationSeconds: onlyWhenNamed(number),
    }),
  ),
})

/** How Elastic Load Balancing reads an action of a rule or listener; a rule holds each type at most once, `Order` sorts them. */
const actionShape = object({
  Type: enumeration,
  Order: defaulting(number, 1, page('Action')),
  // Describe repeats a single forward group here; ForwardConfig says the same and more.
  TargetGroupArn: onlyWhenNamed(text),
  ForwardConfig: forwardShape,
  RedirectConfig: object({
    Protocol: defaulting(text, '#{protocol}', redirect),
    Port: defaulting(text, '#{port}', redirect),
    Host: defaulting(text, '#{host}', redirect),
    Path: defaulting(text, '/#{path}', redirect),
    Query: defaulting(text, '#{query}', redirect),
    StatusCode: enumeration,
  }),
  FixedResponseConfig: object({ StatusCode: text, ContentType: text, MessageBody: text }),
  AuthenticateCognitoConfig: object({
    UserPoolArn: text,
    UserPoolClientId: text,
    UserPoolDomain: text,
    ...session,
  }),
  AuthenticateOidcConfig: object({
    Issuer: text,
    AuthorizationEndpoint: text,
    TokenEndpoint: text,
    UserInfoEndpoint: text,
    ClientId: text,
    ...session,
  }),
})

/** The actions of one rule. */
export const actionsShape = setOf(actionShape, 'Type')
