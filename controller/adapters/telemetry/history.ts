import type { Clock } from '../../ports/clock.ts'
import type { FileSystem } from '../../ports/file-system.ts'
import type { Telemetry } from '../../ports/telemetry.ts'
import type { Redactor } from './redactor.ts'

/** One line of the history: what ended, with RFC 3339 time. */
export interface HistoryEntry {
  readonly time: string
  readonly type: string
  readonly [fact: string]: unknown
}

export interface History {
  /** Keeps finished rollouts and moves of tags; returns at once. */
  readonly telemetry: Telemetry
  /** Has reached the disk when it resolves. */
  record(type: string, facts: Readonly<Record<string, unknown>>): Promise<void>
  /** The newest entries, newest first; lines that are not whole are left out. */
  read(options: { readonly limit: number }): Promise<readonly HistoryEntry[]>
  /** Resolves when everything told so far was written (or failed to be). */
  flush(): Promise<void>
}

export interface HistoryOptions {
  readonly directory: string
  readonly fileSystem: FileSystem
  readonly clock: Pick<Clock, 'now'>
  readonly redactor: Redactor
  /** A file that would grow over this is closed and a new one begun. */
  readonly fileLimitBytes?: number
  /** Older files are removed. */
  readonly filesLimit?: number
  /** Told about entries that could not be written. */
  readonly onError?: (error: unknown) => void
}

const waitingLimit = 1_000
const mebibyte = 1024 * 1024

/** An append-only log of JSON lines, one file after another: `history-<n>.jsonl`, the highest number is the newest. */
export function createHistory(options: HistoryOptions): History {
  const { clock, redactor, onError = () => undefined } = options
  const files = new HistoryFiles(options)
  let tail: Promise<unknown> = Promise.resolve()
  let waiting = 0

  return {
    telemetry: {
      emit(event) {
        if (event.type !== 'RolloutFinished' && event.type !== 'TagMoved') return
        const { type, ...facts } = event
        record(type, facts).catch(onError)
      },
    },
    record,
    read: ({ limit }) => files.read(limit),
    async flush() {
      await tail
    },
  }

  function record(type: string, facts: Readonly<Record<string, unknown>>): Promise<void> {
    if (waiting >= waitingLimit) {
      return Promise.reject(
        new RangeError(`${waitingLimit} entries of the history wait for the disk already`),
      )
    }
    const entry = redactor.value({ ...facts, time: new Date(clock.now()).toISOString(), type })
    waiting += 1
    const written = tail.then(() => files.append(`${JSON.stringify(entry)}\n`))
    tail = written.then(ended, ended)
    return written
  }

  function ended(): void {
    waiting -= 1
  }
}

interface NewestFile {
  readonly number: number
  bytes: number
  /** Ends with a line break, or is empty. */
  isWhole: boolean
}

class HistoryFiles {
  readonly #directory: string
  readonly #fileSystem: FileSystem
  readonly #fileLimitBytes: number
  readonly #filesLimit: number
  #newest: NewestFile | undefined

  constructor({ directory, fileSystem, fileLimitBytes = 8 * mebibyte, filesLimit = 100 }: HistoryOptions) {
    this.#directory = directory
    this.#fileSystem = fileSystem
    this.#fileLimitBytes = fileLimitBytes
    this.#filesLimit = filesLimit
  }

  /** A line that was cut short stays alone on its line: the next one begins after a line break. */
  async append(line: string): Promise<void> {
    const file = await this.#fileFor(Buffer.byteLength(line))
    const text = file.isWhole ? line : `\n${line}`
    file.isWhole = false
    await this.#fileSystem.append(this.#pathOf(file.number), text)
    if (file.bytes === 0) await this.#fileSystem.syncDirectory(this.#directory)
    file.bytes += Buffer.byteLength(text)
    file.isWhole = true
  }

  async #fileFor(lineBytes: number): Promise<NewestFile> {
    this.#newest ??= await this.#openNewest()
    if (this.#newest.bytes > 0 && this.#newest.bytes + lineBytes > this.#fileLimitBytes) {
      this.#newest = { number: this.#newest.number + 1, bytes: 0, isWhole: true }
      await this.#removeOldest()
    }
    return this.#newest
  }

  async #openNewest(): Promise<NewestFile> {
    await this.#fileSystem.makeDirectory(this.#directory)
    const number = (await this.#numbers()).at(-1) ?? 1
    const bytes = (await this.#fileSystem.size(this.#pathOf(number))) ?? 0
    return { number, bytes, isWhole: bytes === 0 || (await this.#endsWhole(number)) }
  }

  async #endsWhole(number: number): Promise<boolean> {
    return (await this.#textOf(number)).endsWith('\n')
  }

  async #removeOldest(): Promise<void> {
    const all = await this.#numbers()
    for (const number of all.slice(0, Math.max(0, all.length - this.#filesLimit + 1))) {
      await this.#fileSystem.remove(this.#pathOf(number))
    }
  }

  async read(limit: number): Promise<readonly HistoryEntry[]> {
    const entries: HistoryEntry[] = []
    for (const number of (await this.#numbers()).toReversed()) {
      const lines = (await this.#textOf(number)).split('\n').toReversed()
      for (const line of lines) {
        if (entries.length >= limit) return entries
        const entry = entryIn(line)
        if (entry !== undefined) entries.push(entry)
      }
    }
    return entries
  }

  /** One entry may stand over the limit in a file of its own. */
  async #textOf(number: number): Promise<string> {
    return (await this.#fileSystem.read(this.#pathOf(number), 2 * this.#fileLimitBytes + mebibyte)) ?? ''
  }

  async #numbers(): Promise<number[]> {
    const found = (await this.#fileSystem.list(this.#directory)).map(
      (file) => /^history-(\d{1,12})\.jsonl$/.exec(file)?.[1],
    )
    return found
      .filter((digits) => digits !== undefined)
      .map(Number)
      .toSorted((one, other) => one - other)
  }

  #pathOf(number: number): string {
    return `${this.#directory}/history-${number}.jsonl`
  }
}

function entryIn(line: string): HistoryEntry | undefined {
  if (line === '') return undefined
  try {
    const entry: unknown = JSON.parse(line)
    return isEntry(entry) ? entry : undefined
  } catch {
    return undefined
  }
}

function isEntry(value: unknown): value is HistoryEntry {
  if (typeof value !== 'object' || value === null || !('time' in value) || !('type' in value)) return false
  return typeof value.time === 'string' && typeof value.type === 'string'
}
