import { isFailure } from '../../../controller/core/rollout/state.ts'
import type { CheckerParts } from './parts.ts'
import type { StoredRollout } from './stored.ts'
import { storedReleases, storedRollouts } from './stored.ts'

/**
 * Somebody struck the last good version too, and bringing it back failed or was aborted: only a person tries it again (I8). Then nothing serves, or what that
 * person made, or it serves on as that person left it.
 */
export function isGivenUp(
  { simulation, checkers }: Pick<CheckerParts, 'simulation' | 'checkers'>,
  release: string,
): boolean {
  const rollouts = storedRollouts(simulation.machine, release)
  const last = lastOf(rollouts)
  const good = rollouts.findLast(({ status }) => status.outcome === 'Succeeded')
  return (
    checkers.excuses.wasStruck(release) &&
    last !== undefined &&
    isFailure(last.status) &&
    last.spec.digest === good?.spec.digest
  )
}

/** Whether the Release says so: that it waits for a person, and that something of it is not what it shall be. */
export function isToldGivenUp(parts: CheckerParts, release: string): boolean {
  const { conditions = [] } = storedReleases(parts.simulation.machine).get(release) ?? {}
  const isSaid = (type: string): boolean =>
    conditions.some((condition) => condition.type === type && condition.status === 'True')
  return isSaid('Stalled') && isSaid('Drifted') && isLastOfDrift(parts, release) && isGivenUp(parts, release)
}

/** Whether the last rollout was to put right what somebody changed. */
const isLastOfDrift = ({ simulation }: CheckerParts, release: string): boolean =>
  lastOf(storedRollouts(simulation.machine, release))?.spec.why === 'Drift'

/** The last one that says something of a version. */
const lastOf = (rollouts: readonly StoredRollout[]): StoredRollout | undefined =>
  rollouts.findLast(({ status }) => status.phase !== 'Superseded')
