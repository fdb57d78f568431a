import type { Outcome } from '../core/outcome.ts'
import { isOneService } from '../core/places.ts'
import type { Removal } from '../core/plan/removal.ts'
import { planRemoval } from '../core/plan/removal.ts'
import { namedServices } from './observe.ts'
import { subjectOfDesired } from './turn.ts'
import { perform } from './act.ts'
import type { Desire } from './engine.ts'
import type { Turn } from './turn.ts'
import { look } from './turn.ts'

/** One step with a release that left the branch: it is reported and kept, unless the environment prunes. */
export async function remove(
  turn: Turn,
  desire: Extract<Desire, { kind: 'Removed' }>,
): Promise<Outcome | undefined> {
  if (!desire.prune) {
    return {
      kind: 'Stalled',
      reason: 'Removed',
      message: `the release is no longer in the branch and is kept as it is, ${leftOf(desire)}, or set prune on the environment`,
    }
  }
  const decision = planRemoval(turn.observation, removalOf(turn, desire))
  switch (decision.kind) {
    case 'Look':
      await look(turn, decision.parts)
      return undefined
    case 'Act':
      await perform(turn, { ...decision, drift: false })
      return undefined
    case 'Wait':
      return {
        kind: 'Waiting',
        reason: decision.reason,
        message: decision.message,
        until: undefined,
        lookAgainMs: undefined,
      }
    case 'Gone':
      await turn.engine.ports.store.delete('Release', turn.release.metadata.name)
      return { kind: 'Gone' }
  }
}

/** Of a release with one service autoscaling is Terraform's alone. */
export function removalOf(
  { mayWrite }: Pick<Turn, 'mayWrite'>,
  { release: { spec }, after }: Extract<Desire, { kind: 'Removed' }>,
): Removal {
  const isAutoscaled = spec.service.desiredCount === undefined && !isOneService(spec)
  return { mayWrite, isAutoscaled, ...(after === undefined ? {} : { after }) }
}

function leftOf({ release }: Extract<Desire, { kind: 'Removed' }>): string {
  const { cluster } = release.spec.service
  const [first, second] = namedServices(subjectOfDesired(release)).map(({ name }) => name)
  return second === undefined
    ? `with the service ${first ?? ''} in cluster ${cluster}; delete it by hand`
    : `with the services ${first ?? ''} and ${second} in cluster ${cluster}; delete them by hand, before another release uses their target groups`
}
