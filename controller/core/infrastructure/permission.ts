import { PROTECTED } from './judge/destructive.ts'
import type { Judgement } from './judge.ts'

/** What an environment applies without a person (`spec.terraform.apply`). */
export type ApplyPolicy = 'Never' | 'Safe' | 'Always'

/**
 * What may follow a plan: nothing has to; it is applied; it waits for a person's approval of exactly this plan; it is only
 * shown; or it is never applied, whoever asks.
 */
export type Permission = 'Nothing' | 'Apply' | 'AwaitApproval' | 'PlanOnly' | 'Refuse'

/** What the policy makes of a judgement. Traffic and what lies beyond the environment are refused under every policy. */
export function permissionFor({ verdict, reasons, summary }: Judgement, apply: ApplyPolicy): Permission {
  switch (verdict) {
    case 'Unreadable':
    case 'Wider':
    case 'ResetsTraffic':
      return 'Refuse'
    case 'Safe':
      if (!summary.hasChanges) return 'Nothing'
      return apply === 'Never' ? 'PlanOnly' : 'Apply'
    case 'Destructive':
      if (apply === 'Never') return 'PlanOnly'
      return apply === 'Always' && reasons.every(({ rule }) => rule !== PROTECTED) ? 'Apply' : 'AwaitApproval'
  }
}
