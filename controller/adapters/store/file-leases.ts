import { createHash } from 'node:crypto'
import type { Clock } from '../../ports/clock.ts'
import type { FileSystem } from '../../ports/file-system.ts'
import type { Lease, LeaseAttempt, LeaseHolder, Leases } from '../../ports/store.ts'
import { unavailable } from './errors.ts'
import type { LeaseRecord } from './lease-record.ts'
import { newestRecord, recordFile } from './lease-record.ts'
import { assertName } from './objects.ts'
import type { Epochs } from './store-claim.ts'
import { createWriteQueue } from './write-queue.ts'

export interface FileLeasesOptions {
  readonly directory: string
  readonly fileSystem: FileSystem
  readonly clock: Clock
  readonly holder: LeaseHolder
  /** Undefined when it can't be told from this machine. */
  readonly isAlive: (holder: LeaseHolder) => Promise<boolean | undefined>
}

/** Of one lease: the controller's. */
export interface FileLeases extends Leases, Epochs {}

/** When a record was about to be read: a judgement must not use a later time, or a renewal in between would be missed. */
interface Moment {
  readonly wallMs: number
  readonly monotonicMs: number
}

interface Observed {
  readonly renewal: string
  readonly sinceMs: number
}

/** How often a lost race is looked at again before the attempt fails; each loss means that another attempt got through. */
const attemptsLimit = 8

/**
 * Leases as files below `directory`, for controllers that share one machine's disk. Each epoch is a file of its own: a new holder makes the
 * next epoch's file in one step that only one of several can win, and the newest epoch is the lease.
 */
export function createFileLeases(options: FileLeasesOptions): FileLeases {
  const leases = new LeaseFiles(options)
  let given: number | undefined
  // A heartbeat may still write its record when the lease is given up: both use one temporary file, so they take turns.
  const turns = createWriteQueue(turnsLimit)
  return {
    epoch: () => given,
    acquire: (request) =>
      turns.run(async () => {
        const attempt = await leases.acquire(request)
        if (attempt.held) given = attempt.lease.epoch
        return attempt
      }),
    release: (lease) => turns.run(() => leases.release(lease)),
  }
}

/** Calls of one process that may wait for their turn. */
const turnsLimit = 100

class LeaseFiles implements Leases {
  readonly #directory: string
  readonly #fileSystem: FileSystem
  readonly #clock: Clock
  readonly #holder: LeaseHolder
  readonly #isAlive: FileLeasesOptions['isAlive']
  readonly #observed = new Map<string, Observed>()
  readonly #temporary: string

  constructor({ directory, fileSystem, clock, holder, isAlive }: FileLeasesOptions) {
    this.#directory = directory
    this.#fileSystem = fileSystem
    this.#clock = clock
    this.#holder = holder
    this.#isAlive = isAlive
    this.#temporary = createHash('sha256').update(JSON.stringify(holder)).digest('hex').slice(0, 16)
  }

  async acquire(request: { readonly name: string; readonly durationMs: number }): Promise<LeaseAttempt> {
    assertName(request.name)
    await this.#fileSystem.makeDirectory(this.#directory)
    for (let attempt = 0; attempt < attemptsLimit; attempt += 1) {
      const before: Moment = { wallMs: this.#clock.now(), monotonicMs: this.#clock.monotonic() }
      const newest = await this.#newest(request.name)
      const result = await this.#attemptOn(newest, before, request)
      if (result !== 'Lost') return result
    }
    throw unavailable(`the lease ${request.name} changed hands ${attemptsLimit} times during one attempt`)
  }

  async #attemptOn(
    newest: LeaseRecord,
    before: Moment,
    request: { readonly name: string; readonly durationMs: number },
  ): Promise<LeaseAttempt | 'Lost'> {
    const lease = newest.state === 'Held' ? newest.lease : undefined
    if (lease?.holder.instance === this.#holder.instance && before.wallMs < lease.expiresAt) {
      return this.#renew(lease, request.durationMs)
    }
    if (
      lease !== undefined &&
      lease.holder.instance !== this.#holder.instance &&
      !(await this.#isFree(lease, before))
    ) {
      return { held: false, by: lease }
    }
    return this.#take({ name: request.name, durationMs: request.durationMs, epoch: newest.epoch + 1 })
  }

  /**
   * Free: its process is gone, or it ran out. The wall clock may jump, so a holder that is known to live only loses the lease when it was also
   * seen not to renew for the whole duration; and one that was seen so loses it whatever the clock says.
   */
  async #isFree(lease: Lease, before: Moment): Promise<boolean> {
    const durationMs = Math.max(0, lease.expiresAt - lease.renewedAt)
    const silent = this.#silentForMs(lease, before) >= durationMs
    const alive = await this.#isAlive(lease.holder)
    if (alive === false || silent) return true
    return alive === undefined && before.wallMs >= lease.expiresAt
  }

