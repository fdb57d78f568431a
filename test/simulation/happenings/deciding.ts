import { isFinished } from '../../../controller/core/rollout/state.ts'
import type { GateVerdict, RolloutStatus } from '../../../controller/resources/generated/rollout.ts'
import { storedRollouts } from '../checkers/stored.ts'
import type { StoredRollout } from '../checkers/stored.ts'
import type { Simulation } from '../run/simulation.ts'
import { ask } from './asking.ts'

/** What a rollout of the release waits for, as far as is stored. */
export function questionOf(
  { machine }: Simulation,
  release: string,
): { readonly rollout: StoredRollout; readonly awaiting: RolloutStatus['awaiting'] & object } | undefined {
  const rollout = storedRollouts(machine, release).find(({ status }) => !isFinished(status))
  const awaiting = rollout?.status.awaiting
  return rollout === undefined || awaiting === undefined ? undefined : { rollout, awaiting }
}

/** Somebody decides what waits now, or a gate that does not, or of a rollout before; nothing where nobody is asked. */
export function decide(
  simulation: Simulation,
  release: string,
  {
    verdict,
    by,
    gate,
    isOfBefore = false,
  }: {
    readonly verdict: GateVerdict
    readonly by: string
    readonly gate?: string
    readonly isOfBefore?: boolean
  },
): void {
  const asked = questionOf(simulation, release)
  const rollouts = storedRollouts(simulation.machine, release)
  const rollout = isOfBefore ? rollouts.at(-2) : asked?.rollout
  if (asked === undefined || rollout === undefined) return simulation.strikes.missed()
  ask(
    simulation,
    { verb: 'decide', release, rollout: rollout.name, gate: gate ?? asked.awaiting.gate, verdict, by },
    { tries: 1 },
  )
}
