/** Bytes that come one piece after the other, until the end or an error. */
export class ByteStream implements AsyncIterable<Uint8Array> {
  readonly #waiting: Uint8Array[] = []
  readonly #onLeft: () => void
  #outcome: { readonly error: unknown } | 'Ended' | undefined
  #wake = (): void => undefined

  /** `onLeft` is called when nobody reads any more. */
  constructor(onLeft: () => void) {
    this.#onLeft = onLeft
  }

  push(bytes: Uint8Array): void {
    if (this.#outcome !== undefined) return
    this.#waiting.push(bytes)
    this.#wake()
  }

  end(): void {
    this.#outcome ??= 'Ended'
    this.#wake()
  }

  /** What came before is not read any more, as with a broken connection. */
  fail(error: unknown): void {
    this.#outcome ??= { error }
    this.#waiting.length = 0
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const next = this.#waiting.shift()
        if (next !== undefined) yield next
        else if (this.#outcome === undefined)
          await new Promise<void>((resolve) => {
            this.#wake = resolve
          })
        else if (this.#outcome === 'Ended') return
        else throw this.#outcome.error
      }
    } finally {
      this.#onLeft()
    }
  }
}
