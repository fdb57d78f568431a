import type { PlanInput } from './decision.ts'
import { waitsForOthers } from './order.ts'
import { isOfCommit, isUnchanged } from './together.ts'

/** What the commit's order asks for before a release's own rollout goes its way, in words: what it depends on, and what it moves with. */
export function saidOrder(input: Pick<PlanInput, 'desired' | 'relations'>): readonly string[] {
  const { desired, relations } = input
  const waits = waitsForOthers(input, desired.why)
  const group = isOfCommit(desired, desired.why) ? relations?.group : undefined
  const others = (group?.others ?? []).filter((other) => !isUnchanged(other)).map(({ release }) => release)
  return [
    ...(waits === undefined ? [] : [waits.message]),
    ...(group === undefined || others.length === 0
      ? []
      : [`moves its traffic together with ${others.join(', ')} of group ${group.name}, or not at all`]),
  ]
}
