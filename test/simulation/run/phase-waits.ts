import type { SteersmanEvent } from '../../../controller/core/event.ts'

/** After so long in vain a happening strikes anyway, in milliseconds. */
const MOST_MS = 60_000

interface Waiting {
  readonly phase: string
  readonly delayMs: number
  readonly act: () => void
  isOver: boolean
}

/** Happenings that wait until a rollout is just where they hurt. */
export class PhaseWaits {
  readonly #later: (delayMs: number, act: () => void) => void
  #waiting: readonly Waiting[] = []

  constructor(later: (delayMs: number, act: () => void) => void) {
    this.#later = later
  }

  /** Calls `act` so long after a rollout has entered the phase, or after a while without. */
  wait(where: Pick<Waiting, 'phase' | 'delayMs'>, act: () => void): void {
    const waiting: Waiting = { ...where, act, isOver: false }
    this.#waiting = [...this.#waiting, waiting]
    this.#later(MOST_MS, () => this.#strike(waiting))
  }

  /** Follows the rollouts. */
  told(event: SteersmanEvent): void {
    const phase =
      event.type === 'RolloutStarted' ? 'Pending' : event.type === 'PhaseEntered' ? event.phase : undefined
    if (phase === undefined) return
    // What is told is told in the middle of the controller's work: the outside acts next.
    for (const waiting of this.#waiting.filter((one) => one.phase === phase))
      this.#later(waiting.delayMs, () => this.#strike(waiting))
  }

  #strike(waiting: Waiting): void {
    if (waiting.isOver) return
    waiting.isOver = true
    this.#waiting = this.#waiting.filter((one) => one !== waiting)
    waiting.act()
  }
}
