import type { FaultRule } from '../../../controller/sandbox/kernel/faults.ts'
import type { World } from '../../../controller/sandbox/world.ts'
import type { Time } from '../time/time.ts'
import type { Strikes } from './strikes.ts'

/** The times in which calls to one world go wrong, and how often they truly do. */
export class FaultWindows {
  readonly #world: World
  readonly #strikes: Strikes
  readonly #time: Time
  readonly #rules = new Map<FaultRule, { readonly strike: () => void; struck: number }>()

  constructor(world: World, { strikes, time }: { readonly strikes: Strikes; readonly time: Time }) {
    this.#world = world
    this.#strikes = strikes
    this.#time = time
  }

  get isEmpty(): boolean {
    return this.#rules.size === 0
  }

  openFor(rule: FaultRule, forMs: number): void {
    this.#rules.set(rule, { strike: this.#strikes.later(), struck: 0 })
    this.#apply()
    this.#time.after(forMs, () => {
      this.#rules.delete(rule)
      this.#apply()
    })
  }

  closeAll(): void {
    this.#rules.clear()
    this.#apply()
  }

  /** After each call: a rule strikes when it is a call's turn. */
  count(): void {
    for (const [rule, known] of this.#rules) {
      const struck = this.#world.faults.struck(rule)
      if (struck > known.struck) known.strike()
      known.struck = struck
    }
  }

  #apply(): void {
    this.#world.faults.clear()
    for (const rule of this.#rules.keys()) this.#world.faults.add(rule)
  }
}
