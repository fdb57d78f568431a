import type { Clock } from '../../ports/clock.ts'
import type { LeaseHolder, Membership } from '../../ports/store.ts'
import type { KubeLease, LeaseObjects } from './lease-objects.ts'
import { hasCode, identityOf, leaseName, leaseOf } from './lease-objects.ts'
import { micro } from './micro-time.ts'
import type { ShardGroup } from './shard-group.ts'
import type { Silences } from './silences.ts'

export interface KubeMembersOptions {
  readonly objects: LeaseObjects
  readonly silences: Silences
  readonly clock: Clock
  readonly holder: LeaseHolder
  readonly group: ShardGroup
}

/** A member that was not heard of for so long won't come back under its name: a controller that starts has another. */
const FORGOTTEN_MS = 10 * 60_000

/** Which controllers live, each by a Lease of its own that it renews: they divide the shards among themselves. */
export class KubeMembers {
  readonly #options: KubeMembersOptions
  #isAnnounced = false

  constructor(options: KubeMembersOptions) {
    this.#options = options
  }

  /** The leases of shards are seen too: whoever shall have one after its holder's end must know by then since when it is silent. */
  async announce(durationMs: number): Promise<Membership> {
    const { objects, silences, clock, holder, group } = this.#options
    const askedAtMs = clock.monotonic()
    const all = await objects.list()
    const seen = all.map((stored) => ({ stored, silentMs: silences.silentMs(stored, askedAtMs) }))
    const members = seen.filter(({ stored }) => leaseName(stored).startsWith(this.#prefix))
    await this.#renew(
      members.map(({ stored }) => stored).find((stored) => leaseName(stored) === this.#name),
      durationMs,
    )
    await group.join()
    const living = members.flatMap(livingIn)
    await this.#forget(members.filter(({ silentMs }) => silentMs >= FORGOTTEN_MS))
    return { self: holder.instance, living: [...new Set([holder.instance, ...living])] }
  }

  async leave(): Promise<void> {
    const { objects, silences, clock, group } = this.#options
    if (!this.#isAnnounced) return
    await objects.remove(this.#name)
    await group.leave(async () => {
      const askedAtMs = clock.monotonic()
      const members = (await objects.list()).filter((stored) => leaseName(stored).startsWith(this.#prefix))
      const seen = members.map((stored) => ({ stored, silentMs: silences.silentMs(stored, askedAtMs) }))
      return seen.flatMap(livingIn).length === 0
    })
  }

  /** Whoever is the first to do it; what fails is done at another time. */
  async #forget(members: readonly { readonly stored: KubeLease }[]): Promise<void> {
    const { objects, silences } = this.#options
    for (const { stored } of members) {
      await objects.remove(leaseName(stored), stored).catch(() => undefined)
      silences.forget(stored)
    }
  }

  /** Those who count the same number of shards. */
  get #prefix(): string {
    return `member-${this.#options.group.shards}-`
  }

  get #name(): string {
    return `${this.#prefix}${this.#options.holder.instance}`
  }

  /** Nobody else writes it, but an earlier renewal whose answer was lost: the next one comes soon. */
  async #renew(stored: KubeLease | undefined, durationMs: number): Promise<void> {
    const { objects, clock, holder } = this.#options
    const now = micro(clock.now())
    const spec = {
      holderIdentity: identityOf(holder),
      leaseDurationSeconds: Math.max(1, Math.ceil(durationMs / 1_000)),
      acquireTime: stored?.spec?.acquireTime ?? now,
      renewTime: now,
      leaseTransitions: 0,
    }
    try {
      await objects.save(this.#name, stored, { spec, holder })
    } catch (error) {
      if (!hasCode(error, 'Conflict') && !hasCode(error, 'AlreadyExists')) throw error
    }
    this.#isAnnounced = true
  }
}

/** The instance of a member, unless it is silent for as long as its lease lasts. */
function livingIn({
  stored,
  silentMs,
}: {
  readonly stored: KubeLease
  readonly silentMs: number
}): readonly string[] {
  const lease = leaseOf(leaseName(stored), stored)
  return lease === undefined || silentMs >= lease.expiresAt - lease.renewedAt ? [] : [lease.holder.instance]
}
