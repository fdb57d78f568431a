import type { Change } from '../core/diff.ts'
import type { Outcome } from '../core/outcome.ts'
import type { ReleaseObservation, SideObservation } from '../core/observation.ts'
import { places, seenAt } from '../core/observation.ts'
import { releaseObjectName } from '../resources/names.ts'
import type { ReleaseStatus } from '../resources/types.ts'
import type { Engine, EnvironmentState } from './engine.ts'
import type { Turn } from './turn.ts'

/**
 * Keeps what the reconcile was decided on, where the same would be decided on the same for ever: nothing runs, waits, drifts, is held, has been put back or is kept
 * warm. What is due at a time has its own timer in the queue, which stays.
 */
export function noteRest(
  turn: Turn,
  {
    outcome,
    drift,
    status,
  }: {
    readonly outcome: Outcome
    readonly drift: readonly Change[] | undefined
    readonly status: ReleaseStatus
  },
): void {
  const { state, key, desire, observation, environmentVersion } = turn
  const isAtRest =
    outcome.kind === 'Converged' &&
    turn.isSwept &&
    drift !== undefined &&
    turn.kin.size === 0 &&
    isQuiet(turn, status)
  // What other engines are decided on is not all in the look of a sweep.
  if (!isAtRest || desire?.kind !== 'Ready' || desire.release.spec.engine !== 'TargetGroupSwap') {
    state.rest.delete(key.release)
    return
  }
  const releaseVersion = turn.release.metadata.resourceVersion
  state.rest.set(key.release, { desire, observation, releaseVersion, environmentVersion })
}

const isQuiet = ({ active, held }: Turn, status: ReleaseStatus): boolean =>
  active === undefined &&
  held === undefined &&
  status.held === undefined &&
  status.drift === undefined &&
  status.corrections === undefined &&
  status.keepPreviousUntil === undefined

/** Whether the sweep saw all that the release's last reconcile was decided on just so again, and nobody has written to the release or its environment. */
export async function isStillAtRest(
  { ports }: Engine,
  state: EnvironmentState,
  { release, environmentVersion }: { readonly release: string; readonly environmentVersion: string },
): Promise<boolean> {
  const rest = state.rest.get(release)
  const seen = state.sweep.get(release)?.observation
  if (rest === undefined || seen === undefined || state.held !== undefined) return false
  if (rest.desire !== state.desires?.get(release) || rest.environmentVersion !== environmentVersion)
    return false
  if (!isSameLook(rest.observation, seen)) return false
  const name = releaseObjectName({ environment: state.environment.metadata.name, release })
  return (await ports.store.get('Release', name))?.metadata.resourceVersion === rest.releaseVersion
}

/** The adapters give the very same facts for the same answers. */
function isSameLook(one: ReleaseObservation, other: ReleaseObservation): boolean {
  return (
    one.loadBalancer === other.loadBalancer &&
    one.test === other.test &&
    one.production.length === other.production.length &&
    one.production.every((rule, index) => rule === other.production[index]) &&
    places.every((place) => isSamePlace(seenAt(one, place), seenAt(other, place)))
  )
}

const isSamePlace = (one: SideObservation, other: SideObservation): boolean =>
  one.service === other.service &&
  one.targetGroup === other.targetGroup &&
  isSameScaling(one.scaling, other.scaling)

function isSameScaling(one: SideObservation['scaling'], other: SideObservation['scaling']): boolean {
  if (one === other) return true
  if (!one || !other) return false
  return one.minimum === other.minimum && one.maximum === other.maximum && one.suspended === other.suspended
}
