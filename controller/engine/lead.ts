import type { Clock } from '../ports/clock.ts'
import { PortError } from '../ports/error.ts'
import type { Lease, LeaseAttempt, Leases } from '../ports/store.ts'
import type { Telemetry } from '../ports/telemetry.ts'

/** In milliseconds. */
export interface LeadTiming {
  /** How often a lease that is ours is renewed. */
  readonly heartbeatMs: number
  /** How long it is believed: a controller that stands still longer no longer acts. */
  readonly leaseMs: number
  /** How often a lease is asked for that another holds. */
  readonly askMs: number
}

const TIMING: LeadTiming = { heartbeatMs: 5_000, leaseMs: 15_000, askMs: 5_000 }

export interface LeadSettings {
  readonly clock: Clock
  readonly leases: Leases
  readonly telemetry: Telemetry
  readonly name: string
  /** Called when the lease became ours, at first or again. */
  readonly onTaken: () => void
  readonly timing?: LeadTiming
  /** Set where another may hold the lease for as long as it likes: this one waits for it. */
  readonly standby?: Standby
}

export interface Standby {
  /** Whether the lease shall be ours at all, while others live who may have it. */
  readonly isWanted: () => boolean
  /** How long a write under way may take before the lease is handed to another; shorter than the lease lasts. */
  readonly handOverMs: number
}

/**
 * Whether this controller may act, and for how long that is sure: one lease, kept by heartbeat. Its expiry is counted from before the renewal was sent, on
 * the monotonic clock, so neither a late answer nor a clock jump lengthens it.
 */
export class Lead {
  readonly #settings: LeadSettings
  #lease: Lease | undefined
  #safeUntil = -Infinity
  readonly #timing: LeadTiming
  /** Of the next heartbeat; undefined while one is under way. */
  #cancel: (() => void) | undefined
  #hasEnded = false
  /** While writes under way come to their end, before another gets the lease. */
  #isHandingOver = false
  /** What was told last of whether the lease is ours. */
  #toldHeld: boolean | undefined

  constructor(settings: LeadSettings) {
    this.#settings = settings
    this.#timing = settings.timing ?? TIMING
  }

  /** Takes the lease once; throws `LeaseHeld` (stall) when another live controller has it and this one is no standby. */
  async begin(): Promise<void> {
    const by = await this.#renew()
    if (by !== undefined && this.#settings.standby === undefined) {
      throw new PortError(
        `another controller acts on this data directory: process ${by.holder.pid} on ${by.holder.host}`,
        {
          code: 'LeaseHeld',
          handling: 'stall',
          remedy: 'stop that process, or give this one its own dataDir',
        },
      )
    }
    this.#beat()
  }

  get name(): string {
    return this.#settings.name
  }

  /** The epoch of the lease that is ours; undefined while none is. */
  get epoch(): number | undefined {
    return this.#lease?.epoch
  }

