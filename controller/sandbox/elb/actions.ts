import { AwsError, validationError } from '../kernel/error.ts'
import type { Members } from '../kernel/operation.ts'
import { flag, integer, oneOf, requiredText, structure, structures, text } from './input.ts'

export interface ForwardConfig {
  readonly TargetGroups: readonly { readonly TargetGroupArn: string; readonly Weight: number }[]
  readonly TargetGroupStickinessConfig: { readonly Enabled: boolean; readonly DurationSeconds?: number }
}

const ACTION_TYPES = [
  'forward',
  'authenticate-oidc',
  'authenticate-cognito',
  'redirect',
  'fixed-response',
  'jwt-validation',
] as const

/** An action as it is stored: AWS's member names, defaults filled in, a forward always as ForwardConfig. */
export interface Action {
  readonly Type: (typeof ACTION_TYPES)[number]
  readonly Order?: number
  readonly ForwardConfig?: ForwardConfig
  readonly RedirectConfig?: Readonly<Record<string, string>>
  readonly FixedResponseConfig?: Readonly<Record<string, string>>
  readonly AuthenticateOidcConfig?: Members
  readonly AuthenticateCognitoConfig?: Members
  readonly JwtValidationConfig?: Members
}

/**
 * Actions of a request in the stored form. `existing` are the actions they replace: `UseExistingClientSecret` takes the
 * secret from there. Throws ValidationError, TooManyActions, TooManyTargetGroups or InvalidLoadBalancerAction.
 */
export function readActions(
  input: Members,
  member: 'Actions' | 'DefaultActions',
  options: { existing?: readonly Action[]; protocol: string },
): Action[] {
  const given = structures(input, member)
  if (given.length === 0)
    throw validationError(`A listener or rule must have at least one action in '${member}'`)
  if (given.length > 5) throw new AwsError('TooManyActions', 'You have reached the maximum number of actions')
  const actions = given.map((action) => readAction(action, options.existing ?? []))
  const ordered = given.length === 1 ? actions : inOrder(actions)
  checkSequence(ordered, options.protocol)
  return ordered
}

/** An action as AWS returns it: a single target group in both shapes, never the client secret. */
export function showAction(action: Action): Members {
  const shown: Members = { ...action }
  const groups = action.ForwardConfig?.TargetGroups
  if (groups?.length === 1) shown.TargetGroupArn = groups[0]?.TargetGroupArn
  if (action.AuthenticateOidcConfig !== undefined) {
    shown.AuthenticateOidcConfig = withEntryMap(omit(action.AuthenticateOidcConfig, 'ClientSecret'))
  }
  if (action.AuthenticateCognitoConfig !== undefined) {
    shown.AuthenticateCognitoConfig = withEntryMap(action.AuthenticateCognitoConfig)
  }
  return shown
}

/** The target groups that actions forward to; weight 0 counts. Actions are never changed in place, and all rules' are gone through with each write. */
export function targetGroupsOf(actions: readonly Action[]): readonly string[] {
  const known = forwardedTo.get(actions)
  if (known !== undefined) return known
  const arns = actions.flatMap(
    (action) => action.ForwardConfig?.TargetGroups.map((group) => group.TargetGroupArn) ?? [],
  )
  forwardedTo.set(actions, arns)
  return arns
}

const forwardedTo = new WeakMap<readonly Action[], readonly string[]>()

function readAction(input: Members, existing: readonly Action[]): Action {
  const type = oneOf(input, 'Type', ACTION_TYPES)
  if (type === undefined) throw validationError('An action must have a type')
  const order = integer(input, 'Order', { min: 1, max: 50_000 })
  const base = order === undefined ? { Type: type } : { Type: type, Order: order }
  switch (type) {
    case 'forward':
      return { ...base, ForwardConfig: readForward(input) }
    case 'redirect':
      return { ...base, RedirectConfig: readRedirect(required(input, 'RedirectConfig')) }
    case 'fixed-response':
      return { ...base, FixedResponseConfig: readFixedResponse(required(input, 'FixedResponseConfig')) }
    case 'authenticate-oidc':
      return {
        ...base,
        AuthenticateOidcConfig: readOidc(required(input, 'AuthenticateOidcConfig'), existing),
      }
    case 'authenticate-cognito':
      return { ...base, AuthenticateCognitoConfig: readCognito(required(input, 'AuthenticateCognitoConfig')) }
    case 'jwt-validation':
      return { ...base, JwtValidationConfig: required(input, 'JwtValidationConfig') }
  }
}

function readForward(input: Members): ForwardConfig {
  const config = structure(input, 'ForwardConfig')
  const single = text(input, 'TargetGroupArn')
  const groups = config === undefined ? [] : structures(config, 'TargetGroups').map(readTuple)
  if (groups.length === 0 && single !== undefined) groups.push({ TargetGroupArn: single, Weight: 1 })
  if (groups.length === 0) throw validationError('A forward action must specify at least one target group')
  if (single !== undefined && (groups.length > 1 || groups[0]?.TargetGroupArn !== single)) {
    throw validationError(
      'You can specify both a target group ARN and a forward config only if they name the same single target group',
    )
  }
  if (groups.length > 5) {
    throw new AwsError('TooManyTargetGroups', 'An action can forward to at most 5 target groups')
  }
  if (new Set(groups.map((group) => group.TargetGroupArn)).size < groups.length) {
    throw validationError('A target group can be specified only once in a forward action')
  }
  const stickiness = config === undefined ? undefined : structure(config, 'TargetGroupStickinessConfig')
  return { TargetGroups: groups, TargetGroupStickinessConfig: readStickiness(stickiness ?? {}) }
}

