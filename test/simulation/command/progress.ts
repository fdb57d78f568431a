import type { Tally } from './summary/tally.ts'
import type { Terminal } from './terminal.ts'

const WATCHED_MS = 1_000
const UNWATCHED_MS = 30_000

/** Tells how far a run is: once a second where somebody watches, every 30 s else. The returned function ends that. */
export function showProgress(
  terminal: Terminal,
  {
    tally,
    seconds,
    seeds,
    minutes,
  }: {
    readonly tally: Tally
    /** Real time that was spent on the tally so far. */
    readonly seconds: () => number
    readonly seeds: number | undefined
    readonly minutes: number | undefined
  },
): () => void {
  const show = (): void => {
    const line = progressLine({
      done: tally.seeds,
      violations: tally.violationCount,
      seconds: seconds(),
      seeds,
      minutes,
    })
    terminal.error(terminal.isWatched ? `\r${line}\u001B[K` : `${line}\n`)
  }
  const timer = setInterval(show, terminal.isWatched ? WATCHED_MS : UNWATCHED_MS)
  return () => {
    clearInterval(timer)
    if (terminal.isWatched) terminal.error('\r\u001B[K')
  }
}

/** One line; what is left is estimated from the seeds, or known from the minutes. */
export function progressLine({
  done,
  violations,
  seconds,
  seeds,
  minutes,
}: {
  readonly done: number
  readonly violations: number
  readonly seconds: number
  readonly seeds: number | undefined
  readonly minutes: number | undefined
}): string {
  const perSecond = done / Math.max(seconds, 0.001)
  const lefts = [
    ...(seeds === undefined || done === 0 ? [] : [(seeds - done) / perSecond]),
    ...(minutes === undefined ? [] : [minutes * 60 - seconds]),
  ]
  const left = lefts.length === 0 ? '' : `, about ${duration(Math.max(0, Math.min(...lefts)))} left`
  const of = seeds === undefined ? '' : ` of ${seeds}`
  return `${done}${of} seeds, ${perSecond.toFixed(1)}/s, ${violations} violations${left}`
}

function duration(seconds: number): string {
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`
}
