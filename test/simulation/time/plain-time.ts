import type { Time } from './time.ts'
import { START } from './time.ts'

interface Timer {
  readonly at: number
  /** Counts timers: those of the same time run in the order of their making. */
  readonly number: number
  /** Undefined once it ran or was cancelled. */
  callback: (() => void) | undefined
}

/** Virtual time for programs that never wait for a promise: nothing of the process itself is touched, and a step is done when it returns. */
export class PlainTime implements Time {
  readonly #heap: Timer[] = []
  #now = START
  #made = 0
  #waiting = 0

  now(): number {
    return this.#now
  }

  elapsed(): number {
    return this.#now - START
  }

  after(delayMs: number, callback: () => void): () => void {
    const at = this.#now + Math.max(0, Math.ceil(delayMs))
    const timer: Timer = { at, number: this.#made, callback }
    this.#made += 1
    this.#waiting += 1
    this.#push(timer)
    return () => {
      if (timer.callback === undefined) return
      timer.callback = undefined
      this.#waiting -= 1
    }
  }

  hasNext(): boolean {
    return this.#waiting > 0
  }

  step(): void {
    for (let timer = this.#pop(); timer !== undefined; timer = this.#pop()) {
      const { callback } = timer
      if (callback === undefined) continue
      timer.callback = undefined
      this.#waiting -= 1
      this.#now = timer.at
      callback()
      return
    }
  }

  end(): void {
    this.#heap.length = 0
    this.#waiting = 0
  }

  #push(timer: Timer): void {
    const heap = this.#heap
    let index = heap.length
    heap.push(timer)
    while (index > 0) {
      const above = (index - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || isBefore(parent, timer)) break
      heap[index] = parent
      index = above
    }
    heap[index] = timer
  }

  #pop(): Timer | undefined {
    const heap = this.#heap
    const [first] = heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return first
    let index = 0
    for (;;) {
      let below = 2 * index + 1
      let child = heap[below]
      if (child === undefined) break
      const right = heap[below + 1]
      if (right !== undefined && isBefore(right, child)) {
        child = right
        below += 1
      }
      if (isBefore(last, child)) break
      heap[index] = child
      index = below
    }
    heap[index] = last
    return first
  }
}

const isBefore = (one: Timer, other: Timer): boolean =>
  one.at < other.at || (one.at === other.at && one.number < other.number)
