import type { InfrastructurePlan, InfrastructureStatus } from '../../resources/types.ts'
import type { Judgement } from './judge.ts'
import type { Permission } from './permission.ts'

const RULE = 'InterruptedApply'
const MESSAGE =
  'an apply was killed before it could save its state, so there may be resources that the state does not know and a plan would make again: import those, then approve'

/** Whether an apply was killed, and no person has approved a plan since: what it made may be missing in the state. */
export function wasInterrupted({ plan }: InfrastructureStatus): boolean {
  return plan?.reasons?.some(({ rule }) => rule === RULE) === true
}

/** What stands in for a plan until there is one, so that a crash in between forgets nothing. */
export function interruptedPlan(
  made: Pick<InfrastructurePlan, 'commit' | 'inputDigest' | 'at'>,
): InfrastructurePlan {
  return {
    ...made,
    id: 'none',
    serial: 0,
    verdict: 'Safe',
    permission: 'AwaitApproval',
    summary: 'not planned yet',
    reasons: [{ rule: RULE, message: MESSAGE }],
  }
}

/** After an interrupted apply nothing is applied without a person, who sees why. */
export function afterInterruption(
  judgement: Judgement,
  permission: Permission,
): { readonly judgement: Judgement; readonly permission: Permission } {
  const reason = {
    verdict: 'Destructive',
    rule: RULE,
    address: '',
    attributes: [],
    message: MESSAGE,
  } as const
  return {
    judgement: { ...judgement, reasons: [reason, ...judgement.reasons] },
    permission: permission === 'Apply' ? 'AwaitApproval' : permission,
  }
}
