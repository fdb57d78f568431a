/** Closes what was opened, the newest first, whatever happens in between. */
export class Closers {
  readonly #closers: (() => Promise<void> | void)[] = []

  add(close: () => Promise<void> | void): void {
    this.#closers.push(close)
  }

  async close(): Promise<void> {
    for (const close of this.#closers.toReversed()) await close()
  }
}
