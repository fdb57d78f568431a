/** The seeds that are still to be played, handed out in order. */
export class Seeds {
  #next: number
  readonly #end: number
  readonly #returned: number[] = []

  /** Without a count there is always one more. */
  constructor({ from, count = Infinity }: { readonly from: number; readonly count?: number | undefined }) {
    this.#next = from
    this.#end = from + count
  }

  /** Without a count, Infinity. */
  get left(): number {
    return this.#returned.length + this.#end - this.#next
  }

  /** At most so many; none when there are none. */
  take(most: number): readonly number[] {
    const taken = this.#returned.splice(0, most)
    while (taken.length < most && this.#next < this.#end) {
      taken.push(this.#next)
      this.#next += 1
    }
    return taken
  }

  /** They were taken and not played. */
  giveBack(seeds: readonly number[]): void {
    this.#returned.push(...seeds)
  }
}
