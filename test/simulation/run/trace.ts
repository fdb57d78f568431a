import type { SteersmanEvent } from '../../../controller/core/event.ts'

/** One line of what happened. */
export interface TraceEntry {
  /** Virtual milliseconds since the start. */
  readonly atMs: number
  /** Who did it: `aws`, `git`, `people`, `controller 1`, … */
  readonly who: string
  readonly what: string
}

/** Lines that are kept for people; the hash covers every line. */
const MOST_ENTRIES = 20_000

/** Everything that happened in a run, in order: two runs were the same when their hashes are. */
export class Trace {
  readonly entries: TraceEntry[] = []
  readonly #now: () => number
  #hash = 0x811c9dc5
  #count = 0

  constructor(now: () => number) {
    this.#now = now
  }

  get length(): number {
    return this.#count
  }

  add(who: string, what: string): void {
    const atMs = this.#now()
    this.#count += 1
    const line = `${atMs} ${who}: ${what}`
    for (let index = 0; index < line.length; index += 1)
      this.#hash = Math.imul(this.#hash ^ line.charCodeAt(index), 0x01000193)
    if (this.entries.length < MOST_ENTRIES) this.entries.push({ atMs, who, what })
  }

  /** Eight hexadecimal digits (FNV-1a). */
  hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0')
  }
}

/** An event as the trace has it: what it is, and its plain facts. */
export function describe({ type, ...facts }: SteersmanEvent): string {
  const words = Object.entries(facts)
    .filter(
      ([, value]) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean',
    )
    .map(([name, value]) => `${name}=${String(value)}`)
  return `${type} ${words.join(' ')}`
}
