import type { Clock } from '../../ports/clock.ts'
import { PortError } from '../../ports/error.ts'
import type { Lease, LeaseAttempt, LeaseHolder, Leases, Membership } from '../../ports/store.ts'
import type { KubeClient } from './calls.ts'
import { KubeMembers } from './kube-members.ts'
import type { KubeLease } from './lease-objects.ts'
import { epochOf, hasCode, identityOf, LeaseObjects, leaseOf } from './lease-objects.ts'
import { micro } from './micro-time.ts'
import { ShardGroup } from './shard-group.ts'
import { Silences } from './silences.ts'

export interface KubeLeasesOptions {
  readonly client: Pick<KubeClient, 'request'>
  readonly namespace: string
  readonly clock: Clock
  readonly holder: LeaseHolder
  /** Undefined when it can't be told from this machine. */
  readonly isAlive: (holder: LeaseHolder) => Promise<boolean | undefined>
  /** Over how many leases the environments are spread. Left out, 1. */
  readonly shards?: number
}

/** How often a lost race is looked at again before the attempt fails; each loss means that another attempt got through. */
const ATTEMPTS_LIMIT = 8

/**
 * Leases as Kubernetes has them, in the way of its own leader election: a lease is free when it was given up, when its process is known to be gone, or when it
 * was seen not to be renewed for its whole duration. No other machine's clock is believed. The epoch is `leaseTransitions` and one.
 */
export class KubeLeases implements Leases {
  readonly #options: KubeLeasesOptions
  readonly #objects: LeaseObjects
  readonly #silences: Silences
  /** Undefined for whoever leads alone. */
  readonly #group: ShardGroup | undefined
  readonly #members: KubeMembers | undefined
  /** When our own lease runs out, on the monotonic clock. */
  readonly #ownUntil = new Map<string, number>()
  readonly #uids = new Map<string, string>()

  constructor(options: KubeLeasesOptions) {
    this.#options = options
    this.#objects = new LeaseObjects(options)
    this.#silences = new Silences(options.clock)
    const { shards = 1 } = options
    if (shards === 1) return
    const parts = { ...options, shards, objects: this.#objects, silences: this.#silences }
    this.#group = new ShardGroup(parts)
    this.#members = new KubeMembers({ ...parts, group: this.#group })
  }

  async announce(durationMs: number): Promise<Membership> {
    const { instance } = this.#options.holder
    return (await this.#members?.announce(durationMs)) ?? { self: instance, living: [instance] }
  }

  async leave(): Promise<void> {
    await this.#members?.leave()
  }

  /** Of the Lease object as this process wrote it last; undefined before it has. */
  uidOf(name: string): string | undefined {
    return this.#uids.get(name)
  }

  async acquire(request: { readonly name: string; readonly durationMs: number }): Promise<LeaseAttempt> {
    for (let attempt = 0; attempt < ATTEMPTS_LIMIT; attempt += 1) {
      this.#group?.assertTogether()
      try {
        return await this.#attempt(request)
      } catch (error) {
        if (!hasCode(error, 'Conflict') && !hasCode(error, 'AlreadyExists')) throw error
      }
    }
    throw new PortError(
      `the lease ${request.name} changed hands ${ATTEMPTS_LIMIT} times during one attempt`,
      {
        code: 'StoreUnavailable',
        handling: 'retry',
      },
    )
  }

  async #attempt(request: { readonly name: string; readonly durationMs: number }): Promise<LeaseAttempt> {
    const { clock, holder } = this.#options
    const startedAt = clock.monotonic()
    const stored = await this.#objects.read(request.name)
    if (stored === undefined) return this.#write({ ...request, stored, epoch: 1, startedAt })
    const lease = leaseOf(request.name, stored)
    const isOurs = lease?.holder.instance === holder.instance
    const epoch = epochOf(stored)
    if (isOurs && startedAt < (this.#ownUntil.get(request.name) ?? -Infinity))
      return this.#write({ ...request, stored, epoch, startedAt })
    if (lease !== undefined && !isOurs && !(await this.#isFree(lease, stored, startedAt)))
      return { held: false, by: lease }
    return this.#write({ ...request, stored, epoch: epoch + 1, startedAt })
  }

  async #isFree(lease: Lease, stored: KubeLease, askedAtMs: number): Promise<boolean> {
    if ((await this.#options.isAlive(lease.holder)) === false) return true
    return this.#silences.silentMs(stored, askedAtMs) >= Math.max(1, lease.expiresAt - lease.renewedAt)
  }

  /** A conflict means that somebody else was faster: read again. */
  async #write({
    name,
    durationMs,
    stored,
    epoch,
    startedAt,
  }: {
    readonly name: string
    readonly durationMs: number
    readonly stored: KubeLease | undefined
    readonly epoch: number
    readonly startedAt: number
  }): Promise<LeaseAttempt> {
    const { clock, holder } = this.#options
    const renewedAt = clock.now()
    const isRenewal = stored !== undefined && epoch === epochOf(stored)
    await this.#save(name, stored, {
      holderIdentity: identityOf(holder),
      leaseDurationSeconds: Math.max(1, Math.ceil(durationMs / 1_000)),
      acquireTime: isRenewal ? (stored.spec?.acquireTime ?? micro(renewedAt)) : micro(renewedAt),
      renewTime: micro(renewedAt),
      leaseTransitions: epoch - 1,
    })
    this.#ownUntil.set(name, startedAt + durationMs)
    return { held: true, lease: { name, epoch, holder, renewedAt, expiresAt: renewedAt + durationMs } }
  }

  /** The object stays, given up: the next holder must know its epoch. */
  async release(lease: Lease): Promise<void> {
    const stored = await this.#objects.read(lease.name)
    if (stored === undefined || epochOf(stored) !== lease.epoch) return
    if (leaseOf(lease.name, stored)?.holder.instance !== this.#options.holder.instance) return
    this.#ownUntil.delete(lease.name)
    try {
      await this.#save(lease.name, stored, { ...stored.spec, holderIdentity: '', leaseDurationSeconds: 1 })
    } catch (error) {
      if (!hasCode(error, 'Conflict')) throw error
    }
  }

  async #save(
    name: string,
    stored: KubeLease | undefined,
    spec: NonNullable<KubeLease['spec']>,
  ): Promise<void> {
    const saved = await this.#objects.save(name, stored, { spec, holder: this.#options.holder })
    this.#uids.set(name, String(saved.metadata['uid']))
  }
}
