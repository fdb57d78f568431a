import type { SteersmanEvent } from '../../../controller/core/event.ts'

/** What a run took, in virtual milliseconds, and how its rollouts ended. */
export interface Measured {
  /** By outcome. */
  readonly rollouts: Readonly<Record<string, number>>
  /** The slowest way of a commit to all of the traffic. */
  readonly commitToTrafficMs: number
  /** The longest from the last sign of one controller to the lease of another. */
  readonly handOverMs: number
}

/** Counts and times what controllers tell. */
export class Measures {
  readonly #now: () => number
  readonly #rollouts = new Map<string, number>()
  readonly #lastSign = new Map<string, number>()
  /** By lease: environments may be spread over several. */
  readonly #holders = new Map<string, string>()
  #commitToTrafficMs = 0
  #handOverMs = 0

  constructor(now: () => number) {
    this.#now = now
  }

  /** `who`: `controller 1, life 2`. */
  told(event: SteersmanEvent, who: string): void {
    const controller = who.split(',')[0] ?? who
    if (event.type === 'LeaseChanged' && event.held) this.#taken(event.lease, controller)
    this.#lastSign.set(controller, this.#now())
    if (event.type !== 'RolloutFinished') return
    this.#rollouts.set(event.outcome, (this.#rollouts.get(event.outcome) ?? 0) + 1)
    this.#commitToTrafficMs = Math.max(this.#commitToTrafficMs, event.commitToTrafficMs ?? 0)
  }

  get measured(): Measured {
    return {
      rollouts: Object.fromEntries(this.#rollouts),
      commitToTrafficMs: this.#commitToTrafficMs,
      handOverMs: this.#handOverMs,
    }
  }

  #taken(lease: string, controller: string): void {
    const holder = this.#holders.get(lease)
    const last = this.#lastSign.get(holder ?? '')
    if (holder !== controller && last !== undefined)
      this.#handOverMs = Math.max(this.#handOverMs, this.#now() - last)
    this.#holders.set(lease, controller)
  }
}
