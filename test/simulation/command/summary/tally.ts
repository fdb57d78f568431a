import type { Violation } from '../../checkers/checker.ts'
import type { StrikeCounts } from '../../run/strikes.ts'
import type { Played } from '../played.ts'
import { totalOf } from '../played.ts'

/** A broken promise and the seed that shows it. */
export interface SeedViolation extends Violation {
  readonly scenario: string
  readonly seed: number
}

/** Fewer pushes, or fewer faults that strike where faults are on, and a seed shows too little. */
export const LEAST = { pushes: 3, fired: 3 } as const
/** Longer lists would only fill the memory of a long run. */
const MOST_KEPT = 100

/** The sum of all seeds that were played; its size does not grow with them. */
export class Tally {
  seeds = 0
  pushes = 0
  sdkCalls = 0
  writes = 0
  crashes = 0
  virtualMs = 0
  readonly scenarios = new Map<string, number>()
  readonly rollouts = new Map<string, number>()
  readonly drawn = new Map<string, number>()
  readonly fired = new Map<string, number>()
  readonly firedByPhase = new Map<string, Map<string, number>>()
  readonly worst = { commitToTrafficMs: 0, handOverMs: 0, restMs: 0 }
  /** Seeds that show too little. */
  readonly thin: number[] = []
  thinCount = 0
  readonly violations: SeedViolation[] = []
  violationCount = 0
  readonly #hasFaults: boolean
  #hash = 0

  constructor({ hasFaults }: { readonly hasFaults: boolean }) {
    this.#hasFaults = hasFaults
  }

  add(played: Played): void {
    this.seeds += 1
    this.pushes += played.pushes
    this.sdkCalls += played.sdkCalls
    this.writes += played.writes
    this.crashes += played.crashes
    this.virtualMs += played.virtualMs
    count(this.scenarios, played.scenario, 1)
    addAll(this.rollouts, played.measured.rollouts)
    addAll(this.drawn, played.drawn)
    addAll(this.fired, played.fired)
    for (const [phase, counts] of Object.entries(played.firedByPhase)) {
      const known = this.firedByPhase.get(phase) ?? new Map<string, number>()
      this.firedByPhase.set(phase, known)
      addAll(known, counts)
    }
    this.#keepWorst(played)
    this.#keepThin(played)
    this.#keepViolations(played)
    // A sum, so that it does not matter which process was first.
    this.#hash = (this.#hash + fnv(`${played.scenario}/${played.seed} ${played.traceHash}`)) >>> 0
  }

  /** The same for the same seeds, in whatever order they were played. */
  get traceHash(): string {
    return this.#hash.toString(16).padStart(8, '0')
  }

  #keepWorst({ measured, restMs }: Played): void {
    const { worst } = this
    worst.commitToTrafficMs = Math.max(worst.commitToTrafficMs, measured.commitToTrafficMs)
    worst.handOverMs = Math.max(worst.handOverMs, measured.handOverMs)
    worst.restMs = Math.max(worst.restMs, restMs)
  }

  #keepThin({ seed, pushes, fired }: Played): void {
    if (pushes >= LEAST.pushes && (!this.#hasFaults || totalOf(fired) >= LEAST.fired)) return
    this.thinCount += 1
    if (this.thin.length < MOST_KEPT) this.thin.push(seed)
  }

  #keepViolations({ seed, scenario, violations }: Played): void {
    this.violationCount += violations.length
    const room = MOST_KEPT - this.violations.length
    this.violations.push(...violations.slice(0, room).map((violation) => ({ ...violation, scenario, seed })))
  }
}

function addAll(counts: Map<string, number>, more: StrikeCounts): void {
  for (const [name, by] of Object.entries(more)) count(counts, name, by)
}

const count = (counts: Map<string, number>, name: string, by: number): void => {
  counts.set(name, (counts.get(name) ?? 0) + by)
}

function fnv(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}
