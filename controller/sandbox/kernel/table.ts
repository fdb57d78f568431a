import type { Clock } from './clock.ts'

/** How long earlier versions are kept: the longest staleness that a fault may ask for. */
export const HISTORY_MS = 120_000

/** What an operation may read: the present, or how the table once stood. */
export interface TableView<T> {
  get(id: string): T | undefined
  /** All values in insertion order. */
  list(): T[]
}

interface Version<T> {
  readonly at: number
  /** undefined: the row did not exist from this time on. */
  readonly value: T | undefined
}

/** Rows by id whose values are never changed in place: a write puts a new value and keeps the older one for 120 s. */
export class Table<T> implements TableView<T> {
  readonly #clock: Pick<Clock, 'now'>
  #rows = new Map<string, T>()
  #history = new Map<string, Version<T>[]>()
  #nextSweepAt = 0
  #version = 0
  readonly #watchers: { changed(before: T | undefined, after: T): void }[] = []

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /** Grows with each write, so that whoever derives an index from the table knows when it is out of date. */
  get version(): number {
    return this.#version
  }

  get(id: string): T | undefined {
    return this.#rows.get(id)
  }

  list(): T[] {
    return [...this.#rows.values()]
  }

  put(id: string, value: T): void {
    const before = this.#rows.get(id)
    this.#remember(id, value)
    this.#rows.set(id, value)
    for (const watcher of this.#watchers) watcher.changed(before, value)
  }

  /** Calls back after each put, with the row as it was before. */
  watch(watcher: (before: T | undefined, after: T) => void): void {
    this.#watchers.push({ changed: watcher })
  }

  delete(id: string): void {
    if (!this.#rows.has(id)) return
    this.#remember(id, undefined)
    this.#rows.delete(id)
  }

  /** A view of the table as it stood at `timeMs` (epoch); times older than 120 s show the oldest version kept. */
  asOf(timeMs: number): TableView<T> {
    return {
      get: (id) => this.#at(id, timeMs),
      list: () => {
        const ids = new Set([...this.#history.keys(), ...this.#rows.keys()])
        return [...ids].map((id) => this.#at(id, timeMs)).filter((value) => value !== undefined)
      },
    }
  }

  /** The rows from the oldest on, one by one: whoever needs a few of them copies none of the others. */
  entries(): IterableIterator<readonly [string, T]> {
    return this.#rows.entries()
  }

  /** All rows as JSON-able pairs; without the history. */
  dump(): [string, T][] {
    return [...this.#rows.entries()]
  }

  /** Replaces everything by an earlier dump. */
  load(rows: readonly (readonly [string, T])[]): void {
    this.#rows = new Map(rows)
    this.#history = new Map()
    this.#version += 1
  }

  #at(id: string, timeMs: number): T | undefined {
    const versions = this.#history.get(id)
    if (versions === undefined) return this.#rows.get(id)
    return versions.findLast((version) => version.at <= timeMs)?.value
  }

  #remember(id: string, value: T | undefined): void {
    const now = this.#clock.now()
    this.#version += 1
    this.#sweep(now)
    const versions = this.#history.get(id) ?? [{ at: Number.NEGATIVE_INFINITY, value: this.#rows.get(id) }]
    versions.push({ at: now, value })
    prune(versions, now)
    this.#history.set(id, versions)
  }

  #sweep(now: number): void {
    if (now < this.#nextSweepAt) return
    this.#nextSweepAt = now + HISTORY_MS
    for (const [id, versions] of this.#history) {
      prune(versions, now)
      if (versions.length === 1) this.#history.delete(id)
    }
  }
}

/** Drops the versions that no view of the last 120 s can show; looks at these alone, for a row may have thousands that one can. */
function prune<T>(versions: Version<T>[], now: number): void {
  const isUnseen = (index: number): boolean =>
    (versions[index + 1]?.at ?? Number.POSITIVE_INFINITY) <= now - HISTORY_MS
  let unseen = 0
  while (isUnseen(unseen)) unseen += 1
  if (unseen > 0) versions.splice(0, unseen)
}
