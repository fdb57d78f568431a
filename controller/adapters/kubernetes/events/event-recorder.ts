import type { Clock } from '../../../ports/clock.ts'
import { PortError } from '../../../ports/error.ts'
import type { Random } from '../../../ports/random.ts'
import type { Telemetry } from '../../../ports/telemetry.ts'
import type { KubeClient } from '../calls.ts'
import type { Occurrence } from './event-body.ts'
import { bodyOfEvent, patchOfSeries, pathOfEvents, pathOfRegarding } from './event-body.ts'
import type { Told } from './told.ts'
import { toldOf } from './told.ts'

export interface EventRecorderOptions {
  readonly client: Pick<KubeClient, 'request'>
  readonly namespace: string
  readonly clock: Clock
  readonly random: Random
  /** Which of several controllers tells it. */
  readonly instance: string
  readonly redact: (text: string) => string
  /** Told once for each code until an Event got through again: Events are refused for a reason that lasts. */
  readonly onLost: (loss: { readonly code: string; readonly message: string }) => void
}

export interface EventRecorder {
  /** Returns at once; what can't be written is lost and holds nothing up. */
  readonly telemetry: Telemetry
  /** Writes what waits, as far as it gets within `limitMs`. */
  close(limitMs: number): Promise<void>
}

/** A thing that comes again within that time is the same Event once more, in milliseconds; as client-go has it. */
const SERIES_MS = 6 * 60_000
/** How often the count of one Event is written at most, in milliseconds. */
const REPEAT_MS = 60_000
/** How many things are remembered, and how many may wait for the server. */
const SERIES_LIMIT = 1_000
const WAITING_LIMIT = 500
/** The waits between tries at a server that does not answer, in milliseconds. */
const PAUSES_MS = [1_000, 4_000, 15_000]
/** Of one request, in milliseconds. */
const TIMEOUT_MS = 5_000

/** One thing that happened, once or several times. */
interface Entry {
  readonly told: Told
  readonly firstAt: number
  lastAt: number
  count: number
  /** Known once the object was found, so that every try is for the same Event. */
  occurrence: Occurrence | undefined
  /** What got into the cluster, and when on the monotonic clock. */
  written: { readonly count: number; readonly atMs: number } | undefined
  isWaiting: boolean
  cancel: (() => void) | undefined
}

/** Tells what happens as Events of Kubernetes, one after another; what repeats becomes a series (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/). */
export function createEventRecorder(options: EventRecorderOptions): EventRecorder {
  const recorder = new Recorder(options)
  return {
    telemetry: { emit: (event) => toldOf(event).forEach((told) => recorder.tell(told)) },
    close: (limitMs) => recorder.close(limitMs),
  }
}

class Recorder {
  readonly #options: EventRecorderOptions
  readonly #entries = new Map<string, Entry>()
  readonly #closing = new AbortController()
  readonly #lost = new Set<string>()
  #tail: Promise<void> = Promise.resolve()
  #waiting = 0

  constructor(options: EventRecorderOptions) {
    this.#options = options
  }

