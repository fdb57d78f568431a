import type { Clock } from '../ports/clock.ts'
import type { Random } from '../ports/random.ts'

export interface WorkQueueSettings {
  readonly clock: Clock
  readonly random: Random
  /** Keys worked on at the same time; a key never more than once. */
  readonly concurrency: number
  /** Keys that may be known at once: a bound against a flood of names. */
  readonly maximumKeys: number
  readonly backoff: { readonly firstMs: number; readonly maximumMs: number }
  /** After how long a key is tried again whose work was cut off by what says nothing of the key; undefined for a failure, which is backed off from. */
  readonly cutOffMs: (error: unknown) => number | undefined
  /** Works on a key. Resolves to the time after which it wants to be looked at again, or undefined for "when something happens". Rejects to be tried again. */
  readonly work: (key: string) => Promise<number | undefined>
  readonly onFailure: (failure: {
    readonly key: string
    readonly error: unknown
    readonly retryMs: number
  }) => void
  readonly onStart: (started: { readonly key: string; readonly waitedMs: number }) => void
}

interface Entry {
  state: 'idle' | 'waiting' | 'running'
  /** Asked for while it was worked on. */
  again: boolean
  failures: number
  /** Monotonic time at which it was asked for, or began to run. */
  since: number
  cancelTimer: (() => void) | undefined
}

/** Keys that can't wait and are worked on besides those that the concurrency allows: people don't ask for more at once. */
const SPARE_WORKERS = 4

/** A queue of keys with the promises of Kubernetes' controllers: no key twice at a time, none lost, backoff per key, bounded fair workers. */
export class WorkQueue {
  readonly #settings: WorkQueueSettings
  readonly #entries = new Map<string, Entry>()
  readonly #waiting: string[] = []
  /** Of those that wait, or are to be worked on once more. */
  readonly #urgent = new Set<string>()
  readonly #finishers: (() => void)[] = []
  /** Those that are being worked on: as many as there are workers, while the entries are many. */
  readonly #working = new Set<Entry>()
  #running = 0
  #state: 'stopped' | 'started' | 'draining' = 'stopped'

  constructor(settings: WorkQueueSettings) {
    this.#settings = settings
  }

  start(): void {
    this.#state = 'started'
    this.#pump()
  }

  /** Wants a key worked on as soon as possible. Asking again while it waits changes nothing; asking while it is worked on works on it once more afterwards. */
  add(key: string): void {
    this.#want(key, 'InTurn')
  }

  /** Like add, but before all keys that wait, although as many as may be are worked on, and without the backoff of work that fails meanwhile: for what can't wait. */
  addFirst(key: string): void {
    this.#want(key, 'First')
  }

  #want(key: string, order: 'InTurn' | 'First'): void {
    const entry = this.#entryOf(key)
    if (entry === undefined || this.#state === 'draining') return
    if (order === 'First') this.#urgent.add(key)
    if (entry.state === 'waiting') {
      this.#pump()
      return
    }
    if (entry.state === 'running') {
      entry.again = true
      return
    }
    entry.cancelTimer?.()
    entry.cancelTimer = undefined
    entry.state = 'waiting'
    entry.since = this.#settings.clock.monotonic()
    this.#waiting.push(key)
    this.#pump()
  }

  /** Like add, but a key that failed keeps its backoff: for what is looked at again and again anyway. */
  addPatiently(key: string): void {
    const entry = this.#entries.get(key)
    if (entry !== undefined && entry.failures > 0 && entry.cancelTimer !== undefined) return
    this.add(key)
  }