  /**
   * Throws `LeaseLost` (retry) unless the lease is ours for at least that long: asked before each write. Where an epoch is given, it must still be that one:
   * what was seen under an earlier lease is not acted on, since this process has stood still or others have acted meanwhile.
   */
  assertHeldFor(durationMs: number, epoch = this.epoch): void {
    if (epoch !== this.epoch)
      throw lost('the lease was lost meanwhile, so nothing is written on what was seen before')
    if (this.#settings.clock.monotonic() + durationMs < this.#safeUntil) return
    throw lost('the lease may expire before the call ends, so nothing is written')
  }

  holds(): boolean {
    return this.#settings.clock.monotonic() < this.#safeUntil
  }

  /** Asks for a lease that is not ours without waiting for the next heartbeat. */
  askNow(): void {
    if (this.#cancel === undefined || this.#lease !== undefined || this.#hasEnded) return
    this.#cancel()
    this.#beatAfter(0)
  }

  /** Stops the heartbeat and gives the lease up. */
  async end(): Promise<void> {
    this.#hasEnded = true
    this.#cancel?.()
    const held = this.#lease
    this.#lease = undefined
    this.#safeUntil = -Infinity
    if (held !== undefined) await this.#settings.leases.release(held)
  }

  /** Takes or renews the lease; resolves to whoever holds it instead. */
  async #renew(): Promise<Lease | undefined> {
    const { clock, leases, name, onTaken, standby } = this.#settings
    const { leaseMs } = this.#timing
    if (standby?.isWanted() === false) return this.#handOver(standby)
    if (this.#isHandingOver) return undefined
    const askedAt = clock.monotonic()
    const attempt = await leases.acquire({ name, durationMs: leaseMs })
    const before = this.#lease
    // A heartbeat was under way when the lead ended.
    if (this.#hasEnded) return this.#giveBack(attempt)
    // Who stood still in between for as long as the lease lasts was told of a lease that may be another's by now.
    if (attempt.held && clock.monotonic() >= askedAt + leaseMs) return this.#renew()
    if (!attempt.held) {
      const { host, pid } = attempt.by.holder
      const isNews = before !== undefined || (standby !== undefined && this.#toldHeld === undefined)
      const { epoch } = before ?? attempt.by
      if (isNews) this.#tell({ held: false, epoch, message: `held by process ${pid} on ${host}` })
      this.#lease = undefined
      this.#safeUntil = -Infinity
      return attempt.by
    }
    if (before !== undefined && attempt.lease.epoch > before.epoch + 1)
      return this.#missedAnother(before, attempt)
    this.#lease = attempt.lease
    this.#safeUntil = askedAt + leaseMs
    if (before?.epoch === attempt.lease.epoch) {
      // It had lapsed, and nobody has taken it meanwhile.
      if (this.#toldHeld === false)
        this.#tell({ held: true, epoch: before.epoch, message: 'the lease is ours again' })
      return undefined
    }
    this.#tell({ held: true, epoch: attempt.lease.epoch, message: 'the lease is ours' })
    onTaken()
    return undefined
  }

  /** Writes nothing more, lets what is under way end, and gives the lease to whoever shall have it. */
  async #handOver({ handOverMs }: Standby): Promise<undefined> {
    const held = this.#lease
    if (held === undefined) return
    this.#lease = undefined
    this.#safeUntil = -Infinity
    this.#isHandingOver = true
    this.#tell({ held: false, epoch: held.epoch, message: 'handed over to another controller' })
    try {
      await this.#settings.clock.sleep(handOverMs)
      await this.#settings.leases.release(held)
    } finally {
      this.#isHandingOver = false
    }
  }

  /** What a heartbeat brought is not kept. */
  async #giveBack(attempt: LeaseAttempt): Promise<undefined> {
    if (attempt.held) await this.#settings.leases.release(attempt.lease)
  }

  /** While this process stood still another one came and went: nothing that is in memory can be trusted, so the lease is lost although it is free. */
  async #missedAnother(before: Lease, attempt: LeaseAttempt): Promise<undefined> {
    this.#lease = undefined
    this.#safeUntil = -Infinity
    this.#tell({ held: false, epoch: before.epoch, message: 'another controller held it meanwhile' })
    return this.#giveBack(attempt)
  }

  #beat(): void {
    if (this.#hasEnded) return
    const { heartbeatMs, askMs } = this.#timing
    const afterMs = this.#lease === undefined ? askMs : heartbeatMs
    this.#beatAfter(afterMs)
  }

  #beatAfter(delayMs: number): void {
    this.#cancel = this.#settings.clock.setTimer(delayMs, () => void this.#heartbeat())
  }

  async #heartbeat(): Promise<void> {
    this.#cancel = undefined
    try {
      await this.#renew()
    } catch (error) {
      const message = `heartbeat failed: ${error instanceof Error ? error.message : String(error)}`
      this.#tell({ held: this.holds(), epoch: this.#lease?.epoch ?? 0, message })
    }
    this.#beat()
  }

  #tell(change: { readonly held: boolean; readonly epoch: number; readonly message: string }): void {
    this.#toldHeld = change.held
    this.#settings.telemetry.emit({ type: 'LeaseChanged', lease: this.#settings.name, ...change })
  }
}

const lost = (message: string): PortError => new PortError(message, { code: 'LeaseLost', handling: 'retry' })
