import type { Members } from '../kernel/operation.ts'
import type { RouteRequest } from './match.ts'
import type { Routed } from './routed.ts'

/**
 * What an authenticate action makes of a request: whoever brings a session cookie goes on, the others are sent to the
 * identity provider, let through or refused, as the action says. The sandbox has no identity provider of its own.
 */
export function authenticate(config: Members, request: RouteRequest): Routed | 'go on' {
  const cookie = textOf(config.SessionCookieName)
  if (Object.keys(request.cookies).some((name) => name.startsWith(cookie))) return 'go on'
  if (config.OnUnauthenticatedRequest === 'allow') return 'go on'
  if (config.OnUnauthenticatedRequest === 'deny') return { kind: 'error', status: 401 }
  const endpoint =
    textOf(config.AuthorizationEndpoint) || `https://${textOf(config.UserPoolDomain)}/oauth2/authorize`
  const parameters = new URLSearchParams({
    client_id: textOf(config.ClientId) || textOf(config.UserPoolClientId),
    redirect_uri: `https://${request.host}/oauth2/idpresponse`,
    response_type: 'code',
    scope: textOf(config.Scope),
  })
  return { kind: 'redirect', status: 302, location: `${endpoint}?${parameters.toString()}` }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