  /** Forgets a key that is not being worked on, and its failures. */
  forget(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined || entry.state === 'running') return
    entry.cancelTimer?.()
    this.#entries.delete(key)
    this.#urgent.delete(key)
    const index = this.#waiting.indexOf(key)
    if (index >= 0) this.#waiting.splice(index, 1)
  }

  /** Takes nothing new and resolves when the running work has ended, or after `limitMs`. */
  async drain(limitMs: number): Promise<void> {
    this.#state = 'draining'
    for (const entry of this.#entries.values()) entry.cancelTimer?.()
    if (this.#running === 0) return
    await new Promise<void>((resolve) => {
      const cancel = this.#settings.clock.setTimer(limitMs, resolve)
      this.#finishers.push(() => {
        cancel()
        resolve()
      })
    })
  }

  /** Whether no key waits, is worked on or is to be tried again, and none but those that `mayCome` says has a time to be looked at again. */
  restsBut(mayCome: (key: string) => boolean): boolean {
    for (const [key, { state, failures, cancelTimer }] of this.#entries)
      if (state !== 'idle' || failures > 0 || (cancelTimer !== undefined && !mayCome(key))) return false
    return true
  }

  /** Keys that wait for a worker. */
  depth(): number {
    return this.#waiting.length
  }

  longestRunningMs(): number {
    const starts = [...this.#working].map(({ since }) => since)
    return starts.length === 0 ? 0 : this.#settings.clock.monotonic() - Math.min(...starts)
  }

  #entryOf(key: string): Entry | undefined {
    const known = this.#entries.get(key)
    if (known !== undefined) return known
    const { maximumKeys, onFailure } = this.#settings
    if (this.#entries.size >= maximumKeys) {
      onFailure({ key, error: new Error(`more than ${maximumKeys} keys`), retryMs: 0 })
      return undefined
    }
    const entry: Entry = { state: 'idle', again: false, failures: 0, since: 0, cancelTimer: undefined }
    this.#entries.set(key, entry)
    return entry
  }

  #pump(): void {
    while (this.#state === 'started') {
      const key = this.#next()
      if (key === undefined) return
      const entry = this.#entries.get(key)
      if (entry !== undefined) this.#begin(key, entry)
    }
  }

  /** Takes out the key whose turn it is, if one more may be worked on now. */
  #next(): string | undefined {
    const { concurrency } = this.#settings
    const first = this.#urgent.size === 0 ? -1 : this.#waiting.findIndex((key) => this.#urgent.has(key))
    if (this.#running >= concurrency + (first < 0 ? 0 : SPARE_WORKERS)) return undefined
    const [key] = this.#waiting.splice(Math.max(first, 0), 1)
    if (key !== undefined) this.#urgent.delete(key)
    return key
  }

  #begin(key: string, entry: Entry): void {
    this.#run(key, entry).catch((error: unknown) => this.#settings.onFailure({ key, error, retryMs: 0 }))
  }

  async #run(key: string, entry: Entry): Promise<void> {
    const { clock, onStart } = this.#settings
    this.#running++
    onStart({ key, waitedMs: clock.monotonic() - entry.since })
    entry.state = 'running'
    entry.again = false
    entry.since = clock.monotonic()
    this.#working.add(entry)
    const laterMs = await this.#work(key).then(
      (afterMs) => {
        entry.failures = 0
        return afterMs
      },
      (error: unknown) => this.#fail({ key, entry, error }),
    )
    this.#running--
    this.#working.delete(entry)
    entry.state = 'idle'
    if (entry.again && (entry.failures === 0 || this.#urgent.has(key))) this.add(key)
    else if (laterMs !== undefined && this.#state === 'started')
      entry.cancelTimer = clock.setTimer(laterMs, () => this.add(key))
    this.#pump()
    if (this.#running === 0) for (const finish of this.#finishers.splice(0)) finish()
  }

  /** Work that throws at once fails like work that rejects. */
  async #work(key: string): Promise<number | undefined> {
    return this.#settings.work(key)
  }

  #fail({
    key,
    entry,
    error,
  }: {
    readonly key: string
    readonly entry: Entry
    readonly error: unknown
  }): number {
    const cutOffMs = this.#settings.cutOffMs(error)
    const retryMs = cutOffMs ?? this.#backoffMs(entry.failures)
    if (cutOffMs === undefined) entry.failures++
    this.#settings.onFailure({ key, error, retryMs })
    return retryMs
  }

  /** Exponential, with a tenth of jitter either way so that what failed together is not tried together. */
  #backoffMs(failures: number): number {
    const { firstMs, maximumMs } = this.#settings.backoff
    const steadyMs = Math.min(maximumMs, firstMs * 2 ** Math.min(failures, 30))
    return Math.round(steadyMs * (0.9 + this.#settings.random.next() * 0.2))
  }
}
