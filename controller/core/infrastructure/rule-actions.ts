import { isRecord } from '../../resources/problem.ts'
import type { InfrastructureStatus } from '../../resources/types.ts'
import type { RuleAction } from '../desired.ts'
import { listOutput } from './outputs.ts'

export type ActionsAnswer =
  | { readonly kind: 'Actions'; readonly actions: readonly RuleAction[] }
  | { readonly kind: 'Stalled'; readonly reason: string; readonly message: string }

type Kind = 'text' | 'number' | 'texts' | 'any'

const session: Readonly<Record<string, Kind>> = {
  SessionCookieName: 'text',
  Scope: 'text',
  SessionTimeout: 'number',
  AuthenticationRequestExtraParams: 'texts',
  OnUnauthenticatedRequest: 'text',
}

interface Settings {
  readonly member: string
  readonly members: Readonly<Record<string, Kind>>
}

/** Where each kind of action says its settings, and which ones. A rule that redirects or answers by itself has no weights. */
const SETTINGS: Readonly<Record<string, Settings>> = {
  'authenticate-oidc': {
    member: 'AuthenticateOidcConfig',
    members: {
      Issuer: 'text',
      AuthorizationEndpoint: 'text',
      TokenEndpoint: 'text',
      UserInfoEndpoint: 'text',
      ClientId: 'text',
      UseExistingClientSecret: 'any',
      ...session,
    },
  },
  'authenticate-cognito': {
    member: 'AuthenticateCognitoConfig',
    members: { UserPoolArn: 'text', UserPoolClientId: 'text', UserPoolDomain: 'text', ...session },
  },
}

/** A rule has one forward action, and four more at most. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const MOST_ACTIONS = 4

/** The actions that an output of the root holds: what the load balancer does before it forwards. */
export function actionsOutput(outputs: InfrastructureStatus['outputs'], name: string): ActionsAnswer {
  const output = listOutput(outputs, name)
  if (output.kind === 'Stalled') return output
  const wrong =
    output.value.length > MOST_ACTIONS
      ? `has ${output.value.length} actions; expected at most ${MOST_ACTIONS}`
      : (output.value.map(wrongIn).find((what) => what !== undefined) ?? repeatedIn(output.value))
  if (wrong === undefined) return { kind: 'Actions', actions: output.value.map(asDescribed) }
  return { kind: 'Stalled', reason: 'OutputInvalid', message: `the Terraform output ${name} ${wrong}` }
}

/** AWS takes one of each kind; with two, nobody could tell which one is which. */
function repeatedIn(actions: readonly unknown[]): string | undefined {
  const types = actions.map((action) => (isRecord(action) ? action['Type'] : undefined))
  const twice = types.find((type, index) => types.indexOf(type) !== index)
  return twice === undefined
    ? undefined
    : `has two actions ${JSON.stringify(twice)}; expected one of each type`
}

/** Each member by its name and type: what AWS does not show again would differ for ever. */
function wrongIn(action: unknown): string | undefined {
  const type = isRecord(action) && typeof action['Type'] === 'string' ? action['Type'] : ''
  const known = Object.hasOwn(SETTINGS, type) ? SETTINGS[type] : undefined
  if (!isRecord(action) || known === undefined)
    return `has an action ${JSON.stringify(type.slice(0, 50))}; expected Type to be one of ${Object.keys(SETTINGS).join(', ')}`
  const settings = action[known.member]
  if (!isRecord(settings)) return `has an action ${type} without ${known.member}`
  if ('ClientSecret' in settings)
    return "has a client secret, which is no output's to show; leave it out, and the rule keeps the one that it has"
  const beside = Object.keys(action).find((name) => !['Type', 'Order', known.member].includes(name))
  if (beside !== undefined) return `has an action ${type} with ${beside}, which it does not have`
  const odd = Object.entries(settings).find(([name, value]) => !isOf(known.members, name, value))
  return odd === undefined ? undefined : `has an action ${type} whose ${odd[0]} is unknown or of another type`
}

function isOf(members: Settings['members'], name: string, value: unknown): boolean {
  const kind = Object.hasOwn(members, name) ? members[name] : undefined
  switch (kind) {
    case 'text':
      return typeof value === 'string'
    case 'number':
      return Number.isInteger(value)
    case 'texts':
      return isRecord(value) && Object.values(value).every((text) => typeof text === 'string')
    case 'any':
      return true
    case undefined:
      return false
  }
}

/** How AWS would show it: that the secret stays is said with each write. */
function asDescribed(action: unknown): RuleAction {
  const { AuthenticateOidcConfig: config, ...rest } = action as RuleAction
  if (!isRecord(config)) return rest
  const { UseExistingClientSecret: _kept, ...shown } = config
  return { ...rest, AuthenticateOidcConfig: shown }
}
