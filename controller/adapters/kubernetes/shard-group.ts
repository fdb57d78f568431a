import type { Clock } from '../../ports/clock.ts'
import { PortError } from '../../ports/error.ts'
import type { LeaseHolder } from '../../ports/store.ts'
import type { KubeLease, LeaseObjects } from './lease-objects.ts'
import { epochOf, hasCode, identityOf, leaseOf } from './lease-objects.ts'
import { micro } from './micro-time.ts'
import type { Silences } from './silences.ts'

export interface ShardGroupOptions {
  readonly objects: LeaseObjects
  readonly silences: Silences
  readonly clock: Clock
  /** Undefined when it can't be told from this machine. */
  readonly isAlive: (holder: LeaseHolder) => Promise<boolean | undefined>
  readonly shards: number
}

/** The Lease of a controller that leads alone. */
const ALONE = 'controller'

/** For so long after a renewal of the group's Lease one of its members may take or renew a shard. */
const TOGETHER_MS = 10_000

/** And for so long more a shard's lease may last that was taken then. */
const GROUP_MS = 2 * TOGETHER_MS

/** Each that is lost means that another member was faster. */
const MAXIMUM_TRIES = 8

/**
 * Controllers that count the same number of shards. Others would give an environment another leader, as while a Deployment is rolled to another number; so
 * the group holds the Lease of whoever leads alone, each of its members renews it, and nobody takes a shard without.
 */
export class ShardGroup {
  readonly #options: ShardGroupOptions
  #togetherUntil = -Infinity

  constructor(options: ShardGroupOptions) {
    this.#options = options
  }

  get shards(): number {
    return this.#options.shards
  }

  /** Takes or renews the group's Lease; throws `LeaseHeld` (stall) while others have it who count otherwise. */
  async join(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#tryToJoin()
      } catch (error) {
        const isRace = hasCode(error, 'Conflict') || hasCode(error, 'AlreadyExists')
        if (!isRace || tries === MAXIMUM_TRIES) throw error
      }
    }
  }

  async #tryToJoin(): Promise<void> {
    const { objects, clock, shards } = this.#options
    const askedAtMs = clock.monotonic()
    const stored = await objects.read(ALONE)
    const lease = stored === undefined ? undefined : leaseOf(ALONE, stored)
    const isOurs = lease?.holder.instance === this.#holder.instance
    if (stored !== undefined && lease !== undefined && !isOurs && !(await this.#isFree(stored, askedAtMs)))
      throw new PortError(
        `${lease.holder.instance} of ${lease.holder.host} acts on this namespace with another number of shards than ${shards}`,
        {
          code: 'LeaseHeld',
          handling: 'stall',
          remedy: 'give all controllers of the namespace the same number of shards',
        },
      )
    await this.#renew(stored, isOurs)
    this.#togetherUntil = askedAtMs + TOGETHER_MS
  }

  /** Throws `StoreUnavailable` (retry) unless nobody can lead who counts otherwise, for as long as a shard's lease lasts. */
  assertTogether(): void {
    if (this.#options.clock.monotonic() < this.#togetherUntil) return
    throw new PortError('whether other controllers count the same number of shards is not known', {
      code: 'StoreUnavailable',
      handling: 'retry',
    })
  }

  /** Gives the group's Lease up, if nobody else is in it. Whoever joins is a member before it renews the Lease, so one that nobody is told of has not renewed it. */
  async leave(isLast: () => Promise<boolean>): Promise<void> {
    this.#togetherUntil = -Infinity
    const { objects } = this.#options
    const stored = await objects.read(ALONE)
    if (stored === undefined) return
    if (leaseOf(ALONE, stored)?.holder.instance !== this.#holder.instance || !(await isLast())) return
    const spec = { ...stored.spec, holderIdentity: '', leaseDurationSeconds: 1 }
    try {
      await objects.save(ALONE, stored, { spec, holder: this.#holder })
    } catch (error) {
      if (!hasCode(error, 'Conflict')) throw error
    }
  }

  async #isFree(stored: KubeLease, askedAtMs: number): Promise<boolean> {
    const { silences, isAlive } = this.#options
    const lease = leaseOf(ALONE, stored)
    if (lease === undefined || (await isAlive(lease.holder)) === false) return true
    return silences.silentMs(stored, askedAtMs) >= Math.max(1, lease.expiresAt - lease.renewedAt)
  }

  async #renew(stored: KubeLease | undefined, isOurs: boolean): Promise<void> {
    const { objects, clock } = this.#options
    const now = micro(clock.now())
    const epoch = stored === undefined ? 1 : epochOf(stored) + (isOurs ? 0 : 1)
    const spec = {
      holderIdentity: identityOf(this.#holder),
      leaseDurationSeconds: GROUP_MS / 1_000,
      acquireTime: isOurs ? (stored?.spec?.acquireTime ?? now) : now,
      renewTime: now,
      leaseTransitions: epoch - 1,
    }
    await objects.save(ALONE, stored, { spec, holder: this.#holder })
  }

  /** No process: all who count so many shards. */
  get #holder(): LeaseHolder {
    const instance = `${this.#options.shards}-shards`
    return { host: 'controllers', bootId: '', pid: 0, processStartedAt: 0, instance }
  }
}
