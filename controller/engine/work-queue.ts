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
  /** Works on a key. Resolves to the time after which it wants to be looked at again, or undefined for "when something happens". Rejects to be tried again. */
  readonly work: (key: string) => Promise<number | undefined>
  readonly onFailure: (failure: {
    readonly key: string
    readonly error: unknown
    readonly retryMs: number
  }) => void
  readonly onStart?: (started: { readonly key: string; readonly waitedMs: number }) => void
}

export interface WorkQueue {
  /** Wants a key worked on as soon as possible. Asking again while it waits changes nothing; asking while it is worked on works on it once more afterwards. */
  add(key: string): void
  /** Forgets a key that is not being worked on, and its failures. */
  forget(key: string): void
  start(): void
  /** Takes nothing new and resolves when the running work has ended, or after `limitMs`. */
  drain(limitMs: number): Promise<void>
  depth(): number
  longestRunningMs(): number
}

interface Entry {
  state: 'idle' | 'waiting' | 'running'
  again: boolean
  failures: number
  /** Monotonic time at which it was asked for, or began to run. */
  since: number
  cancelTimer: (() => void) | undefined
}

/** A queue of keys with the promises of Kubernetes' controllers: no key twice at a time, none lost, backoff per key, bounded fair workers. */
export function createWorkQueue(settings: WorkQueueSettings): WorkQueue {
  const { clock } = settings
  const entries = new Map<string, Entry>()
  const waiting: string[] = []
  const finishers: (() => void)[] = []
  let running = 0
  let state: 'stopped' | 'started' | 'draining' = 'stopped'

  function add(key: string): void {
    const entry = entryOf(key)
    if (entry === undefined || state === 'draining') return
    if (entry.state === 'running') {
      entry.again = true
      return
    }
    if (entry.state === 'waiting') return
    entry.cancelTimer?.()
    entry.cancelTimer = undefined
    entry.state = 'waiting'
    entry.since = clock.monotonic()
    waiting.push(key)
    pump()
  }

  function entryOf(key: string): Entry | undefined {
    const known = entries.get(key)
    if (known !== undefined) return known
    if (entries.size >= settings.maximumKeys) {
      settings.onFailure({ key, error: new Error(`more than ${settings.maximumKeys} keys`), retryMs: 0 })
      return undefined
    }
    const entry: Entry = { state: 'idle', again: false, failures: 0, since: 0, cancelTimer: undefined }
    entries.set(key, entry)
    return entry
  }

  function pump(): void {
    while (state === 'started' && running < settings.concurrency) {
      const key = waiting.shift()
      if (key === undefined) return
      const entry = entries.get(key)
      if (entry !== undefined) void run(key, entry)
    }
  }

  async function run(key: string, entry: Entry): Promise<void> {
    running++
    settings.onStart?.({ key, waitedMs: clock.monotonic() - entry.since })
    entry.state = 'running'
    entry.again = false
    entry.since = clock.monotonic()
    const laterMs = await settings.work(key).then(
      (afterMs) => succeed(entry, afterMs),
      (error: unknown) => fail({ key, entry, error }),
    )
    running--
    entry.state = 'idle'
    if (entry.again && entry.failures === 0) add(key)
    else if (laterMs !== undefined && state === 'started')
      entry.cancelTimer = clock.setTimer(laterMs, () => add(key))
    pump()
    if (running === 0) for (const finish of finishers.splice(0)) finish()
  }

  function succeed(entry: Entry, afterMs: number | undefined): number | undefined {
    entry.failures = 0
    return afterMs
  }

  function fail({
    key,
    entry,
    error,
  }: {
    readonly key: string
    readonly entry: Entry
    readonly error: unknown
  }): number {
    const retryMs = backoffMs(entry.failures)
    entry.failures++
    settings.onFailure({ key, error, retryMs })
    return retryMs
  }

  /** Exponential, with a jitter of up to a fifth so that what failed together is not tried together. */
  function backoffMs(failures: number): number {
    const { firstMs, maximumMs } = settings.backoff
    const steadyMs = Math.min(maximumMs, firstMs * 2 ** Math.min(failures, 30))
    return Math.round(steadyMs * (0.9 + settings.random.next() * 0.2))
  }

  function forget(key: string): void {
    const entry = entries.get(key)
    if (entry === undefined || entry.state === 'running') return
    entry.cancelTimer?.()
    entries.delete(key)
    const index = waiting.indexOf(key)
    if (index >= 0) waiting.splice(index, 1)
  }

  async function drain(limitMs: number): Promise<void> {
    state = 'draining'
    for (const entry of entries.values()) entry.cancelTimer?.()
    if (running === 0) return
    await new Promise<void>((resolve) => {
      const cancel = clock.setTimer(limitMs, resolve)
      finishers.push(() => {
        cancel()
        resolve()
      })
    })
  }

  function start(): void {
    state = 'started'
    pump()
  }

  function longestRunningMs(): number {
    const starts = [...entries.values()].flatMap((entry) => (entry.state === 'running' ? [entry.since] : []))
    return starts.length === 0 ? 0 : clock.monotonic() - Math.min(...starts)
  }

  return { add, forget, start, drain, depth: () => waiting.length, longestRunningMs }
}
