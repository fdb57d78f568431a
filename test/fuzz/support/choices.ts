/**
 * Reads decisions from a fuzzer's bytes, front to back. The same bytes decide the same; when they are used up every decision
 * is the first of those offered, so a shorter input is a simpler one.
 */
export class Choices {
  #offset = 0
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isDone(): boolean {
    return this.#offset >= this.#bytes.length
  }

  /** The next byte, 0 to 255. */
  byte(): number {
    const value = this.#bytes[this.#offset] ?? 0
    this.#offset += 1
    return value
  }

  /** A whole number from 0 to `limit - 1`; one byte is read for up to 256, else two. */
  below(limit: number): number {
    if (limit <= 1) return 0
    const value = limit <= 256 ? this.byte() : this.byte() * 256 + this.byte()
    return value % limit
  }

  /** One of the list, which must not be empty. */
  pick<Item>(list: readonly Item[]): Item {
    const item = list[this.below(list.length)]
    if (item === undefined) throw new RangeError('nothing to pick from')
    return item
  }

  /** True once in `oneIn`; never when the bytes are used up. */
  chance(oneIn: number): boolean {
    return !this.isDone && this.below(oneIn) === oneIn - 1
  }

  /** The bytes that were not read yet. */
  rest(): Uint8Array {
    const rest = this.#bytes.subarray(this.#offset)
    this.#offset = this.#bytes.length
    return rest
  }
}