function readTuple(input: Members): { TargetGroupArn: string; Weight: number } {
  return {
    TargetGroupArn: requiredText(input, 'TargetGroupArn'),
    Weight: integer(input, 'Weight', { min: 0, max: 999 }) ?? 1,
  }
}

function readStickiness(input: Members): ForwardConfig['TargetGroupStickinessConfig'] {
  const enabled = flag(input, 'Enabled') ?? false
  const duration = integer(input, 'DurationSeconds', { min: 1, max: 604_800 })
  if (enabled && duration === undefined) {
    throw validationError('The duration must be specified when target group stickiness is enabled')
  }
  return duration === undefined ? { Enabled: enabled } : { Enabled: enabled, DurationSeconds: duration }
}

function readRedirect(input: Members): Record<string, string> {
  const code = oneOf(input, 'StatusCode', ['HTTP_301', 'HTTP_302'] as const)
  if (code === undefined) throw validationError('A redirect action must specify a status code')
  return {
    Protocol: text(input, 'Protocol') ?? '#{protocol}',
    Port: text(input, 'Port') ?? '#{port}',
    Host: text(input, 'Host') ?? '#{host}',
    Path: text(input, 'Path') ?? '/#{path}',
    Query: text(input, 'Query') ?? '#{query}',
    StatusCode: code,
  }
}

function readFixedResponse(input: Members): Record<string, string> {
  const code = requiredText(input, 'StatusCode')
  if (!/^[245]\d\d$/.test(code)) throw validationError(`The status code '${code}' is not valid`)
  const body = text(input, 'MessageBody')
  const contentType = text(input, 'ContentType')
  return {
    StatusCode: code,
    ...(body === undefined ? {} : { MessageBody: body }),
    ...(contentType === undefined ? {} : { ContentType: contentType }),
  }
}

const AUTHENTICATION_DEFAULTS = {
  SessionCookieName: 'AWSELBAuthSessionCookie',
  Scope: 'openid',
  OnUnauthenticatedRequest: 'authenticate',
}

function readOidc(input: Members, existing: readonly Action[]): Members {
  for (const name of ['Issuer', 'AuthorizationEndpoint', 'TokenEndpoint', 'UserInfoEndpoint', 'ClientId']) {
    requiredText(input, name)
  }
  const reuse = flag(input, 'UseExistingClientSecret') ?? false
  const held = existing.find((action) => action.Type === 'authenticate-oidc')?.AuthenticateOidcConfig
    ?.ClientSecret
  const secret = reuse ? held : text(input, 'ClientSecret')
  if (typeof secret !== 'string') {
    throw validationError(
      reuse
        ? 'There is no existing client secret to use'
        : 'A client secret must be specified for authenticate-oidc',
    )
  }
  return {
    ...AUTHENTICATION_DEFAULTS,
    ...omit(input, 'UseExistingClientSecret'),
    SessionTimeout: sessionTimeout(input),
    ClientSecret: secret,
  }
}

function readCognito(input: Members): Members {
  for (const name of ['UserPoolArn', 'UserPoolClientId', 'UserPoolDomain']) requiredText(input, name)
  return { ...AUTHENTICATION_DEFAULTS, ...input, SessionTimeout: sessionTimeout(input) }
}

function sessionTimeout(input: Members): number {
  return integer(input, 'SessionTimeout', { min: 1, max: 604_800 }) ?? 604_800
}

function required(input: Members, name: string): Members {
  const value = structure(input, name)
  if (value === undefined) throw validationError(`An action of this type must specify '${name}'`)
  return value
}

function inOrder(actions: Action[]): Action[] {
  const numbered = actions.map((action, index) => ({ ...action, Order: action.Order ?? index + 1 }))
  if (new Set(numbered.map((action) => action.Order)).size < numbered.length) {
    throw validationError('Actions must have different orders')
  }
  return numbered.toSorted((left, right) => left.Order - right.Order)
}

function checkSequence(actions: readonly Action[], protocol: string): void {
  const last = actions.at(-1)
  const isRouting = (action: Action) => ['forward', 'redirect', 'fixed-response'].includes(action.Type)
  if (last === undefined || !isRouting(last) || actions.filter(isRouting).length !== 1) {
    throw new AwsError(
      'InvalidLoadBalancerAction',
      'The last action must be the only one of the types forward, redirect and fixed-response',
    )
  }
  if (actions.length > 1 && protocol !== 'HTTPS') {
    throw new AwsError(
      'InvalidLoadBalancerAction',
      'Authentication actions are supported by HTTPS listeners only',
    )
  }
}

function withEntryMap(config: Members): Members {
  const extra = config.AuthenticationRequestExtraParams
  if (typeof extra !== 'object' || extra === null) return config
  return { ...config, AuthenticationRequestExtraParams: new Map(Object.entries(extra)) }
}

function omit(members: Members, name: string): Members {
  return Object.fromEntries(Object.entries(members).filter(([key]) => key !== name))
}
