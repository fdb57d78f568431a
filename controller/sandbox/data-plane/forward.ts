import type { ForwardConfig } from '../elb/actions.ts'
import type { ElbTables, Listener, RegisteredTarget, TargetGroup } from '../elb/state.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Target, TaskNetwork } from '../kernel/ports-between.ts'
import type { Random } from '../kernel/random.ts'
import type { Settings } from '../kernel/settings.ts'
import { chooseGroup, createTargetChooser, eligibleTargets } from './choose.ts'
import { chosenBy, stickyCookie } from './cookies.ts'
import type { RouteRequest } from './match.ts'
import type { Routed, RoutedToTarget } from './routed.ts'

export interface ForwardParts {
  readonly tables: ElbTables
  readonly clock: Clock
  readonly random: Random
  readonly settings: Settings
  readonly network: () => TaskNetwork
  readonly targetsOf: (targetGroupArn: string) => readonly RegisteredTarget[]
}

export type Forward = (config: ForwardConfig, request: RouteRequest, listener: Listener) => Routed

/**
 * Forwards by weight to a target group, and within it to a target. Stickiness of either comes first: a client whose cookie
 * names a group of the action stays with it, whatever its weight has become.
 */
export function createForward(parts: ForwardParts): Forward {
  const chooseTarget = createTargetChooser(parts)
  return (config, request, listener) => {
    const { Enabled: sticky, DurationSeconds: seconds = 0 } = config.TargetGroupStickinessConfig
    const held = sticky ? chosenBy(parts.clock, request.cookies.AWSALBTG) : undefined
    const stays = config.TargetGroups.some((group) => group.TargetGroupArn === held)
    const arn = stays ? held : chooseGroup(config, parts.random)
    const group = arn === undefined ? undefined : parts.tables.targetGroups.get(arn)
    if (group === undefined) return { kind: 'error', status: 503 }
    const target = heldTarget(parts, group, request) ?? chooseTarget(group, eligible(parts, group))
    if (target === undefined) return { kind: 'error', status: 503 }
    const task = parts.network().taskAt(target.id, target.port)
    if (task === undefined) return { kind: 'error', status: 502 }
    const balancer = parts.tables.loadBalancers.get(listener.loadBalancerArn)
    const groupCookie = cookieFor(parts, { name: 'AWSALBTG', chosen: group.arn, seconds })
    const cookies = targetCookies(parts, group, target)
    return {
      kind: 'target',
      task,
      target: { id: target.id, port: target.port },
      targetGroupArn: group.arn,
      idleTimeoutMs: Number(balancer?.attributes['idle_timeout.timeout_seconds'] ?? 60) * 1000,
      ...cookies,
      setCookies: sticky ? [...cookies.setCookies, groupCookie] : cookies.setCookies,
    }
  }
}

function eligible(parts: ForwardParts, group: TargetGroup): RegisteredTarget[] {
  return eligibleTargets(group, parts.targetsOf(group.arn))
}

function heldTarget(
  parts: ForwardParts,
  group: TargetGroup,
  request: RouteRequest,
): RegisteredTarget | undefined {
  const sticky = stickinessOf(group)
  if (sticky === undefined) return undefined
  const held = chosenBy(parts.clock, request.cookies[sticky.cookie])
  return held === undefined ? undefined : eligible(parts, group).find((target) => nameOf(target) === held)
}

function targetCookies(
  parts: ForwardParts,
  group: TargetGroup,
  target: Target,
): Pick<RoutedToTarget, 'setCookies' | 'onApplicationCookie'> {
  const sticky = stickinessOf(group)
  if (sticky === undefined) return { setCookies: [] }
  const setCookie = cookieFor(parts, { name: sticky.cookie, chosen: nameOf(target), seconds: sticky.seconds })
  if (sticky.applicationCookie === undefined) return { setCookies: [setCookie] }
  return { setCookies: [], onApplicationCookie: { name: sticky.applicationCookie, setCookie } }
}

function cookieFor(parts: ForwardParts, cookie: { name: string; chosen: string; seconds: number }): string {
  return stickyCookie(parts.clock, { ...cookie, speed: parts.settings.speed })
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
