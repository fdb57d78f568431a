import type { Time } from '../time/time.ts'

/** After how many milliseconds each copy of an event arrives; none for one that is lost. */
export type Fate = readonly number[]

const AT_ONCE: Fate = [0]

/** The way of events from whoever tells them to the queue. */
export class EventRoad {
  /** What becomes of an event; happenings replace it. */
  fate: (event: string) => Fate = () => AT_ONCE
  /** Told of each event that is in the queue by now. */
  arrived: (event: string) => void = () => undefined
  readonly #time: Time
  #underWay = 0

  constructor(time: Time) {
    this.#time = time
  }

  /** Copies that are still to arrive. */
  get underWay(): number {
    return this.#underWay
  }

  carry(event: string, arrive: () => void): void {
    for (const delayMs of this.fate(event)) {
      this.#underWay += 1
      this.#time.after(delayMs, () => {
        this.#underWay -= 1
        arrive()
        this.arrived(event)
      })
    }
  }
}
