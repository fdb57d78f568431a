import type { ReleaseSpec } from '../../resources/generated/release.ts'
import { trackedTargetShape } from '../defaults.ts'
import type { Document } from '../defaults/shape.ts'
import { isObject, scalarText } from '../defaults/shape.ts'
import { matchesGlob } from '../glob.ts'
import type { Change } from './change.ts'
import { changeAt } from './change.ts'
import { compare } from './compare.ts'

const terraforms = { owner: 'Terraform', class: 'infrastructure' } as const
const TRACKED = 'TargetTrackingScalingPolicyConfiguration'

/** Policies by AWS's own names, as git names them. */
export type WantedPolicies = NonNullable<ReleaseSpec['service']['scalingPolicies']>

/** The policies of one service against those that git names; others are nobody's business. */
export const diffScalingPolicies = (
  service: string,
  wanted: WantedPolicies | undefined,
  live: readonly Document[],
): Change[] => (wanted ?? []).flatMap((policy) => diffPolicy(service, policy, live))

function diffPolicy(service: string, wanted: WantedPolicies[number], live: readonly Document[]): Change[] {
  const found = live.filter((policy) => matchesGlob(wanted.PolicyName, nameOf(policy)))
  if (found.length === 0)
    return [
      changeAt('scalingPolicies', [service, wanted.PolicyName], {
        wanted: wanted.PolicyName,
        live: null,
        ...terraforms,
      }),
    ]
  return found.flatMap((policy) => {
    const tracked = policy[TRACKED]
    return compare(trackedTargetShape, wanted[TRACKED], isObject(tracked) ? tracked : {}).map((difference) =>
      changeAt('scalingPolicies', [service, nameOf(policy), ...difference.path], {
        wanted: difference.wanted,
        live: difference.live,
        ...terraforms,
      }),
    )
  })
}

const nameOf = (policy: Document): string => scalarText(policy['PolicyName'])
