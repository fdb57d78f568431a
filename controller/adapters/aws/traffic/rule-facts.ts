import type {
  Action,
  Listener,
  Rule,
  TargetGroupStickinessConfig,
  TargetGroupTuple,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { RuleFacts, TargetGroupWeight } from '../../../core/observation.ts'
import { PortError } from '../../../ports/error.ts'
import { countOrZero, objectsIn, portOrZero, requiredText } from '../client/members.ts'
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
  return {
    ...place(listener),
    ...actionFacts(rule.Actions),
    arn: requiredText(rule.RuleArn, "a rule's ARN"),
    kind: 'Rule',
    conditions: objectsIn(rule.Conditions, "a rule's conditions").map(plainDocument),
  }
}

function place(listener: Listener): Pick<RuleFacts, 'listenerArn' | 'port' | 'protocol'> {
  const { Port, Protocol: protocol } = listener
  const port = portOrZero(Port, "a listener's port")
  if (port === 0 || (protocol !== 'HTTP' && protocol !== 'HTTPS')) {
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

function actionFacts(
  described: readonly Action[] | undefined,
): Pick<RuleFacts, 'weights' | 'stickiness' | 'actions'> {
  const actions = objectsIn(described, "a rule's actions")
  const forward = actions.find(({ Type }) => Type === 'forward')
  const stickiness = forward?.ForwardConfig?.TargetGroupStickinessConfig
  return {
    weights: forward === undefined ? [] : weightsOf(forward),
    stickiness: { enabled: stickiness?.Enabled === true, durationSeconds: durationOf(stickiness) },
    actions: actions.map(plainDocument),
  }
}

function durationOf(stickiness: TargetGroupStickinessConfig | undefined): number | undefined {
  if (stickiness?.DurationSeconds === undefined) return undefined
  return countOrZero(stickiness.DurationSeconds, "a stickiness's duration")
}

/** AWS shows one group as TargetGroupArn, several as ForwardConfig; a group without a weight takes 1. */
function weightsOf(forward: Action): readonly TargetGroupWeight[] {
  const groups = forward.ForwardConfig?.TargetGroups ?? [{ TargetGroupArn: forward.TargetGroupArn }]
  return objectsIn<TargetGroupTuple>(groups, "a forward action's target groups").map(
    ({ TargetGroupArn: arn, Weight: weight = 1 }) => {
      if (!Number.isInteger(weight) || weight < 0 || weight > MAX_WEIGHT)
        throw unreadable("a target group's weight")
      return { targetGroupArn: requiredText(arn, "a forward action's target group"), weight }
    },
  )
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupTuple.html */
const MAX_WEIGHT = 999

const arnOf = ({ ListenerArn: arn }: Listener): string => requiredText(arn, "a listener's ARN")
