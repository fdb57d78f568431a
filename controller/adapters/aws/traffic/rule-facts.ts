import type { Action, Listener, Rule } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { RuleFacts, TargetGroupWeight } from '../../../core/observation.ts'
import { PortError } from '../../../ports/error.ts'
import { plainDocument } from '../client/plain.ts'
import { unreadable } from '../client/unreadable.ts'

/** A listener's default action as a rule without conditions. */
export function defaultRuleFacts(listener: Listener): RuleFacts {
  const listenerArn = arnOf(listener)
  return {
    ...place(listener),
    ...actionFacts(listener.DefaultActions),
    arn: listenerArn,
    kind: 'ListenerDefault',
    conditions: [],
  }
}

/** A listener's rule. */
export function ruleFacts(listener: Listener, rule: Rule): RuleFacts {
  if (rule.RuleArn === undefined) throw unreadable("a rule's ARN")
  return {
    ...place(listener),
    ...actionFacts(rule.Actions),
    arn: rule.RuleArn,
    kind: 'Rule',
    conditions: (rule.Conditions ?? []).map(plainDocument),
  }
}

function place(listener: Listener): Pick<RuleFacts, 'listenerArn' | 'port' | 'protocol'> {
  const { Port: port, Protocol: protocol } = listener
  if (port === undefined || (protocol !== 'HTTP' && protocol !== 'HTTPS')) {
    throw new PortError(
      `the listener ${arnOf(listener)} speaks ${protocol ?? 'no protocol'}, not HTTP or HTTPS`,
      {
        code: 'ListenerNotSupported',
        handling: 'stall',
        remedy: 'Name a listener of an application load balancer: only those have rules and weights.',
      },
    )
  }
  return { listenerArn: arnOf(listener), port, protocol }
}

function actionFacts(actions: readonly Action[] = []): Pick<RuleFacts, 'weights' | 'stickiness' | 'actions'> {
  const forward = actions.find(({ Type }) => Type === 'forward')
  const stickiness = forward?.ForwardConfig?.TargetGroupStickinessConfig
  return {
    weights: forward === undefined ? [] : weightsOf(forward),
    stickiness: { enabled: stickiness?.Enabled ?? false, durationSeconds: stickiness?.DurationSeconds },
    actions: actions.map(plainDocument),
  }
}

/** AWS shows one group as TargetGroupArn, several as ForwardConfig; a group without a weight takes 1. */
function weightsOf(forward: Action): readonly TargetGroupWeight[] {
  const groups = forward.ForwardConfig?.TargetGroups ?? [{ TargetGroupArn: forward.TargetGroupArn }]
  return groups.flatMap(
    ({
      TargetGroupArn: targetGroupArn,
      Weight: weight = 1,
    }: {
      TargetGroupArn?: string | undefined
      Weight?: number | undefined
    }) => (targetGroupArn === undefined ? [] : [{ targetGroupArn, weight }]),
  )
}

function arnOf({ ListenerArn: arn }: Listener): string {
  if (arn === undefined) throw unreadable("a listener's ARN")
  return arn
}
