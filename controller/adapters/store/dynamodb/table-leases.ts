import type { Clock } from '../../../ports/clock.ts'
import type { Lease, LeaseAttempt, LeaseHolder, Leases, Membership } from '../../../ports/store.ts'
import { unavailable } from '../errors.ts'
import { assertName } from '../objects.ts'
import { ConditionFailed } from './errors.ts'
import { keyOf, type LeaseItem, leaseIn, leaseItem, MEMBER_LEASE, unchanged } from './items.ts'
import type { StateTable } from './state-table.ts'

export interface TableLeasesOptions {
  readonly table: StateTable
  readonly clock: Clock
  readonly holder: LeaseHolder
  /** Undefined when it can't be told from this machine. */
  readonly isAlive: (holder: LeaseHolder) => Promise<boolean | undefined>
  /** Called when a lease became ours: reads everything that earlier holders wrote. The lease counts as taken afterwards. */
  readonly onTaken: () => Promise<void>
}

interface Request {
  readonly name: string
  readonly durationMs: number
}

/** How often a lost race is looked at again before the attempt fails; each loss means that another attempt got through. */
const ATTEMPTS = 8
/** Every name that a lease may have: lower-case letters, digits, dots and dashes. */
const ALL_LEASES = { after: '-', to: '~' }

/**
 * Leases as items beside the objects. No clock of another machine is trusted: a lease is over when it was given up, when its process is known to be gone, or
 * when this process has seen nobody renew it for as long as it lasts.
 */
export function createTableLeases(options: TableLeasesOptions): Leases {
  return new LeaseItems(options)
}

class LeaseItems implements Leases {
  readonly #options: TableLeasesOptions
  /** The last renewal that was seen of each lease, and when its answer was there on the monotonic clock. */
  readonly #seen = new Map<string, { readonly renewal: string; readonly atMs: number }>()

  #member: Lease | undefined
  /** The epoch of each lease under which everything was read. */
  readonly #taken = new Map<string, number>()

  constructor(options: TableLeasesOptions) {
    this.#options = options
  }

  async acquire(request: Request): Promise<LeaseAttempt> {
    assertName(request.name)
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const atMs = this.#options.clock.monotonic()
      const known = await this.#read(request.name)
      const isSilent = known !== undefined && this.#silentMs(known, atMs) >= lastsMs(known.lease)
      if (known !== undefined && !(await this.#mayTake(known, isSilent)))
        return { held: false, by: known.lease }
      const isRenewal = known !== undefined && this.#isOurs(known) && !isSilent
      const lease = await this.#write(known, request, isRenewal)
      if (lease === undefined) continue
      await this.#take(lease)
      return { held: true, lease }
    }
    throw unavailable(`the lease ${request.name} changed hands ${ATTEMPTS} times during one attempt`)
  }

  /** An answer that was lost may have given us the lease without our knowing: what counts is what was read under this epoch. */
  async #take({ name, epoch }: Lease): Promise<void> {
    if (this.#taken.get(name) === epoch) return
    await this.#options.onTaken()
    this.#taken.set(name, epoch)
  }

  async release(lease: Lease): Promise<void> {
    const known = await this.#read(lease.name)
    if (known === undefined || !this.#isOurs(known) || known.lease.epoch !== lease.epoch) return
    await this.#put(known, { ...known, released: true })
  }

  async announce(durationMs: number): Promise<Membership> {
    const { table, clock, holder } = this.#options
    const own = await this.#keep(this.#memberName, durationMs)
    if (own !== undefined) this.#member = own
    const atMs = clock.monotonic()
    // The leases of shards too: whoever shall have one after its holder's end must know by then since when it is silent.
    const known = (await table.query('lease', ALL_LEASES)).map(leaseIn)
    const living = known
      .map((each) => ({ ...each, silentMs: this.#silentMs(each, atMs) }))
      .filter(({ lease }) => lease.name.startsWith(MEMBER_LEASE))
      .filter(({ released, silentMs, lease }) => !released && silentMs < lastsMs(lease))
      .map(({ lease }) => lease.holder.instance)
    return { self: holder.instance, living: [...new Set([holder.instance, ...living])] }
  }

  async leave(): Promise<void> {
    if (this.#member !== undefined) await this.release(this.#member)
  }

  get #memberName(): string {
    return `${MEMBER_LEASE}${this.#options.holder.instance}`
  }

  /** Nobody else wants the lease of a member, so it needs no reading up. */
  async #keep(name: string, durationMs: number): Promise<Lease | undefined> {
    const known = await this.#read(name)
    return this.#write(known, { name, durationMs }, known !== undefined)
  }

  /** Undefined: somebody else was faster. */
  async #write(
    known: LeaseItem | undefined,
    request: Request,
    isRenewal: boolean,
  ): Promise<Lease | undefined> {
    const { clock, holder } = this.#options
    const renewedAt = clock.now()
    const atMs = clock.monotonic()
    const epoch = known?.lease.epoch ?? 0
    const lease: Lease = {
      name: request.name,
      epoch: isRenewal ? epoch : epoch + 1,
      holder,
      renewedAt,
      expiresAt: renewedAt + request.durationMs,
    }
    const made = { lease, renewals: (known?.renewals ?? 0) + 1, released: false }
    if (!(await this.#put(known, made))) return undefined
    this.#seen.set(request.name, { renewal: renewalOf(made), atMs })
    return lease
  }

  /** False where the item was written since it was read. */
  async #put(known: LeaseItem | undefined, made: LeaseItem): Promise<boolean> {
    const before = known === undefined ? undefined : leaseItem(known)
    try {
      await this.#options.table.put(
        leaseItem(made),
        unchanged(before, ['epoch', 'instance', 'renewals', 'released']),
      )
      return true
    } catch (error) {
      if (error instanceof ConditionFailed) return false
      throw error
    }
  }

  async #mayTake(known: LeaseItem, isSilent: boolean): Promise<boolean> {
    if (known.released || isSilent || this.#isOurs(known)) return true
    return (await this.#options.isAlive(known.lease.holder)) === false
  }

  #isOurs({ lease, released }: LeaseItem): boolean {
    return !released && lease.holder.instance === this.#options.holder.instance
  }

  /** For how long nobody has renewed it, as of when it was asked for: a renewal that is new may have been made right before its answer. */
  #silentMs(known: LeaseItem, askedAtMs: number): number {
    const renewal = renewalOf(known)
    const last = this.#seen.get(known.lease.name)
    if (last?.renewal === renewal) return askedAtMs - last.atMs
    this.#seen.set(known.lease.name, { renewal, atMs: this.#options.clock.monotonic() })
    return 0
  }

  async #read(name: string): Promise<LeaseItem | undefined> {
    const item = await this.#options.table.get(keyOf('lease', name))
    return item === undefined ? undefined : leaseIn(item)
  }
}

const renewalOf = ({ lease, renewals }: LeaseItem): string => `${lease.epoch} ${renewals}`
const lastsMs = ({ renewedAt, expiresAt }: Lease): number => Math.max(0, expiresAt - renewedAt)
