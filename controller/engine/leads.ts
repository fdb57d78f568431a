import { ownersOf, shardOf } from '../core/shards.ts'
import type { Clock } from '../ports/clock.ts'
import type { Leases } from '../ports/store.ts'
import type { Telemetry } from '../ports/telemetry.ts'
import { Lead, type LeadTiming } from './lead.ts'

/** How the controllers of one store share its environments. */
export interface Leadership {
  /** Names of the leases; each environment belongs to one of them. */
  readonly shards: readonly string[]
  /** Whether another controller may lead while this one waits; otherwise it must be the only one. */
  readonly standsBy: boolean
  /** Left out: as the shared ones where it stands by, else as of one that shares with nobody. */
  readonly timing?: LeadTiming
}

/** A crash is noticed by the others within the lease and one question more, an orderly end within one question. */
const SHARED_TIMING: LeadTiming = { heartbeatMs: 2_000, leaseMs: 10_000, askMs: 1_000 }

/** The one lease of a controller that shares its store with nobody. */
export const ALONE: Leadership = { shards: ['controller'], standsBy: false }

/** The one lease of several controllers, each of which begins to work only once it has it. */
export const ONE_OF_SEVERAL: Leadership = { ...ALONE, timing: SHARED_TIMING }
/** Shorter than a shard's lease: whoever shall have it next is settled by the time that it is free. */
const MEMBER_MS = 7_000
/** How often the controllers tell each other that they live. With the time of a call it is how long a shard is without a leader whose controller has ended. */
const ANNOUNCE_MS = 1_500

interface LeadsSettings extends Leadership {
  readonly clock: Clock
  readonly leases: Leases
  readonly telemetry: Telemetry
  /** Timeout of one write: so long a shard is kept from its next holder after the last write may have begun. */
  readonly callTimeoutMs: number
  /** Called when the lease of a shard became ours, at first or again. */
  readonly onTaken: (shard: string) => void
}

/** The leases of this controller, one for each shard. Where several controllers live, each shard has one of them that shall lead it; the others let it go. */
export class Leads {
  readonly #settings: LeadsSettings
  readonly #leads: ReadonlyMap<string, Lead>
  /** The same by environment, as far as somebody asked: each step of each reconcile does. */
  readonly #byEnvironment = new Map<string, Lead>()
  /** Who shall lead each shard, by what was last told of those that live. */
  #owners: ReadonlyMap<string, string> | undefined
  #self: string | undefined
  #cancel: (() => void) | undefined
  #hasEnded = false

  constructor(settings: LeadsSettings) {
    this.#settings = settings
    this.#leads = new Map(settings.shards.map((shard) => [shard, this.#leadOf(shard)]))
  }

  /** The lead under which an environment is acted on. */
  of(environment: string): Lead {
    const known = this.#byEnvironment.get(environment)
    const lead = known ?? this.#leads.get(shardOf(environment, this.#settings.shards))
    if (lead === undefined) throw new Error(`no shard for the environment ${environment}`)
    this.#byEnvironment.set(environment, lead)
    return lead
  }

  /** Takes what is free; throws `LeaseHeld` (stall) where somebody else leads and this one does not stand by. */
  async begin(): Promise<void> {
    await this.#announce()
    this.#announceLater()
    for (const lead of this.#leads.values()) await lead.begin()
  }

  /** Gives every lease up. */
  async end(): Promise<void> {
    this.#hasEnded = true
    this.#cancel?.()
    await Promise.all([...this.#leads.values()].map((lead) => lead.end()))
    if (this.#isShared) await this.#settings.leases.leave?.()
  }

  get holdsAny(): boolean {
    return [...this.#leads.values()].some((lead) => lead.holds())
  }

  get #isShared(): boolean {
    return this.#settings.shards.length > 1
  }

  #leadOf(shard: string): Lead {
    const { clock, leases, telemetry, callTimeoutMs, standsBy, timing, onTaken } = this.#settings
    const standby = { isWanted: () => this.#isOurs(shard), handOverMs: callTimeoutMs }
    return new Lead({
      clock,
      leases,
      telemetry,
      name: shard,
      onTaken: () => onTaken(shard),
      ...(timing === undefined ? {} : { timing }),
      ...(standsBy ? { timing: timing ?? SHARED_TIMING, standby } : {}),
    })
  }

  /** Without shards, or where nobody tells who lives, whoever comes first leads. */
  #isOurs(shard: string): boolean {
    return this.#owners === undefined || this.#owners.get(shard) === this.#self
  }

  async #announce(): Promise<void> {
    const { leases, shards } = this.#settings
    const members = this.#isShared ? await leases.announce?.(MEMBER_MS) : undefined
    if (members === undefined) return
    this.#owners = ownersOf(shards, members.living)
    this.#self = members.self
    for (const [shard, lead] of this.#leads) if (this.#isOurs(shard)) lead.askNow()
  }

  #announceLater(): void {
    if (!this.#isShared || this.#hasEnded) return
    this.#cancel = this.#settings.clock.setTimer(ANNOUNCE_MS, () => {
      // The leases themselves tell of trouble with the store; who lived a moment ago is good enough until then.
      void this.#announce()
        .catch(() => undefined)
        .finally(() => this.#announceLater())
    })
  }
}
