import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import type { Played } from '../played.ts'
import type { Job } from '../request.ts'
import { cpuUseOf, isStarved } from './cpu.ts'
import type { Answer, Order } from './messages.ts'

/** What a member runs. */
export interface Program {
  readonly file: string
  /** Without a word for so long (real milliseconds) it counts as hanging, and is ended; where it wants for a processor, it may be ten times as long. */
  readonly silenceMs: number
}

const WORKER: Program = { file: fileURLToPath(new URL('worker.ts', import.meta.url)), silenceMs: 60_000 }
/** A busy machine may take its time until a process has loaded everything. */
const BOOT_MS = 60_000
/** So often may it be silent for want of a processor. */
const MOST_SILENCES = 10
const PRELOAD = new URL('../../planted/preload.ts', import.meta.url).href

/** What became of the seeds that a member was given. */
export interface Turn {
  /** In order; when the member is gone, it ended at the first of them. */
  readonly left: readonly number[]
  /** Why the member is gone; undefined: it can be given more. */
  readonly gone: string | undefined
}

/** One process that plays seeds, one after the other. */
export class Member {
  readonly #child: ChildProcess
  readonly #silenceMs: number
  #isReady = false
  #rssBytes = 0
  #played = 0

  /** `environment` is added to that of this process. */
  constructor(environment: Readonly<Record<string, string>>, { file, silenceMs }: Program = WORKER) {
    this.#silenceMs = silenceMs
    this.#child = fork(file, {
      // Young garbage is most of what a seed makes: with the default 16 MiB it costs 5 % of the time.
      execArgv: ['--max-semi-space-size=32', '--import', PRELOAD],
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
  }

  get rssBytes(): number {
    return this.#rssBytes
  }

  get played(): number {
    return this.#played
  }

  /** Resolves when all seeds are played, it was told to stop, or it is gone. */
  play(job: Job, seeds: readonly number[], onPlayed: (played: Played) => void): Promise<Turn> {
    const left = [...seeds]
    const child = this.#child
    return new Promise((resolve) => {
      let silence: NodeJS.Timeout | undefined
      const waitFor = (forMs: number, silences = 1): void => {
        clearTimeout(silence)
        const before = cpuUseOf(child.pid)
        silence = setTimeout(() => {
          if (silences < MOST_SILENCES && isStarved(before, cpuUseOf(child.pid), forMs))
            waitFor(forMs, silences + 1)
          else finish(`no progress for ${(forMs * silences) / 1_000} s`)
        }, forMs)
      }
      const finish = (gone?: string): void => {
        clearTimeout(silence)
        child.off('message', hear).off('exit', ended).off('error', failed)
        if (gone !== undefined) child.kill('SIGKILL')
        resolve({ left, gone })
      }
      const hear = (answer: Answer): void => {
        this.#isReady = true
        waitFor(this.#silenceMs)
        if (answer.type === 'ready') return
        if (answer.type === 'done') {
          this.#rssBytes = Math.max(this.#rssBytes, answer.rssBytes)
          finish()
          return
        }
        left.shift()
        this.#played += 1
        onPlayed(answer.played)
      }
      const ended = (code: number | null, signal: string | null): void =>
        finish(`its process ended with ${signal ?? code}`)
      const failed = (error: Error): void => finish(error.message)
      child.on('message', hear).on('exit', ended).on('error', failed)
      waitFor(this.#isReady ? this.#silenceMs : BOOT_MS)
      this.#tell({ type: 'play', job, seeds })
    })
  }

  /** It leaves the rest of its seeds. */
  stop(): void {
    if (this.#child.connected) this.#tell({ type: 'stop' })
  }

  /** Ends the process, if need be by force, and resolves when it is gone. */
  async end(): Promise<void> {
    const child = this.#child
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    if (child.connected) child.disconnect()
    const force = setTimeout(() => child.kill('SIGKILL'), 2_000)
    await gone
    clearTimeout(force)
  }

  /** Ends the process at once. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }

  #tell(order: Order): void {
    // A process that is just going away is noticed by its exit.
    this.#child.send(order, () => undefined)
  }
}
