import type { Action } from '../elb/actions.ts'
import type { Listener } from '../elb/state.ts'
import { authenticate } from './authenticate.ts'
import { createForward, type Forward, type ForwardParts } from './forward.ts'
import { createIndex } from './index-of-tables.ts'
import { holds, type RouteRequest } from './match.ts'
import { redirect } from './redirect.ts'
import type { Routed } from './routed.ts'

export type Router = (request: RouteRequest) => Routed

/** Routes requests as an Application Load Balancer does, reading the tables at each one: a weight change counts at once. */
export function createRouter(parts: Omit<ForwardParts, 'targetsOf'>): Router {
  const index = createIndex(parts.tables)
  const forward = createForward({ ...parts, targetsOf: (arn) => index.targetsOf(arn) })
  return (request) => {
    const listener = parts.tables.listeners.get(request.listenerArn)
    if (listener === undefined) return { kind: 'error', status: 503 }
    const rule = index
      .rulesOf(listener.arn)
      .find((candidate) => candidate.conditions.every((condition) => holds(condition, request)))
    for (const action of rule?.actions ?? listener.defaultActions) {
      const routed = act({ action, forward }, request, listener)
      if (routed !== 'go on') return routed
    }
    return { kind: 'error', status: 503 }
  }
}

function act(
  { action, forward }: { action: Action; forward: Forward },
  request: RouteRequest,
  listener: Listener,
): Routed | 'go on' {
  switch (action.Type) {
    case 'forward':
      return action.ForwardConfig === undefined
        ? { kind: 'error', status: 503 }
        : forward(action.ForwardConfig, request, listener)
    case 'redirect':
      return redirect(action.RedirectConfig ?? {}, request, listener)
    case 'fixed-response':
      return {
        kind: 'fixed',
        status: Number(action.FixedResponseConfig?.StatusCode ?? 503),
        contentType: action.FixedResponseConfig?.ContentType ?? 'text/plain',
        body: action.FixedResponseConfig?.MessageBody ?? '',
      }
    case 'authenticate-oidc':
    case 'authenticate-cognito':
      return authenticate(action.AuthenticateOidcConfig ?? action.AuthenticateCognitoConfig ?? {}, request)
    case 'jwt-validation':
      return request.headers.authorization?.startsWith('Bearer ') === true
        ? 'go on'
        : { kind: 'error', status: 401 }
  }
}
