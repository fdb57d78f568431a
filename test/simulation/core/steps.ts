import type { SimulatedProcess } from '../process/simulated-process.ts'

/** Something outside that takes its time: it is begun, and calls back when it has come; or never, when the process is gone. */
export type Wish = (resume: () => void) => void

/** A program that stands still at each wish until that has come: what an async function is to promises, without any. */
export type Steps<Result> = Generator<Wish, Result, void>

/** Runs a program from wish to wish. */
export function run<Result>(
  steps: Steps<Result>,
  onEnd: (result: Result) => void,
  onError: (error: unknown) => void,
): void {
  const go = (): void => {
    let next: IteratorResult<Wish, Result>
    try {
      next = steps.next()
    } catch (error) {
      onError(error)
      return
    }
    if (next.done === true) onEnd(next.value)
    else next.value(go)
  }
  go()
}

/** Waits by the process's clock. */
export function* pause(process: SimulatedProcess, durationMs: number): Steps<void> {
  yield (resume) => void process.clock.setTimer(durationMs, resume)
}

/** All of them at once, as `Promise.all`: results in their order, or the first error. */
export function* together<Result>(branches: readonly Steps<Result>[]): Steps<Result[]> {
  const results: Result[] = []
  const errors: unknown[] = []
  if (branches.length === 0) return results
  yield (resume) => {
    let left = branches.length
    for (const [index, branch] of branches.entries())
      run(
        branch,
        (result) => {
          results[index] = result
          left -= 1
          if (left === 0 && errors.length === 0) resume()
        },
        (error) => {
          errors.push(error)
          if (errors.length === 1) resume()
        },
      )
  }
  if (errors.length > 0) throw errors[0]
  return results
}

/** A write to something outside: the process may end right before it, or right after it and so never learn of it. */
export function* watched<Result>(
  process: SimulatedProcess,
  what: string,
  effect: () => Result,
): Steps<Result> {
  const call = {}
  process.onWrite({ what, moment: 'before', call })
  if (process.isDead) yield never
  const result = effect()
  process.onWrite({ what, moment: 'after', call })
  if (process.isDead) yield never
  return result
}

const never: Wish = () => undefined