  #silentForMs(lease: Lease, before: Moment): number {
    const renewal = `${lease.epoch} ${lease.renewedAt}`
    const last = this.#observed.get(lease.name)
    if (last?.renewal === renewal) return before.monotonicMs - last.sinceMs
    // It may have been made right before it was read.
    this.#observed.set(lease.name, { renewal, sinceMs: this.#clock.monotonic() })
    return 0
  }

  /** Only counts when it was done before the old expiry: after it, somebody else may have taken the next epoch already. */
  async #renew(lease: Lease, durationMs: number): Promise<LeaseAttempt | 'Lost'> {
    const renewed = this.#leaseFromNow({ name: lease.name, durationMs, epoch: lease.epoch })
    await this.#replace(renewed)
    const newest = await this.#newest(lease.name)
    if (newest.epoch !== lease.epoch) return 'Lost'
    if (this.#clock.now() < lease.expiresAt) return { held: true, lease: renewed }
    return this.#take({ name: lease.name, durationMs, epoch: lease.epoch + 1 })
  }

  async #take(request: {
    readonly name: string
    readonly durationMs: number
    readonly epoch: number
  }): Promise<LeaseAttempt | 'Lost'> {
    const lease = this.#leaseFromNow(request)
    await this.#fileSystem.write(this.#temporaryPath(lease.name), recordText(lease))
    const linked = await this.#fileSystem.link(this.#temporaryPath(lease.name), this.#pathOf(lease))
    await this.#fileSystem.remove(this.#temporaryPath(lease.name))
    if (linked !== 'Linked') return 'Lost'
    await this.#fileSystem.syncDirectory(this.#directory)
    const newest = await this.#newest(lease.name)
    if (newest.epoch !== lease.epoch) return 'Lost'
    await this.#removeOlder(newest.leftovers)
    return { held: true, lease }
  }

  async #removeOlder(files: readonly string[]): Promise<void> {
    for (const file of files) await this.#fileSystem.remove(`${this.#directory}/${file}`)
  }

  /** The file stays, given up: the next holder must know its epoch. */
  async release(lease: Lease): Promise<void> {
    const newest = await this.#newest(lease.name)
    if (newest.state !== 'Held' || newest.epoch !== lease.epoch) return
    if (newest.lease.holder.instance !== this.#holder.instance) return
    await this.#replace({ ...newest.lease, released: true })
  }

  async #replace(record: Lease & { readonly released?: true }): Promise<void> {
    await this.#fileSystem.write(this.#temporaryPath(record.name), recordText(record))
    await this.#fileSystem.rename(this.#temporaryPath(record.name), this.#pathOf(record))
    await this.#fileSystem.syncDirectory(this.#directory)
  }

  #leaseFromNow(request: {
    readonly name: string
    readonly durationMs: number
    readonly epoch: number
  }): Lease {
    const renewedAt = this.#clock.now()
    return {
      name: request.name,
      epoch: request.epoch,
      holder: this.#holder,
      renewedAt,
      expiresAt: renewedAt + request.durationMs,
    }
  }

  #pathOf(lease: Lease): string {
    return `${this.#directory}/${recordFile(lease.name, lease.epoch)}`
  }

  #temporaryPath(name: string): string {
    return `${this.#directory}/${name}.${this.#temporary}.tmp`
  }

  #newest(name: string): Promise<LeaseRecord> {
    return newestRecord({ directory: this.#directory, fileSystem: this.#fileSystem, name })
  }
}

function recordText(record: Lease & { readonly released?: true }): string {
  return `${JSON.stringify(record)}\n`
}