  tell(unsafe: Told): void {
    if (this.#closing.signal.aborted) return
    const told = { ...unsafe, note: this.#options.redact(unsafe.note) }
    const now = this.#options.clock.now()
    const key = JSON.stringify([told.kind, told.name, told.type, told.reason, told.action, told.note])
    const known = this.#entries.get(key)
    if (known !== undefined && now - known.lastAt < SERIES_MS) {
      known.count += 1
      known.lastAt = now
      return this.#writeSoon(known)
    }
    known?.cancel?.()
    this.#entries.delete(key)
    const entry: Entry = {
      told,
      firstAt: now,
      lastAt: now,
      count: 1,
      occurrence: undefined,
      written: undefined,
      isWaiting: false,
      cancel: undefined,
    }
    this.#entries.set(key, entry)
    this.#forgetOldest()
    this.#enqueue(entry)
  }

  async close(limitMs: number): Promise<void> {
    for (const entry of this.#entries.values()) {
      if (entry.cancel === undefined) continue
      entry.cancel()
      this.#enqueue(entry)
    }
    this.#closing.abort(new Error('the controller ends'))
    const limit = Promise.withResolvers<void>()
    const cancel = this.#options.clock.setTimer(limitMs, limit.resolve)
    await Promise.race([this.#tail, limit.promise])
    cancel()
  }

  #forgetOldest(): void {
    const [oldest] = this.#entries
    if (oldest === undefined || this.#entries.size <= SERIES_LIMIT) return
    oldest[1].cancel?.()
    this.#entries.delete(oldest[0])
  }

  /** A count is written a minute after it was written last. */
  #writeSoon(entry: Entry): void {
    if (entry.isWaiting || entry.cancel !== undefined) return
    const { clock } = this.#options
    const sinceMs = clock.monotonic() - (entry.written?.atMs ?? -Infinity)
    entry.cancel = clock.setTimer(Math.max(0, REPEAT_MS - sinceMs), () => this.#enqueue(entry))
  }

  #enqueue(entry: Entry): void {
    entry.cancel = undefined
    if (entry.isWaiting) return
    if (this.#waiting >= WAITING_LIMIT)
      return this.#lose('TooMany', `${WAITING_LIMIT} Events wait for the cluster already`)
    entry.isWaiting = true
    this.#waiting += 1
    this.#tail = this.#tail.then(async () => {
      await this.#write(entry)
      this.#waiting -= 1
    })
  }

  /** Never throws. */
  async #write(entry: Entry): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      entry.isWaiting = false
      try {
        await this.#writeOnce(entry)
        this.#lost.clear()
        return
      } catch (error) {
        const { code, message, handling } = asPortError(error)
        const pauseMs = PAUSES_MS[attempt]
        const mayPass = handling === 'retry' && code === 'StoreUnavailable'
        if (!mayPass || pauseMs === undefined || this.#closing.signal.aborted)
          return this.#lose(code, message)
        await this.#options.clock.sleep(pauseMs, this.#closing.signal).catch(() => undefined)
      }
    }
  }

  async #writeOnce(entry: Entry): Promise<void> {
    const { count, lastAt, written } = entry
    if (written?.count === count) return
    const occurrence = entry.occurrence ?? (await this.#occurrenceOf(entry))
    // The object is gone, and nobody looks for what happened to it.
    if (occurrence === undefined) return
    entry.occurrence = occurrence
    const isThere = written !== undefined && (await this.#repeat(occurrence, { count, lastAt }))
    if (!isThere) await this.#create(occurrence, { count, lastAt })
    entry.written = { count, atMs: this.#options.clock.monotonic() }
  }

  async #occurrenceOf({ told, firstAt }: Entry): Promise<Occurrence | undefined> {
    const { client, namespace, instance, random } = this.#options
    try {
      const path = pathOfRegarding(told, namespace)
      const regarding = (await client.request({ method: 'GET', path, timeoutMs: TIMEOUT_MS })) as {
        readonly metadata: { readonly uid: string }
      }
      const number = Math.floor(random.next() * 0x1_0000_0000)
      const event = `${told.name}.${firstAt.toString(16)}${number.toString(16).padStart(8, '0')}`
      return { ...told, namespace, instance, firstAt, event, uid: regarding.metadata.uid }
    } catch (error) {
      if (asPortError(error).code === 'NotFound') return undefined
      throw error
    }
  }

  /** That it exists means that an earlier try got through whose answer did not. */
  async #create(occurrence: Occurrence, series: Parameters<typeof bodyOfEvent>[1]): Promise<void> {
    const { client, namespace } = this.#options
    const body = bodyOfEvent(occurrence, series)
    const path = pathOfEvents(namespace)
    try {
      await client.request({ method: 'POST', path, body, query, timeoutMs: TIMEOUT_MS })
    } catch (error) {
      if (asPortError(error).code !== 'AlreadyExists') throw error
    }
  }

  /** Resolves to false when the Event is gone: the server keeps it for an hour, or less. */
  async #repeat(
    { event }: Occurrence,
    series: { readonly count: number; readonly lastAt: number },
  ): Promise<boolean> {
    const { client, namespace } = this.#options
    try {
      await client.request({
        method: 'PATCH',
        path: `${pathOfEvents(namespace)}/${event}`,
        body: patchOfSeries(series),
        contentType: 'application/merge-patch+json',
        query,
        timeoutMs: TIMEOUT_MS,
      })
      return true
    } catch (error) {
      if (asPortError(error).code === 'NotFound') return false
      throw error
    }
  }

  #lose(code: string, message: string): void {
    if (this.#lost.has(code)) return
    this.#lost.add(code)
    this.#options.onLost({ code, message })
  }
}

const query = { fieldManager: 'steersman' }

const asPortError = (error: unknown): PortError =>
  error instanceof PortError
    ? error
    : new PortError(error instanceof Error ? error.message : String(error), {
        code: 'Unknown',
        handling: 'stall',
        cause: error,
      })
