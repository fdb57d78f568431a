import type { Clock } from '../../ports/clock.ts'
import type { KubeLease } from './lease-objects.ts'

interface Observed {
  readonly version: string
  /** When the answer that showed it was there, on the monotonic clock. */
  readonly sinceMs: number
}

/** For how long each lease was seen not to change, on this machine's monotonic clock: no other machine's clock is believed. */
export class Silences {
  readonly #clock: Clock
  readonly #observed = new Map<string, Observed>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** In milliseconds, as of when it was asked for: a renewal that is new may have been made right before its answer, so its silence counts from then on. */
  silentMs({ metadata }: KubeLease, askedAtMs: number): number {
    const name = String(metadata['name'])
    const version = `${String(metadata['uid'])} ${String(metadata['resourceVersion'])}`
    const last = this.#observed.get(name)
    if (last?.version === version) return askedAtMs - last.sinceMs
    this.#observed.set(name, { version, sinceMs: this.#clock.monotonic() })
    return 0
  }

  /** Of one that is gone and won't come back. */
  forget({ metadata }: KubeLease): void {
    this.#observed.delete(String(metadata['name']))
  }
}
