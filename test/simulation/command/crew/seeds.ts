/** The seeds that are still to be played, handed out in order. */
export class Seeds {
  #next: number
  readonly #end: number
  readonly #returned: number[] = []
  /** Those from the next one on that need no playing. */
  readonly #without: Set<number>

  /** Without a count there is always one more. Those of `without` were played before. */
  constructor({
    from,
    count = Infinity,
    without = [],
  }: {
    readonly from: number
    readonly count?: number | undefined
    readonly without?: readonly number[]
  }) {
    this.#next = from
    this.#end = from + count
    this.#without = new Set(without.filter((seed) => seed >= from && seed < this.#end))
  }

  /** Without a count, Infinity. */
  get left(): number {
    return this.#returned.length + this.#end - this.#next - this.#without.size
  }

  /** At most so many; none when there are none. */
  take(most: number): readonly number[] {
    const taken = this.#returned.splice(0, most)
    for (; taken.length < most && this.#next < this.#end; this.#next += 1)
      if (!this.#without.delete(this.#next)) taken.push(this.#next)
    return taken
  }

  /** They were taken and not played. */
  giveBack(seeds: readonly number[]): void {
    this.#returned.push(...seeds)
  }
}
