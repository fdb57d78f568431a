import { isFinished } from '../../../controller/core/rollout/state.ts'
import type { GateVerdict, RolloutStatus } from '../../../controller/resources/generated/rollout.ts'
import { storedRollouts } from '../checkers/stored.ts'
import type { StoredRollout } from '../checkers/stored.ts'
import { ask } from '../happenings/asking.ts'
import type { Simulation } from './simulation.ts'

/** Who may approve what others pushed. */
export const APPROVERS = ['ops', 'lead'] as const
/** The author of every commit: among the approvers, and never one of his own. */
export const PUSHER = 'Dev'

/** So often they look what waits for them. */
const LOOK_MS = 10_000
/** They think about a question for so long. */
const THINK_MS = 15_000

/** People whose job it is to decide at gates: they approve whatever waits for a while, unless they are away. */
export class Approvers {
  readonly #simulation: Simulation
  /** By question: when it was seen first. */
  readonly #seen = new Map<string, number>()
  #awayUntilMs = 0

  constructor(simulation: Simulation) {
    this.#simulation = simulation
  }

  start(): void {
    this.#simulation.time.after(LOOK_MS, () => {
      this.#look()
      this.start()
    })
  }

  /** Nobody is at the gates for a while. */
  leave(forMs: number): void {
    this.#awayUntilMs = Math.max(this.#awayUntilMs, this.#simulation.time.elapsed() + forMs)
    this.#simulation.later(forMs, () => undefined)
  }

  #look(): void {
    const { time, story } = this.#simulation
    const now = time.elapsed()
    if (now < this.#awayUntilMs) return
    for (const release of story.releases) {
      const asked = questionOf(this.#simulation, release)
      if (asked === undefined) continue
      const key = `${asked.rollout.name} ${asked.awaiting.gate} ${asked.awaiting.result ?? ''}`
      const since = this.#seen.get(key) ?? now
      this.#seen.set(key, since)
      if (now - since >= THINK_MS) decide(this.#simulation, release, { verdict: 'Approved', by: 'ops' })
    }
  }
}

/** What a rollout of the release waits for, as far as is stored. */
function questionOf(
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
