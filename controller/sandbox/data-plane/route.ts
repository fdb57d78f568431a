import type { Clock } from '../kernel/clock.ts'
import type { RunningTask, Target, TaskNetwork } from '../kernel/ports-between.ts'
import type { Random } from '../kernel/random.ts'
import type { Settings } from '../kernel/settings.ts'
import type { Action } from '../elb/actions.ts'
import type { ElbTables, Listener, TargetGroup } from '../elb/state.ts'
import { authenticate } from './authenticate.ts'
import { chooseGroup, createTargetChooser, eligibleTargets } from './choose.ts'
import { chosenBy, stickyCookie } from './cookies.ts'
import { createIndex } from './index-of-tables.ts'
import { holds, type RouteRequest } from './match.ts'
import { redirect } from './redirect.ts'

export interface RoutedToTarget {
  readonly kind: 'target'
  readonly task: RunningTask
  readonly target: Target
  readonly targetGroupArn: string
  /** Stickiness cookies for the answer. */
  readonly setCookies: readonly string[]
  /** With app_cookie stickiness: `setCookie` is added only when the target's answer sets the cookie `name`. */
  readonly onApplicationCookie?: { readonly name: string; readonly setCookie: string }
  /** The load balancer gives up on a target after this long, with 504. */
  readonly idleTimeoutMs: number
}

/** What becomes of a request. */
export type Routed =
  | RoutedToTarget
  | { readonly kind: 'fixed'; readonly status: number; readonly contentType: string; readonly body: string }
  | { readonly kind: 'redirect'; readonly status: 301 | 302; readonly location: string }
  | { readonly kind: 'error'; readonly status: 401 | 502 | 503 | 504 }

export type Router = (request: RouteRequest) => Routed

interface RouterParts {
  readonly tables: ElbTables
  readonly clock: Clock
  readonly random: Random
  readonly settings: Settings
  readonly network: () => TaskNetwork
}

/** Routes requests as an Application Load Balancer does, reading the tables at each one: a weight change counts at once. */
export function createRouter(parts: RouterParts): Router {
  const index = createIndex(parts.tables)
  const chooseTarget = createTargetChooser(parts)

  function routeTo(group: TargetGroup, request: RouteRequest, listener: Listener): Routed {
    const eligible = eligibleTargets(group, index.targetsOf(group.arn))
    const sticky = stickinessOf(group)
    const held = sticky === undefined ? undefined : chosenBy(parts.clock, request.cookies[sticky.cookie])
    const target = eligible.find((row) => nameOf(row) === held) ?? chooseTarget(group, eligible)
    if (target === undefined) return { kind: 'error', status: 503 }
    const task = parts.network().taskAt(target.id, target.port)
    if (task === undefined) return { kind: 'error', status: 502 }
    const balancer = parts.tables.loadBalancers.get(listener.loadBalancerArn)
    const base = {
      kind: 'target',
      task,
      target: { id: target.id, port: target.port },
      targetGroupArn: group.arn,
      idleTimeoutMs: Number(balancer?.attributes['idle_timeout.timeout_seconds'] ?? 60) * 1000,
    } as const
    if (sticky === undefined) return { ...base, setCookies: [] }
    const setCookie = stickyCookie(parts.clock, {
      name: sticky.cookie,
      chosen: nameOf(target),
      seconds: sticky.seconds,
      speed: parts.settings.speed,
    })
    if (sticky.applicationCookie === undefined) return { ...base, setCookies: [setCookie] }
    return { ...base, setCookies: [], onApplicationCookie: { name: sticky.applicationCookie, setCookie } }
  }

  function forward(action: Action, request: RouteRequest, listener: Listener): Routed {
    const config = action.ForwardConfig
    if (config === undefined) return { kind: 'error', status: 503 }
    const { Enabled: sticky, DurationSeconds: seconds = 0 } = config.TargetGroupStickinessConfig
    const held = sticky ? chosenBy(parts.clock, request.cookies.AWSALBTG) : undefined
    const stays = config.TargetGroups.some((group) => group.TargetGroupArn === held)
    const arn = stays ? held : chooseGroup(config, parts.random)
    const group = arn === undefined ? undefined : parts.tables.targetGroups.get(arn)
    if (group === undefined) return { kind: 'error', status: 503 }
    const routed = routeTo(group, request, listener)
    if (!sticky || routed.kind !== 'target') return routed
    const cookie = { name: 'AWSALBTG', chosen: group.arn, seconds, speed: parts.settings.speed }
    return { ...routed, setCookies: [...routed.setCookies, stickyCookie(parts.clock, cookie)] }
  }

  return (request) => {
    const listener = parts.tables.listeners.get(request.listenerArn)
    if (listener === undefined) return { kind: 'error', status: 503 }
    const rule = index
      .rulesOf(listener.arn)
      .find((candidate) => candidate.conditions.every((condition) => holds(condition, request)))
    for (const action of rule?.actions ?? listener.defaultActions) {
      const routed = act(action, request, listener)
      if (routed !== 'go on') return routed
    }
    return { kind: 'error', status: 503 }
  }

  function act(action: Action, request: RouteRequest, listener: Listener): Routed | 'go on' {
    switch (action.Type) {
      case 'forward':
        return forward(action, request, listener)
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
}

function nameOf(target: Target): string {
  return `${target.id}:${target.port}`
}

function stickinessOf(
  group: TargetGroup,
): { cookie: string; seconds: number; applicationCookie?: string } | undefined {
  if (group.attributes['stickiness.enabled'] !== 'true') return undefined
  if (group.attributes['stickiness.type'] !== 'app_cookie') {
    return { cookie: 'AWSALB', seconds: Number(group.attributes['stickiness.lb_cookie.duration_seconds']) }
  }
  return {
    cookie: 'AWSALBAPP-0',
    seconds: Number(group.attributes['stickiness.app_cookie.duration_seconds']),
    applicationCookie: group.attributes['stickiness.app_cookie.cookie_name'] ?? '',
  }
}
