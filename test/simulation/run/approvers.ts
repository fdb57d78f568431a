import { decide, questionOf } from '../happenings/deciding.ts'
import type { Simulation } from './simulation.ts'

/** So often they look what waits for them. */
const LOOK_MS = 10_000
/** They think about a question for so long. */
const THINK_MS = 15_000

/** People whose job it is to decide at gates: they approve whatever waits for a while, unless they are away. */
export class Approvers {
  readonly #simulation: Simulation
  /** By question: when it was seen first. */
  readonly #seen = new Map<string, number>()

  constructor(simulation: Simulation) {
    this.#simulation = simulation
  }

  start(): void {
    this.#simulation.time.after(LOOK_MS, () => {
      this.#look()
      this.start()
    })
  }

  #look(): void {
    const { time, story } = this.#simulation
    const now = time.elapsed()
    if (now < this.#simulation.awayUntilMs) return
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
