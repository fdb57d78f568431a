import { sha256 } from '../canonical-json.ts'
import type { InfrastructurePlan, InfrastructureStatus } from '../../resources/types.ts'
import type { Judgement } from './judge.ts'
import type { Leftover } from './leftovers.ts'
import type { Permission } from './permission.ts'

const RULE = 'InterruptedApply'
const KILLED = 'an apply was killed before it could save its state'

/** Whether an apply was killed, and no person has approved a plan since: what it made may be missing in the state. */
export function wasInterrupted({ plan }: InfrastructureStatus): boolean {
  return plan?.reasons?.some(({ rule }) => rule === RULE) === true
}

/** Whether leftovers were found and told before. */
export function wereLeftoversTold({ plan }: InfrastructureStatus): boolean {
  return plan?.leftovers?.some(({ arn }) => arn !== undefined) === true
}

/** In the place of a plan's id until there is a plan: nobody can approve it. */
export const UNPLANNED = 'none'

/** What stands in for a plan until there is one, so that a crash in between forgets nothing. */
export function interruptedPlan(
  made: Pick<InfrastructurePlan, 'commit' | 'inputDigest' | 'at'>,
): InfrastructurePlan {
  return {
    ...made,
    id: UNPLANNED,
    serial: 0,
    verdict: 'Safe',
    permission: 'AwaitApproval',
    summary: 'not planned yet',
    reasons: [
      {
        rule: RULE,
        message: `${KILLED}, so there may be resources that the state does not know and a plan would make again`,
      },
    ],
  }
}

/** What a look for the leftovers of an interrupted apply came to. */
export interface LookedUp {
  readonly leftovers: readonly Leftover[]
  /** `NoTags`: the planned resources have no tag in common, so nothing could be looked up. `Part`: there is more than was looked at. */
  readonly extent: 'All' | 'Part' | 'NoTags'
}

/** A plan with what follows from it. */
export interface Decided {
  readonly id: string
  readonly judgement: Judgement
  readonly permission: Permission
}

/**
 * After an interrupted apply nothing is applied without a person, who sees why. What certainly exists is not made again whoever asks; what only may be a
 * leftover can be approved, by an id that stands for these leftovers, too. Once leftovers were told and none is left, a plan is judged as always.
 */
export function afterInterruption(
  decided: Decided,
  lookedUp: LookedUp,
  { environment, wereTold }: { readonly environment: string; readonly wereTold: boolean },
): Decided {
  const { id, judgement, permission } = decided
  const found = lookedUp.leftovers.filter(({ arn }) => arn !== undefined)
  if (found.length === 0 && wereTold && lookedUp.extent !== 'Part') return decided
  const reason = {
    verdict: 'Destructive',
    rule: RULE,
    address: '',
    attributes: [],
    message: `${KILLED}${messageOf(found.length, lookedUp.extent, environment)}`,
  } as const
  const isCertain = found.some((one) => one.isCertain)
  return {
    id: found.length === 0 ? id : sha256({ id, leftovers: found.map(({ arn }) => arn) }),
    judgement: { ...judgement, reasons: [reason, ...judgement.reasons] },
    permission: isStopped(permission) ? permission : isCertain ? 'Refuse' : 'AwaitApproval',
  }
}

const isStopped = (permission: Permission): boolean =>
  permission !== 'Apply' && permission !== 'AwaitApproval'

function messageOf(found: number, extent: LookedUp['extent'], environment: string): string {
  if (found > 0)
    return `: ${found === 1 ? '1 resource exists' : `${found} resources exist`} that the state lacks and the plan would make again; import what \`steersman terraform imports ${environment}\` prints`
  const look = 'look for what the state lacks, import it, then approve'
  switch (extent) {
    case 'All':
      return `, and nothing with the tags of the planned resources was found that the state lacks; tags come late and don't show everything, so ${look}`
    case 'Part':
      return `, and the resources with the tags of the planned ones are too many to look at all of them; ${look}`
    case 'NoTags':
      return `, and the planned resources have no tag in common by which it could be looked up; ${look}`
  }
}
