import {
  ModifyListenerCommand,
  ModifyRuleCommand,
  type Action,
} from '@aws-sdk/client-elastic-load-balancing-v2'
import type { RuleFacts, TargetGroupWeight } from '../../../core/observation.ts'
import { PortError } from '../../../ports/error.ts'
import type { Traffic } from '../../../ports/traffic.ts'
import type { AwsTools } from '../client/tools.ts'

type DescribedAction = RuleFacts['actions'][number]

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const maxTargetGroups = 5
const maxWeight = 999

/** Writes weights with one ModifyListener or ModifyRule. Nothing but the actions is named, so conditions, transforms and the listener's other settings stay. */
export function createWeightWrites({ clients, send }: AwsTools): Traffic['setWeights'] {
  return async ({ rule, weights }, asked) => {
    const actions = rebuildActions(rule, weights)
    const answer =
      rule.kind === 'ListenerDefault'
        ? await send(
            'elasticloadbalancing:ModifyListener',
            (options) =>
              clients.elb.send(
                new ModifyListenerCommand({ ListenerArn: rule.arn, DefaultActions: actions }),
                options,
              ),
            asked,
          )
        : await send(
            'elasticloadbalancing:ModifyRule',
            (options) =>
              clients.elb.send(new ModifyRuleCommand({ RuleArn: rule.arn, Actions: actions }), options),
            asked,
          )
    return { requestId: answer.$metadata.requestId }
  }
}

/** The rule's actions in their order and meaning, with the forward action's weights replaced. Refuses (stall) what it cannot keep. */
export function rebuildActions(rule: RuleFacts, weights: readonly TargetGroupWeight[]): Action[] {
  if (!rule.actions.some(({ Type }) => Type === 'forward')) {
    throw refusal(
      'NotForwarding',
      `the rule ${rule.arn} has no forward action, so it has no weights to set`,
      {
        remedy: "Let the rule forward to the release's target groups, or name another rule in traffic.rule.",
      },
    )
  }
  checkWeights(rule, weights)
  return rule.actions.map((action) => rebuildAction(rule, action, weights))
}

function rebuildAction(
  rule: RuleFacts,
  described: DescribedAction,
  weights: readonly TargetGroupWeight[],
): Action {
  if (!isKnownAction(described)) {
    throw refusal(
      'ActionNotSupported',
      `the rule ${rule.arn} has an action that cannot be kept: ${String(described['Type'])}`,
      {
        remedy: 'Remove the action from the rule, or use a version of Steersman that knows it.',
      },
    )
  }
  switch (described.Type) {
    case 'forward':
      return forward(described, weights)
    case 'authenticate-oidc':
      return authenticateOidc(described)
    default:
      return described
  }
}

/** Never TargetGroupArn beside ForwardConfig: AWS refuses two that differ. */
function forward(described: Action, weights: readonly TargetGroupWeight[]): Action {
  const { TargetGroupArn: _, ...kept } = described
  return {
    ...kept,
    ForwardConfig: {
      ...described.ForwardConfig,
      TargetGroups: weights.map(({ targetGroupArn, weight }) => ({
        TargetGroupArn: targetGroupArn,
        Weight: weight,
      })),
    },
  }
}

/** AWS never shows the client secret; it keeps the one it has when told so. */
function authenticateOidc(described: Action): Action {
  if (described.AuthenticateOidcConfig === undefined) return described
  const { ClientSecret: _, ...config } = described.AuthenticateOidcConfig
  return { ...described, AuthenticateOidcConfig: { ...config, UseExistingClientSecret: true } }
}

const keptTypes: ReadonlySet<unknown> = new Set([
  'forward',
  'authenticate-oidc',
  'authenticate-cognito',
  'jwt-validation',
  'redirect',
  'fixed-response',
])

function isKnownAction(described: DescribedAction): described is DescribedAction & Action {
  return keptTypes.has(described['Type'])
}

function checkWeights(rule: RuleFacts, weights: readonly TargetGroupWeight[]): void {
  const groups = new Set(weights.map(({ targetGroupArn }) => targetGroupArn))
  const sum = weights.reduce((total, { weight }) => total + weight, 0)
  const inRange = weights.every(
    ({ weight }) => Number.isInteger(weight) && weight >= 0 && weight <= maxWeight,
  )
  if (sum > 0 && inRange && groups.size === weights.length && weights.length <= maxTargetGroups) return
  const shown = weights.map(({ weight }) => weight).join('/')
  throw refusal('InvalidWeights', `the weights ${shown} must not be written to the rule ${rule.arn}`, {
    remedy:
      'Weights are whole numbers from 0 to 999 for at most 5 different target groups, and never all zero.',
  })
}

function refusal(code: string, message: string, { remedy }: { readonly remedy: string }): PortError {
  return new PortError(message, { code, handling: 'stall', remedy })
}
