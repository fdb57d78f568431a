import type { Simulation } from '../run/simulation.ts'
import { intervalSeconds } from '../run/interval.ts'
import type { Happening } from '../run/story.ts'
import type { Disturbance } from './checker.ts'
import type { SideName } from '../aws/names.ts'
import { sideNames } from '../aws/view.ts'

/** From a read to the write that it led to, with slow answers and a short pause of the process in between, in milliseconds. */
const CALLS_MS = 12_000
/** What a read shows may be that old while stale reads are on. */
const STALE_MS = 30_000
/** So long may what was struck get worse once it was seen, before it gets better: tasks drain, targets are found unhealthy. */
const WORSE_MS = 60_000

/** What bad luck and people did to releases, and for how long nobody could know of it. */
export class Excuses {
  readonly #simulation: Simulation
  /** The longest time in which a controller stood still or was away. */
  readonly #awayMs: number
  readonly #unknownMs: number
  /** From one look at a release that has no rollout to the next. */
  readonly #sweepMs: number
  /** Until what was struck is seen, and then gets better. */
  readonly #healingMs: number
  /** For how long a write may be on its way. */
  readonly #onItsWayMs: number
  /** By release and side: when it was struck last. */
  readonly #struck = new Map<string, number>()
  /** The last time in which nobody was to write anything; without an end while it lasts. */
  #handsOff: { readonly from: number; readonly to: number } | undefined

  constructor(simulation: Simulation) {
    this.#simulation = simulation
    this.#sweepMs = intervalSeconds(simulation.story) * 1000
    this.#healingMs = this.#sweepMs + WORSE_MS
    const hasStaleReads = simulation.story.happenings.some(({ kind }) => kind.startsWith('stale'))
    this.#awayMs = Math.max(0, ...simulation.story.happenings.map(awayMs))
    // What was on its way when somebody struck can't be called back.
    const lateMs = Math.max(0, ...simulation.story.happenings.map(heldUpMs))
    this.#onItsWayMs = CALLS_MS + lateMs
    this.#unknownMs = this.#onItsWayMs + (hasStaleReads ? STALE_MS : 0)
  }

  strike({ release, side }: Disturbance): void {
    const releases = release === undefined ? this.#simulation.story.releases : [release]
    const now = this.#simulation.time.elapsed()
    for (const name of releases)
      for (const one of side === undefined ? sideNames : [side]) this.#struck.set(`${name}/${one}`, now)
  }

  /** Whether what was done to the release (to one side of it) may be newer than what a controller has read. */
  mayBeUnknown(release: string, side?: SideName): boolean {
    return this.#sinceMs(release, side) < this.#unknownMs
  }

  /** Whether a write that takes effect now may have been sent before that time. */
  mayBeOnItsWay(since: string): boolean {
    return this.#simulation.time.now() - Date.parse(since) < this.#onItsWayMs
  }

  /** Whether what was done to the release may be newer than the last look at all releases. */
  mayBeUnswept(release: string): boolean {
    return this.#sinceMs(release) < this.#sweepMs + this.#awayMs + this.#unknownMs
  }

  /** The environment is suspended or paused from now on, or no longer. */
  handsOff(isOff: boolean): void {
    const now = this.#simulation.time.elapsed()
    const from = isOff ? now : (this.#handsOff?.from ?? now)
    this.#handsOff = { from, to: isOff ? Infinity : now }
  }

  /** Whether what was done to the release may still take its effect, or could not be put right before. */
  isHealing(release: string): boolean {
    const sinceMs = this.#sinceMs(release)
    if (sinceMs < this.#healingMs) return true
    if (this.#handsOff === undefined) return false
    const now = this.#simulation.time.elapsed()
    const { from, to } = this.#handsOff
    return now - sinceMs > from - this.#healingMs && now - to < this.#healingMs
  }

  /** Whether anybody but Steersman ever changed what runs of it. */
  wasStruck(release: string): boolean {
    return this.#sinceMs(release) < Infinity
  }

  #sinceMs(release: string, side?: SideName): number {
    const times = (side === undefined ? sideNames : [side]).map(
      (one) => this.#struck.get(`${release}/${one}`) ?? -Infinity,
    )
    return this.#simulation.time.elapsed() - Math.max(...times)
  }
}

/** For how long a write may be on its way because of the happening, in milliseconds. */
function heldUpMs({ kind, with: given }: Happening): number {
  if (kind === 'late writes') return Number(given['mostMs'])
  return kind === 'a move held up' ? Number(given['forMs']) : 0
}

/** For how long nobody looks because of the happening, in milliseconds. */
function awayMs({ kind, with: given }: Happening): number {
  if (kind === 'kill' || kind === 'power loss') return Number(given['downMs'])
  return kind === 'pause' || kind === 'network split' ? Number(given['forMs']) : 0
}
