import type { DestroyingApply } from '../../resources/types.ts'
import type { Judgement } from './judge.ts'

const MOST_RESOURCES = 20
const MOST_APPLIES = 20

/** The applies that replaced or destroyed something, with one that is about to: what it begins may be done whatever becomes of it. */
export function withDestroying(
  known: readonly DestroyingApply[] | undefined,
  apply: { readonly commit: string; readonly at: string },
  judgement: Judgement,
): readonly DestroyingApply[] | undefined {
  const resources = destroyedBy(judgement)
  if (resources.length === 0) return known
  return [...(known ?? []), { ...apply, resources: resources.slice(0, MOST_RESOURCES) }].slice(-MOST_APPLIES)
}

/** As `replace aws_db_instance.main`. A new revision of a task definition that leaves the old one as it is counts for nothing. */
function destroyedBy({ reasons, summary }: Judgement): readonly string[] {
  const destructive = new Set(
    reasons.filter(({ verdict }) => verdict === 'Destructive').map(({ address }) => address),
  )
  return summary.resources
    .filter(({ action, address }) => isGone(action) && destructive.has(address))
    .map(({ action, address }) => `${action} ${address}`)
}

const isGone = (action: Judgement['summary']['resources'][number]['action']): boolean =>
  action === 'replace' || action === 'destroy'
