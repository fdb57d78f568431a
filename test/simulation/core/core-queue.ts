import { LEASE_LOST_RETRY_MS } from '../../../controller/engine/controller.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { Random } from '../../../controller/ports/random.ts'
import type { Clock } from '../../../controller/ports/clock.ts'
import type { Steps } from './steps.ts'
import { run } from './steps.ts'

const BACKOFF = { firstMs: 250, maximumMs: 60_000 }
const CONCURRENCY = 4

interface Entry {
  state: 'idle' | 'waiting' | 'running'
  again: boolean
  failures: number
  cancelTimer: (() => void) | undefined
}

export interface CoreQueueOptions {
  readonly clock: Clock
  readonly random: Random
  /** Comes to the time after which the key wants to be looked at again. */
  readonly work: (key: string) => Steps<number | undefined>
  readonly onFailure: (failure: {
    readonly key: string
    readonly error: PortError
    readonly retryMs: number
  }) => void
  /** An error that no program of ours may throw. */
  readonly onDefect: (error: unknown) => void
}

/** The work queue's promises without promises: no key twice at a time, none lost, backoff per key. */
export class CoreQueue {
  readonly #options: CoreQueueOptions
  readonly #entries = new Map<string, Entry>()
  readonly #waiting: string[] = []
  #running = 0

  constructor(options: CoreQueueOptions) {
    this.#options = options
  }

  /** Whether no key is being worked on or is to be tried again, and none but `resting` has a time to be looked at again. */
  restsBut(resting: string): boolean {
    for (const [key, { state, failures, cancelTimer }] of this.#entries)
      if (state !== 'idle' || failures > 0 || (cancelTimer !== undefined && key !== resting)) return false
    return true
  }

  add(key: string): void {
    const entry = this.#entryOf(key)
    if (entry.state === 'waiting') return
    if (entry.state === 'running') {
      entry.again = true
      return
    }
    entry.cancelTimer?.()
    entry.cancelTimer = undefined
    entry.state = 'waiting'
    this.#waiting.push(key)
    this.#pump()
  }

  /** Like add, but a key that failed keeps its backoff. */
  addPatiently(key: string): void {
    const entry = this.#entries.get(key)
    if (entry !== undefined && entry.failures > 0 && entry.cancelTimer !== undefined) return
    this.add(key)
  }

  #entryOf(key: string): Entry {
    const known = this.#entries.get(key)
    if (known !== undefined) return known
    const entry: Entry = { state: 'idle', again: false, failures: 0, cancelTimer: undefined }
    this.#entries.set(key, entry)
    return entry
  }

  #pump(): void {
    while (this.#running < CONCURRENCY) {
      const key = this.#waiting.shift()
      if (key === undefined) return
      this.#begin(key, this.#entryOf(key))
    }
  }

  #begin(key: string, entry: Entry): void {
    this.#running += 1
    entry.state = 'running'
    entry.again = false
    run(
      this.#options.work(key),
      (afterMs) => {
        entry.failures = 0
        this.#ended(key, entry, afterMs)
      },
      (error) => {
        if (error instanceof PortError) this.#ended(key, entry, this.#failed(key, entry, error))
        else this.#options.onDefect(error)
      },
    )
  }

  #ended(key: string, entry: Entry, laterMs: number | undefined): void {
    this.#running -= 1
    entry.state = 'idle'
    if (entry.again && entry.failures === 0) this.add(key)
    else if (laterMs !== undefined)
      entry.cancelTimer = this.#options.clock.setTimer(laterMs, () => this.add(key))
    this.#pump()
  }

  #failed(key: string, entry: Entry, error: PortError): number {
    if (error.code === 'LeaseLost') {
      this.#options.onFailure({ key, error, retryMs: LEASE_LOST_RETRY_MS })
      return LEASE_LOST_RETRY_MS
    }
    const steadyMs = Math.min(BACKOFF.maximumMs, BACKOFF.firstMs * 2 ** Math.min(entry.failures, 30))
    const retryMs = Math.round(steadyMs * (0.9 + this.#options.random.next() * 0.2))
    entry.failures += 1
    this.#options.onFailure({ key, error, retryMs })
    return retryMs
  }
}
