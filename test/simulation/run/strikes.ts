import type { SteersmanEvent } from '../../../controller/core/event.ts'

/** Where a strike counts while no rollout runs. */
export const NO_ROLLOUT = 'no rollout'

/** By kind of happening, how many of them struck. */
export type StrikeCounts = Readonly<Record<string, number>>

interface Blow {
  readonly kind: string
  isAtOnce: boolean
  /** Phases in which it has struck already: a time of trouble counts once for each. */
  readonly phases: Set<string>
}

/** Which of the happenings truly strike, and what rollouts are doing then: a fault that nobody runs into shows nothing. */
export class Strikes {
  readonly #fired = new Map<string, number>()
  readonly #byPhase = new Map<string, Map<string, number>>()
  /** By rollout that runs. */
  readonly #phases = new Map<string, string>()
  #now: Blow | undefined

  /** Lets a happening happen; it strikes at once unless it asks for {@link later} or says that it {@link missed}. */
  happen(kind: string, apply: () => void): void {
    const blow: Blow = { kind, isAtOnce: true, phases: new Set() }
    this.#now = blow
    try {
      apply()
    } finally {
      this.#now = undefined
    }
    if (blow.isAtOnce) this.#strike(blow)
  }

  /** The happening under way strikes whenever the returned function is called, and not before. */
  later(): () => void {
    const blow = this.#now
    if (blow === undefined) return () => undefined
    blow.isAtOnce = false
    return () => this.#strike(blow)
  }

  /** The happening under way has found nothing to strike. */
  missed(): void {
    if (this.#now !== undefined) this.#now.isAtOnce = false
  }

  /** Follows the rollouts. */
  told(event: SteersmanEvent): void {
    if (event.type === 'RolloutStarted') this.#phases.set(event.rollout, 'Pending')
    if (event.type === 'PhaseEntered') this.#phases.set(event.rollout, event.phase)
    if (event.type === 'RolloutFinished') this.#phases.delete(event.rollout)
  }

  get fired(): StrikeCounts {
    return Object.fromEntries(this.#fired)
  }

  /** By phase, and {@link NO_ROLLOUT}. */
  get byPhase(): Readonly<Record<string, StrikeCounts>> {
    return Object.fromEntries(
      [...this.#byPhase].map(([phase, counts]) => [phase, Object.fromEntries(counts)]),
    )
  }

  #strike({ kind, phases }: Blow): void {
    if (phases.size === 0) add(this.#fired, kind)
    const running = this.#phases.size === 0 ? [NO_ROLLOUT] : this.#phases.values()
    for (const phase of running) {
      if (phases.has(phase)) continue
      phases.add(phase)
      const counts = this.#byPhase.get(phase) ?? new Map<string, number>()
      this.#byPhase.set(phase, counts)
      add(counts, kind)
    }
  }
}

const add = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
