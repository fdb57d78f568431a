import type { Random } from '../../../controller/ports/random.ts'
import { between, chance } from '../time/randomness.ts'
import type { Time } from '../time/time.ts'

/** The forge tells that the branch moved: a webhook may be lost, late or doubled, and so come after those of later pushes. */
export class Webhooks {
  readonly #time: Time
  readonly #random: Random
  readonly #deliver: () => void
  /** Asked for each delivery that sets out while they are lost; the last one is told. */
  #lost: (() => void) | undefined

  constructor({
    time,
    random,
    deliver,
  }: {
    readonly time: Time
    readonly random: Random
    readonly deliver: () => void
  }) {
    this.#time = time
    this.#random = random
    this.#deliver = deliver
  }

  pushed(): void {
    const random = this.#random
    const deliveries = chance(random, 0.2) ? between(random, 0, 2) : 1
    for (let delivery = 0; delivery < deliveries; delivery += 1) {
      const delayMs = chance(random, 0.2) ? between(random, 1_000, 40_000) : 100
      if (this.#lost === undefined) this.#time.after(delayMs, this.#deliver)
      else this.#lost()
    }
  }

  /** Another branch moved, or somebody sends one again: it tells nothing new. */
  ofOthers(): void {
    this.#deliver()
  }

  /** From now on none sets out, until what is returned is called; `strike` is called for each. */
  lose(strike: () => void): () => void {
    this.#lost = strike
    return () => {
      if (this.#lost === strike) this.#lost = undefined
    }
  }
}
