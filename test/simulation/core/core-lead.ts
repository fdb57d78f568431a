import type { SteersmanEvent } from '../../../controller/core/event.ts'
import { PortError } from '../../../controller/ports/error.ts'
import type { SimulatedProcess } from '../process/simulated-process.ts'
import type { CoreLease } from './core-lease.ts'

const HEARTBEAT_MS = 5_000
const LEASE_MS = 15_000

/** Whether a controller may act, by the same rules as the engine's: asked for, kept by heartbeat, and counted from before the renewal. */
export class CoreLead {
  readonly #options: {
    readonly lease: CoreLease
    readonly process: SimulatedProcess
    readonly instance: string
    readonly emit: (event: SteersmanEvent) => void
    readonly onTaken: () => void
  }
  readonly #observed = new Map<string, number>()
  #epoch: number | undefined
  #safeUntil = -Infinity

  constructor(options: {
    readonly lease: CoreLease
    readonly process: SimulatedProcess
    readonly instance: string
    readonly emit: (event: SteersmanEvent) => void
    readonly onTaken: () => void
  }) {
    this.#options = options
  }

  /** Throws `LeaseHeld` when another one has it. */
  begin(): void {
    const by = this.#renew()
    if (by !== undefined)
      throw new PortError(`${by} acts on this data directory`, { code: 'LeaseHeld', handling: 'stall' })
    this.#beat()
  }

  get epoch(): number | undefined {
    return this.#epoch
  }

  assertHeldFor(durationMs: number, epoch = this.epoch): void {
    const isSame = epoch === this.epoch
    if (isSame && this.#options.process.clock.monotonic() + durationMs < this.#safeUntil) return
    throw new PortError('the lease may expire before the call ends, so nothing is written', {
      code: 'LeaseLost',
      handling: 'retry',
    })
  }

  /** What was on its way to the store as the lease changed hands comes too late there. */
  assertNewest(epoch: number | undefined): void {
    if (this.#options.lease.epoch === epoch) return
    throw new PortError('another controller has had the lease since, so nothing is stored', {
      code: 'LeaseLost',
      handling: 'retry',
    })
  }

  holds(): boolean {
    return this.#options.process.clock.monotonic() < this.#safeUntil
  }

  #renew(): string | undefined {
    const { lease, process, instance, onTaken } = this.#options
    const { clock } = process
    const askedAt = clock.monotonic()
    const asker = { instance, wallMs: clock.now(), monotonicMs: askedAt, observed: this.#observed }
    const answer = lease.acquire(asker, LEASE_MS)
    const before = this.#epoch
    if (!answer.held || (before !== undefined && answer.epoch > before + 1)) {
      this.#epoch = undefined
      this.#safeUntil = -Infinity
      if (before !== undefined) this.#tell(false, before, 'another controller holds it, or held it meanwhile')
      return answer.held ? undefined : answer.by
    }
    this.#epoch = answer.epoch
    this.#safeUntil = askedAt + LEASE_MS
    if (before === answer.epoch) return undefined
    this.#tell(true, answer.epoch, 'the lease is ours')
    onTaken()
    return undefined
  }

  #beat(): void {
    const { process } = this.#options
    process.clock.setTimer(HEARTBEAT_MS, () => {
      try {
        this.#renew()
      } catch (error) {
        if (!(error instanceof PortError)) throw error
        this.#tell(this.holds(), this.#epoch ?? 0, `heartbeat failed: ${error.message}`)
      }
      this.#beat()
    })
  }

  #tell(held: boolean, epoch: number, message: string): void {
    this.#options.emit({ type: 'LeaseChanged', lease: 'controller', held, epoch, message })
  }
}
