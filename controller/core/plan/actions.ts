import { actionsShape } from '../defaults.ts'
import type { RuleAction } from '../desired.ts'
import { compare } from '../diff/compare.ts'
import { ranked } from '../diff/rule.ts'
import type { RuleFacts } from '../observation.ts'
import type { Decision, PlanInput } from './decision.ts'

type Actions = readonly RuleAction[]

/** Whether the rule does before it forwards what is wanted; what nobody wants is as somebody made it. */
export const hasActions = ({ actions }: Pick<RuleFacts, 'actions'>, wanted: Actions | undefined): boolean =>
  wanted === undefined || compare(actionsShape, ranked(wanted), ranked(beforeForward(actions))).length === 0

/**
 * All actions of the rule with those before the forward one as they are wanted; as they are where they can't be: nobody shows a client secret, so a rule keeps
 * the one that it has, or has none.
 */
export function withActions(actions: Actions, wanted: Actions | undefined): Actions {
  if (wanted === undefined || !keepsSecrets(actions, wanted)) return actions
  const forward = actions.filter(({ Type }) => Type === 'forward')
  return ranked(wanted).concat(forward.map((action) => ({ ...action, Order: wanted.length + 1 })))
}

/** What only a person can mend: the rule was never given the secret that the wanted action needs. */
export function secretMissing({ desired, observation }: PlanInput): Decision | undefined {
  const { actions } = desired
  const rule = observation.production.find(
    (candidate) =>
      candidate !== null &&
      actions !== undefined &&
      !hasActions(candidate, actions) &&
      !keepsSecrets(candidate.actions, actions),
  )
  if (rule === undefined || rule === null) return undefined
  return {
    kind: 'Stall',
    reason: 'ClientSecretMissing',
    message: `the rule ${rule.arn} has no authenticate-oidc action of the wanted issuer and client, whose secret it could keep; add the action with its secret by hand or by the AWS CLI, once`,
  }
}

/** Whether each wanted action that needs a secret finds it in the rule: that of the same client of the same issuer. */
function keepsSecrets(actions: Actions, wanted: Actions): boolean {
  const clients = new Set(actions.flatMap((action) => clientOf(action) ?? []))
  return wanted.every((action) => {
    const client = clientOf(action)
    return client === undefined || clients.has(client)
  })
}

function clientOf({ AuthenticateOidcConfig: config }: RuleAction): string | undefined {
  if (typeof config !== 'object' || config === null) return undefined
  const { Issuer, ClientId } = config as RuleAction
  return JSON.stringify([Issuer, ClientId])
}

const beforeForward = (actions: Actions): Actions => actions.filter(({ Type }) => Type !== 'forward')
