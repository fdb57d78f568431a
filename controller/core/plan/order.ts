import { findCondition } from '../../resources/conditions.ts'
import type { RolloutCause } from '../../resources/generated/rollout.ts'
import type { Relative } from '../relations.ts'
import { saidBy } from '../relations.ts'
import type { Blocked, PlanInput } from './decision.ts'

/** How often a release that waits for others is looked at, in milliseconds; they wake it when they serve. */
const LOOK_AGAIN_MS = 30_000

/**
 * What the rollout waits for because spec.dependsOn names it: a release that does not serve yet what the commit wants of it. Undefined when all do, and
 * for whatever is not a commit's own course.
 */
export function waitsForOthers(
  { desired, relations }: Pick<PlanInput, 'desired' | 'relations'>,
  why: RolloutCause,
): Blocked | undefined {
  if (!isOrdered(desired, why)) return undefined
  const late = (relations?.dependsOn ?? []).filter((relative) => !servesWanted(relative))
  const failed = late.find(hasFailed)
  if (failed !== undefined)
    return {
      kind: 'Blocked',
      reason: 'DependencyFailed',
      message: `waits for what it depends on, and that failed: ${saidBy(failed)}; this begins once ${failed.release} serves`,
      lookAgainMs: LOOK_AGAIN_MS,
    }
  const [first] = late
  if (first === undefined) return undefined
  const others = late.length === 1 ? '' : `, and ${late.length - 1} more`
  return {
    kind: 'Blocked',
    reason: 'DependencyNotReady',
    message: `waits until ${first.release} serves${others}; ${saidBy(first)}`,
    lookAgainMs: LOOK_AGAIN_MS,
  }
}

/** A way back is a person's decision that something is wrong now: it waits for nobody, and neither does what keeps a verified version going. */
const isOrdered = ({ goesBack, why: cause }: PlanInput['desired'], why: RolloutCause): boolean =>
  goesBack !== true && cause !== 'Pin' && (why === 'Commit' || why === 'Tag' || why === 'Retry')

function servesWanted({ wanted, status, active }: Relative): boolean {
  const isReady = findCondition(status.conditions ?? [], 'Ready')?.status === 'True'
  return active === undefined && wanted !== undefined && isReady && status.verified?.digest === wanted
}

const hasFailed = ({ wanted, status, active }: Relative): boolean =>
  active === undefined && (status.failed ?? []).some(({ digest }) => digest === wanted)
