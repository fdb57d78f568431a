import type { Action } from '../action.ts'
import { places, seenAt, sides, unseenParts } from '../observation.ts'
import { holdAtZero } from '../rollout/scaling.ts'
import { takesTraffic } from '../rollout/traffic.ts'
import type { ReleaseObservation, Part } from '../observation.ts'

export type RemovalDecision =
  | { readonly kind: 'Look'; readonly parts: readonly Part[] }
  | { readonly kind: 'Act'; readonly action: Action; readonly before: string }
  | { readonly kind: 'Wait'; readonly reason: string; readonly message: string }
  /** Nothing of it runs any more. */
  | { readonly kind: 'Gone' }

export interface Removal {
  readonly mayWrite: boolean
  /** Whether the number of tasks was left to autoscaling, which would start some again. */
  readonly isAutoscaled: boolean
  /** Set where the whole environment is taken down: the releases that must be gone before this one. */
  readonly after?: readonly string[]
}

/**
 * What becomes of a release that left the branch, where the environment prunes, or whose environment is taken down: as long as a rule sends it requests
 * nothing is touched, since a rule is never left without its forward action; when none does, its services go to zero. Services are never deleted.
 */
export function planRemoval(observation: ReleaseObservation, removal: Removal): RemovalDecision {
  const unseen = unseenParts(observation, ['services', 'rules'])
  if (unseen.length > 0) return { kind: 'Look', parts: unseen }
  const waits = waitsFor(observation, removal)
  if (waits !== undefined) return waits
  for (const side of places) {
    const { service } = seenAt(observation, side)
    if (service === null || service.status !== 'ACTIVE' || service.desiredCount === 0) continue
    const action = { kind: 'ScaleService', side, desiredCount: 0 } as const
    return act(removal, { action, before: String(service.desiredCount) })
  }
  return removal.isAutoscaled ? withoutAutoscaling(observation, removal) : { kind: 'Gone' }
}

function waitsFor(
  observation: ReleaseObservation,
  { after }: Removal,
): Extract<RemovalDecision, { kind: 'Wait' }> | undefined {
  const why = after === undefined ? 'the release left the branch' : 'the Environment is deleted'
  const served = sides.filter((side) => takesTraffic(observation, side))
  if (served.length > 0) {
    const message = `${why}, but its rule still sends requests to the ${served.join(' and ')} side; point it elsewhere, and leave its target groups in it at weight 0 for as long`
    return { kind: 'Wait', reason: 'StillServing', message }
  }
  if (after === undefined || after.length === 0) return undefined
  const message = `${why}: ${after.join(', ')} may still need this release, and must be gone first`
  return { kind: 'Wait', reason: 'OthersFirst', message }
}

/** Autoscaling with a minimum would start tasks again at a side that is at zero. */
function withoutAutoscaling(observation: ReleaseObservation, removal: Removal): RemovalDecision {
  const unseen = unseenParts(observation, ['scaling'])
  if (unseen.length > 0) return { kind: 'Look', parts: unseen }
  const change = sides.map((side) => holdAtZero(observation, side)).find((each) => each !== undefined)
  return change === undefined ? { kind: 'Gone' } : act(removal, change)
}

function act(
  { mayWrite }: Removal,
  change: Omit<Extract<RemovalDecision, { kind: 'Act' }>, 'kind'>,
): RemovalDecision {
  if (mayWrite) return { kind: 'Act', ...change }
  return {
    kind: 'Wait',
    reason: 'Suspended',
    message: 'the environment is suspended or paused: nothing is written',
  }
}
