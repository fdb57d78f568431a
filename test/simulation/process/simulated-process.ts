import type { Clock } from '../../../controller/ports/clock.ts'
import type { Time } from '../time/time.ts'

/** Asked right before and right after each write to something outside; it may end the process there. */
export type WriteWatcher = (write: {
  readonly what: string
  readonly moment: 'before' | 'after'
  /** The same one at both moments of a write: others may begin or end in between. */
  readonly call: object
}) => void

/**
 * A process as the operating system sees it: it may stand still (SIGSTOP, a long pause of its machine) or be gone (SIGKILL). Whatever reaches it from outside,
 * a timer or an answer, comes through {@link SimulatedProcess.deliver}.
 */
export class SimulatedProcess {
  readonly clock: Clock
  onWrite: WriteWatcher = () => {}
  readonly #time: Time
  #state: 'running' | 'paused' | 'dead' = 'running'
  #held: (() => void)[] = []
  #isCutOff = false
  /** How far its wall clock is off, in milliseconds. */
  #wallOffsetMs: number

  constructor(time: Time, wallOffsetMs = 0) {
    this.#time = time
    this.#wallOffsetMs = wallOffsetMs
    this.clock = {
      now: () => time.now() + this.#wallOffsetMs,
      monotonic: () => time.elapsed(),
      setTimer: (delayMs, callback) => time.after(delayMs, () => this.deliver(callback)),
      sleep: (durationMs, signal) => this.#sleep(durationMs, signal),
    }
  }

  get isDead(): boolean {
    return this.#state === 'dead'
  }

  /** Neither gone nor standing still. */
  get isRunning(): boolean {
    return this.#state === 'running'
  }

  get isPaused(): boolean {
    return this.#state === 'paused'
  }

  /** Lets something from outside in: now, when the process goes on, or never. */
  deliver(callback: () => void): void {
    if (this.#state === 'paused') this.#held.push(callback)
    else if (this.#state === 'running') callback()
  }

  /** Waits for something outside that takes a while; never comes back once the process is dead. */
  wait(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#time.after(durationMs, () => this.deliver(resolve))
    })
  }

  /** Makes a write to something outside, unless the process ends right before it, or right after it and so never learns of it. */
  async write<Result>(what: string, effect: () => Promise<Result>): Promise<Result> {
    const never = new Promise<never>(() => undefined)
    if (this.isDead) return never
    const call = {}
    this.onWrite({ what, moment: 'before', call })
    if (this.isDead) return never
    const result = await effect()
    this.onWrite({ what, moment: 'after', call })
    return this.isDead ? never : result
  }

  kill(): void {
    this.#state = 'dead'
    this.#held = []
  }

  pause(): void {
    if (this.#state === 'running') this.#state = 'paused'
  }

  resume(): void {
    if (this.#state !== 'paused') return
    this.#state = 'running'
    for (const callback of this.#held.splice(0)) this.deliver(callback)
  }

  /** The network takes in nothing of it any more and gives nothing out. */
  cutOff(): void {
    this.#isCutOff = true
  }

  reconnect(): void {
    this.#isCutOff = false
  }

  get isCutOff(): boolean {
    return this.#isCutOff
  }

  jumpWall(byMs: number): void {
    this.#wallOffsetMs += byMs
  }

  async #sleep(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<undefined>()
    const cancel = this.clock.setTimer(durationMs, () => resolve(undefined))
    const abort = (): void => {
      cancel()
      reject(signal?.reason)
    }
    signal?.addEventListener('abort', abort, { once: true })
    await promise
    signal?.removeEventListener('abort', abort)
  }
}
