import type { Callback } from '../../../controller/core/gate/callback.ts'
import { ask } from '../happenings/asking.ts'
import type { Simulation } from './simulation.ts'

/** It decides within so long, where it has an opinion, and looks again after as long where it has none. */
const DECIDES_AFTER_MS = 7_000

/** Whoever takes the webhooks of gates: it calls back after a while, each time as hooks answer at that moment; one that fails forgets. */
export class Receiver {
  readonly #simulation: Simulation
  /** Rollouts with their gates that it is about to call back. */
  readonly #pending = new Set<string>()

  constructor(simulation: Simulation) {
    this.#simulation = simulation
  }

  start(): void {
    this.#simulation.aws.gates.posted = (callback) => {
      const key = `${callback.rollout}/${callback.gate}`
      if (this.#pending.has(key)) return
      this.#pending.add(key)
      this.#decide(key, callback)
    }
  }

  #decide(key: string, callback: Callback): void {
    this.#simulation.time.after(DECIDES_AFTER_MS, () => {
      const { gates } = this.#simulation.aws
      if (gates.hook === 'IN_PROGRESS') return this.#decide(key, callback)
      this.#pending.delete(key)
      if (gates.hook === 'error') return
      const { hook: answer } = gates
      gates.hookAnswered(key, answer)
      const { rollout, gate } = callback
      const release = rollout.split('-').at(-2) ?? ''
      ask(this.#simulation, { verb: 'answer', release, rollout, gate, answer })
    })
  }
}
