import { readOnlyTaskDefinitionMembers, taskDefinitionShape } from '../defaults.ts'
import type { Document } from '../defaults/shape.ts'
import type { Change } from './change.ts'
import { changeAt } from './change.ts'
import { compare } from './compare.ts'
import { pruned } from './prune.ts'

const ours = { owner: 'Steersman', class: 'service' } as const

/** A described task definition against the document that should be registered. Tags stand beside a described one, so they are not compared here. */
export function diffTaskDefinition(
  wanted: Document | undefined,
  live: Document | null | undefined,
  ignore?: readonly string[],
): Change[] {
  if (wanted === undefined || live === undefined) return []
  if (live === null)
    return [changeAt('taskDefinition', [], { wanted: wanted['family'], live: null, ...ours })]
  const compared = (document: Document): Document =>
    pruned(taskDefinitionShape, registrable(document), { roots: ['taskDefinition'], ignore })
  return compare(taskDefinitionShape, compared(wanted), compared(live)).map((difference) =>
    changeAt('taskDefinition', difference.path, {
      wanted: difference.wanted,
      live: difference.live,
      ...ours,
    }),
  )
}

function registrable(document: Document): Document {
  return Object.fromEntries(
    Object.entries(document).filter(([name]) => name !== 'tags' && !readOnlyTaskDefinitionMembers.has(name)),
  )
}
