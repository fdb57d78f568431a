import type { Time } from '../time/time.ts'

/** After how many milliseconds each copy of an event arrives; none for one that is lost. */
export type Fate = readonly number[]

/** What becomes of an event on the way, for as long as the detour lasts. */
export type Detour = (fate: Fate) => Fate

/** The way of events from whoever tells them to the queue. */
export class EventRoad {
  readonly #listeners: ((message: string) => void)[] = []
  readonly #time: Time
  readonly #detours = new Set<Detour>()
  #underWay = 0

  constructor(time: Time) {
    this.#time = time
  }

  /** Copies that are still to arrive. */
  get underWay(): number {
    return this.#underWay
  }

  /** Is told of each message that is in the queue by now. */
  listen(listener: (message: string) => void): void {
    this.#listeners.push(listener)
  }

  /** A message is in the queue, whoever has written it. */
  arrived(message: string): void {
    for (const listener of this.#listeners) listener(message)
  }

  /** From now on until what is returned is called. */
  take(detour: Detour): () => void {
    this.#detours.add(detour)
    return () => void this.#detours.delete(detour)
  }

  /** `arrive` says whether there is a queue. */
  carry(event: string, arrive: () => boolean): void {
    let fate: Fate = [0]
    for (const detour of this.#detours) fate = detour(fate)
    for (const delayMs of fate) {
      this.#underWay += 1
      this.#time.after(delayMs, () => {
        this.#underWay -= 1
        if (arrive()) this.arrived(event)
      })
    }
  }
}
