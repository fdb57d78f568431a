import type { Action } from '../action.ts'
import { places, seenAt, sides } from '../observation.ts'
import { takesTraffic } from '../rollout/traffic.ts'
import type { ReleaseObservation, Part } from '../observation.ts'

export type RemovalDecision =
  | { readonly kind: 'Look'; readonly parts: readonly Part[] }
  | { readonly kind: 'Act'; readonly action: Action; readonly before: string }
  | { readonly kind: 'Wait'; readonly reason: string; readonly message: string }
  /** Nothing of it runs any more. */
  | { readonly kind: 'Gone' }

/**
 * What becomes of a release that left the branch, where the environment prunes: as long as a rule sends it requests nothing is touched, since a rule is
 * never left without its forward action; when none does, its services go to zero. Services are never deleted.
 */
export function planRemoval(observation: ReleaseObservation, mayWrite: boolean): RemovalDecision {
  const unseen = (['services', 'rules'] as const).filter((part) => !observation.seen.includes(part))
  if (unseen.length > 0) return { kind: 'Look', parts: unseen }
  const served = sides.filter((side) => takesTraffic(observation, side))
  if (served.length > 0) {
    const message = `the release left the branch, but its rule still sends requests to the ${served.join(' and ')} side; take the rule away, or point it elsewhere`
    return { kind: 'Wait', reason: 'StillServing', message }
  }
  for (const side of places) {
    const { service } = seenAt(observation, side)
    if (service === null || service.status !== 'ACTIVE' || service.desiredCount === 0) continue
    if (!mayWrite)
      return {
        kind: 'Wait',
        reason: 'Suspended',
        message: 'the environment is suspended or paused: nothing is written',
      }
    return {
      kind: 'Act',
      action: { kind: 'ScaleService', side, desiredCount: 0 },
      before: String(service.desiredCount),
    }
  }
  return { kind: 'Gone' }
}
