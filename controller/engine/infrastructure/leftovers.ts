import {
  afterInterruption,
  wasInterrupted,
  wereLeftoversTold,
} from '../../core/infrastructure/interrupted.ts'
import type { Decided, LookedUp } from '../../core/infrastructure/interrupted.ts'
import { leftoversOf } from '../../core/infrastructure/leftovers.ts'
import type { Leftover } from '../../core/infrastructure/leftovers.ts'
import { isReadable, readPlan } from '../../core/infrastructure/plan-json.ts'
import type { Plan } from '../../core/infrastructure/plan-json.ts'
import { commonTags } from '../../core/infrastructure/planned-tags.ts'
import type { InfrastructureTurn } from './turn.ts'

/** After an interrupted apply, looks for what it left before anything is decided; otherwise the account is not asked. */
export async function afterInterruptedApply(
  turn: InfrastructureTurn,
  json: unknown,
  decided: Decided,
): Promise<Decided & { readonly leftovers: readonly Leftover[] }> {
  const plan = readPlan(json)
  if (!wasInterrupted(turn.status) || !isReadable(plan)) return { ...decided, leftovers: [] }
  const lookedUp = await lookUp(turn, plan)
  const { environment, status } = turn
  const after = afterInterruption(decided, lookedUp, { environment, wereTold: wereLeftoversTold(status) })
  return { ...after, leftovers: after === decided ? [] : lookedUp.leftovers }
}

async function lookUp({ infrastructure }: InfrastructureTurn, plan: Plan): Promise<LookedUp> {
  const tags = commonTags(plan)
  if (Object.keys(tags).length === 0) return { leftovers: leftoversOf(plan, []), extent: 'NoTags' }
  const { resources, isComplete } = await infrastructure.inventory.tagged(tags)
  return { leftovers: leftoversOf(plan, resources), extent: isComplete ? 'All' : 'Part' }
}
