import type { Time } from './time.ts'

/**
 * Lets timers, Date and performance of the whole process follow a virtual time, so that no library can smuggle in the real one. The returned function gives
 * the process its own back.
 */
export function virtualGlobals(time: Pick<Time, 'now' | 'elapsed' | 'after'>): () => void {
  const { setTimeout, clearTimeout, setInterval, clearInterval, Date } = globalThis
  Object.assign(globalThis, virtualTimers(time), { Date: virtualDate(time) })
  Object.defineProperty(performance, 'now', { configurable: true, value: () => time.elapsed() })
  return () => {
    Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval, Date })
    Reflect.deleteProperty(performance, 'now')
  }
}

type Callback = (...given: unknown[]) => void

function virtualTimers(time: Pick<Time, 'after'>): object {
  const after = (delayMs: unknown, run: () => void): (() => void) => time.after(wholeMs(delayMs), run)
  const clear = (timer: unknown): void => {
    if (timer instanceof VirtualTimer) timer.close()
  }
  return {
    setTimeout: (callback: Callback, delayMs?: unknown, ...given: unknown[]) =>
      new VirtualTimer((timer) => after(delayMs, () => callback.apply(timer, given))),
    setInterval: (callback: Callback, delayMs?: unknown, ...given: unknown[]) =>
      new VirtualTimer((timer) =>
        after(delayMs, () => {
          timer.refresh()
          callback.apply(timer, given)
        }),
      ),
    clearTimeout: clear,
    clearInterval: clear,
  }
}

/** As Node takes delays: what is no number is none, and fractions of a millisecond are cut off. */
function wholeMs(delayMs: unknown): number {
  const number = Number(delayMs)
  return Number.isFinite(number) ? Math.trunc(number) : 0
}

/** What Node gives for a timer, as far as libraries use it. No virtual timer keeps the process alive. */
class VirtualTimer {
  readonly #start: (timer: VirtualTimer) => () => void
  #cancel: () => void

  constructor(start: (timer: VirtualTimer) => () => void) {
    this.#start = start
    this.#cancel = start(this)
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  hasRef(): boolean {
    return true
  }

  /** Begins to wait anew. */
  refresh(): this {
    this.#cancel()
    this.#cancel = this.#start(this)
    return this
  }

  close(): this {
    this.#cancel()
    return this
  }

  [Symbol.dispose](): void {
    this.#cancel()
  }
}

/** A Date whose now is the virtual one; what it makes are plain Dates. */
function virtualDate({ now }: Pick<Time, 'now'>): DateConstructor {
  const RealDate = globalThis.Date
  function VirtualDate(...given: readonly unknown[]): unknown {
    if (new.target === undefined) return new RealDate(now()).toString()
    return Reflect.construct(RealDate, given.length === 0 ? [now()] : given, new.target)
  }
  const statics = { now, parse: RealDate.parse, UTC: RealDate.UTC, prototype: RealDate.prototype }
  return Object.assign(VirtualDate, statics) as unknown as DateConstructor
}
