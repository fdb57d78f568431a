type Closer = (limitMs: number) => Promise<void> | void

/** What was started, closed in the opposite order; each is tried even when another one fails. */
export class Closers {
  readonly #closers: Closer[] = []

  add(closer: Closer): void {
    this.#closers.push(closer)
  }

  /** Running work may take `limitMs` to end; throws an AggregateError after everything was tried. */
  async close(limitMs: number): Promise<void> {
    const failures: unknown[] = []
    for (const closer of this.#closers.splice(0).toReversed()) {
      try {
        await closer(limitMs)
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed')
  }
}
