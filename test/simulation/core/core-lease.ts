import { PortError } from '../../../controller/ports/error.ts'

/** Who holds the one lease, as all processes of a machine see it. */
interface Held {
  readonly instance: string
  readonly epoch: number
  readonly renewedAt: number
  readonly expiresAt: number
}

/** What came of an attempt to take or renew it. */
export type LeaseAnswer =
  { readonly held: true; readonly epoch: number } | { readonly held: false; readonly by: string }

export interface LeaseAsker {
  readonly instance: string
  /** By its own wall clock, which may jump. */
  readonly wallMs: number
  readonly monotonicMs: number
  /** What it saw of another one's lease, and since when: its own memory. */
  readonly observed: Map<string, number>
}

/** The lease of one data directory, with the rules of the one in files: free when its process is gone, or when it was not renewed for as long as it lasts. */
export class CoreLease {
  readonly #living: ReadonlySet<string>
  readonly #isFull: () => boolean
  readonly #isApart: boolean
  #held: Held | undefined

  constructor({
    living,
    isFull,
    isApart,
  }: {
    readonly living: ReadonlySet<string>
    readonly isFull: () => boolean
    /** Nobody can tell of another one's process whether it is there. */
    readonly isApart: boolean
  }) {
    this.#living = living
    this.#isApart = isApart
    this.#isFull = isFull
  }

  /** That of the newest holder. */
  get epoch(): number | undefined {
    return this.#held?.epoch
  }

  acquire(asker: LeaseAsker, durationMs: number): LeaseAnswer {
    const held = this.#held
    const isOurs = held?.instance === asker.instance
    if (held !== undefined && !isOurs && !this.#isFree(held, asker)) return { held: false, by: held.instance }
    if (this.#isFull()) throw new PortError('no space left', { code: 'StoreFull', handling: 'retry' })
    const isRenewed = isOurs && asker.wallMs < held.expiresAt
    const epoch = isRenewed ? held.epoch : (held?.epoch ?? 0) + 1
    const { instance, wallMs } = asker
    this.#held = { instance, epoch, renewedAt: wallMs, expiresAt: wallMs + durationMs }
    return { held: true, epoch }
  }

  #isFree(held: Held, { wallMs, monotonicMs, observed }: LeaseAsker): boolean {
    const renewal = `${held.epoch} ${held.renewedAt}`
    const since = observed.get(renewal)
    if (since === undefined) {
      observed.clear()
      observed.set(renewal, monotonicMs)
    }
    const silentForMs = since === undefined ? 0 : monotonicMs - since
    const isGone = this.#isApart ? wallMs >= held.expiresAt : !this.#living.has(held.instance)
    return isGone || silentForMs >= held.expiresAt - held.renewedAt
  }
}
