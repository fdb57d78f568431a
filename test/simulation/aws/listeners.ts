import type { Members } from '../../../controller/sandbox/kernel/operation.ts'
import { first } from './outputs.ts'
import type { NamedRule, SideName } from './names.ts'
import type { SimulatedAws } from './simulated-aws.ts'

const ALL_BLUE = { blue: 100, green: 0 }

/** A forward action to both sides, by weight. */
export const forwardTo = (
  groups: Readonly<Record<SideName, string>>,
  weights: Readonly<Record<SideName, number>> = ALL_BLUE,
  stickySeconds?: number,
): Members => ({
  Type: 'forward',
  ForwardConfig: {
    TargetGroups: [
      { TargetGroupArn: groups.blue, Weight: weights.blue },
      { TargetGroupArn: groups.green, Weight: weights.green },
    ],
    ...(stickySeconds === undefined
      ? {}
      : { TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: stickySeconds } }),
  },
})

/** Its ARN. */
export function makeListener(
  aws: SimulatedAws,
  { balancer, port, action }: { readonly balancer: unknown; readonly port: number; readonly action: Members },
): string {
  const output = aws.byHand('elasticloadbalancing', 'CreateListener', {
    LoadBalancerArn: balancer,
    Port: port,
    Protocol: 'HTTP',
    DefaultActions: [action],
  })
  return String(first(output, 'Listeners')['ListenerArn'])
}

/** A rule behind those that the listener has; its ARN. */
export function makeRule(
  aws: SimulatedAws,
  {
    listener,
    name: { host, path },
    action,
    priority = 10 * (1 + rulesOf(aws, listener).length),
  }: {
    readonly listener: string
    readonly name: NamedRule
    readonly action: Members
    readonly priority?: number
  },
): string {
  const output = aws.byHand('elasticloadbalancing', 'CreateRule', {
    ListenerArn: listener,
    Priority: priority,
    Conditions: [
      ...(host === undefined ? [] : [{ Field: 'host-header', HostHeaderConfig: { Values: [host] } }]),
      ...(path === undefined ? [] : [{ Field: 'path-pattern', PathPatternConfig: { Values: [path] } }]),
    ],
    Actions: [action],
  })
  return String(first(output, 'Rules')['RuleArn'])
}

/** Whoever comes last in a listener. */
const LAST = 900

/** A listener of other teams, with rules before and behind all of ours; its ARN. */
export function makeNeighbours(
  aws: SimulatedAws,
  {
    balancer,
    port,
    targetGroup,
  }: { readonly balancer: unknown; readonly port: number; readonly targetGroup: string },
): string {
  const nothing = {
    Type: 'fixed-response',
    FixedResponseConfig: { StatusCode: '404', ContentType: 'text/plain' },
  }
  const listener = makeListener(aws, { balancer, port, action: nothing })
  const action = { Type: 'forward', TargetGroupArn: targetGroup }
  makeRule(aws, { listener, name: { port, host: 'neighbours.example.com' }, action })
  makeRule(aws, { listener, name: { port, host: 'api.example.com', path: '/neighbours/*' }, action })
  makeRule(aws, { listener, name: { port, host: '*.example.com' }, action, priority: LAST })
  return listener
}

/** ARNs of the listener's rules by their priorities, the default one left out. */
export const rulesOf = ({ world }: SimulatedAws, listener: string): readonly string[] =>
  world.elb.tables.rules
    .list()
    .filter(({ listenerArn }) => listenerArn === listener)
    .toSorted((left, right) => left.priority - right.priority)
    .map(({ arn }) => arn)

/** What somebody does to a rule in the console: all of its actions are replaced. */
export function writeByHand(aws: SimulatedAws, rule: string, action: Members): void {
  if (aws.world.elb.tables.rules.get(rule) === undefined)
    aws.byHand('elasticloadbalancing', 'ModifyListener', { ListenerArn: rule, DefaultActions: [action] })
  else aws.byHand('elasticloadbalancing', 'ModifyRule', { RuleArn: rule, Actions: [action] })
}
