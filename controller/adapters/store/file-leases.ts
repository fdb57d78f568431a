import { createHash } from 'node:crypto'
import type { Clock } from '../../ports/clock.ts'
import type { FileSystem } from '../../ports/file-system.ts'
import type { Lease, LeaseAttempt, LeaseHolder, Leases } from '../../ports/store.ts'
import { unavailable } from './errors.ts'
import type { LeaseRecord } from './lease-record.ts'
import { newestRecord, recordFile } from './lease-record.ts'
import { assertName } from './objects.ts'

export interface FileLeasesOptions {
  readonly directory: string
  readonly fileSystem: FileSystem
  readonly clock: Clock
  readonly holder: LeaseHolder
  /** Undefined when it can't be told from this machine. */
  readonly isAlive: (holder: LeaseHolder) => Promise<boolean | undefined>
}

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
export function createFileLeases(options: FileLeasesOptions): Leases {
  const { directory, fileSystem, clock, holder, isAlive } = options
  const observed = new Map<string, Observed>()
  const temporary = createHash('sha256').update(JSON.stringify(holder)).digest('hex').slice(0, 16)

  return { acquire, release }

  async function acquire(request: {
    readonly name: string
    readonly durationMs: number
  }): Promise<LeaseAttempt> {
    assertName(request.name)
    await fileSystem.makeDirectory(directory)
    for (let attempt = 0; attempt < attemptsLimit; attempt += 1) {
      const before: Moment = { wallMs: clock.now(), monotonicMs: clock.monotonic() }
      const newest = await newestRecord({ directory, fileSystem, name: request.name })
      const result = await attemptOn(newest, before, request)
      if (result !== 'Lost') return result
    }
    throw unavailable(`the lease ${request.name} changed hands ${attemptsLimit} times during one attempt`)
  }

  async function attemptOn(
    newest: LeaseRecord,
    before: Moment,
    request: { readonly name: string; readonly durationMs: number },
  ): Promise<LeaseAttempt | 'Lost'> {
    const lease = newest.state === 'Held' ? newest.lease : undefined
    if (lease?.holder.instance === holder.instance && before.wallMs < lease.expiresAt) {
      return renew(lease, request.durationMs)
    }
    if (lease !== undefined && lease.holder.instance !== holder.instance && !(await isFree(lease, before))) {
      return { held: false, by: lease }
    }
    return take({ name: request.name, durationMs: request.durationMs, epoch: newest.epoch + 1 })
  }

  /**
   * Free: its process is gone, or it ran out. The wall clock may jump, so a holder that is known to live only loses the lease when it was also
   * seen not to renew for the whole duration; and one that was seen so loses it whatever the clock says.
   */
  async function isFree(lease: Lease, before: Moment): Promise<boolean> {
    const durationMs = Math.max(0, lease.expiresAt - lease.renewedAt)
    const silent = silentForMs(lease, before) >= durationMs
    const alive = await isAlive(lease.holder)
    if (alive === false || silent) return true
    return alive === undefined && before.wallMs >= lease.expiresAt
  }

  function silentForMs(lease: Lease, before: Moment): number {
    const renewal = `${lease.epoch} ${lease.renewedAt}`
    const last = observed.get(lease.name)
    if (last?.renewal === renewal) return before.monotonicMs - last.sinceMs
    observed.set(lease.name, { renewal, sinceMs: before.monotonicMs })
    return 0
  }

  /** Only counts when it was done before the old expiry: after it, somebody else may have taken the next epoch already. */
  async function renew(lease: Lease, durationMs: number): Promise<LeaseAttempt | 'Lost'> {
    const renewed = leaseFromNow({ name: lease.name, durationMs, epoch: lease.epoch })
    await replace(renewed)
    const newest = await newestRecord({ directory, fileSystem, name: lease.name })
    if (newest.epoch !== lease.epoch) return 'Lost'
    if (clock.now() < lease.expiresAt) return { held: true, lease: renewed }
    return take({ name: lease.name, durationMs, epoch: lease.epoch + 1 })
  }

  async function take(request: {
    readonly name: string
    readonly durationMs: number
    readonly epoch: number
  }): Promise<LeaseAttempt | 'Lost'> {
    const lease = leaseFromNow(request)
    await fileSystem.write(temporaryPath(lease.name), recordText(lease))
    const linked = await fileSystem.link(temporaryPath(lease.name), pathOf(lease))
    await fileSystem.remove(temporaryPath(lease.name))
    if (linked !== 'Linked') return 'Lost'
    await fileSystem.syncDirectory(directory)
    const newest = await newestRecord({ directory, fileSystem, name: lease.name })
    if (newest.epoch !== lease.epoch) return 'Lost'
    await removeOlder(newest.leftovers)
    return { held: true, lease }
  }

  async function removeOlder(files: readonly string[]): Promise<void> {
    for (const file of files) await fileSystem.remove(`${directory}/${file}`)
  }

  /** The file stays, given up: the next holder must know its epoch. */
  async function release(lease: Lease): Promise<void> {
    const newest = await newestRecord({ directory, fileSystem, name: lease.name })
    if (newest.state !== 'Held' || newest.epoch !== lease.epoch) return
    if (newest.lease.holder.instance !== holder.instance) return
    await replace({ ...newest.lease, released: true })
  }

  async function replace(record: Lease & { readonly released?: true }): Promise<void> {
    await fileSystem.write(temporaryPath(record.name), recordText(record))
    await fileSystem.rename(temporaryPath(record.name), pathOf(record))
    await fileSystem.syncDirectory(directory)
  }

  function leaseFromNow(request: {
    readonly name: string
    readonly durationMs: number
    readonly epoch: number
  }): Lease {
    const renewedAt = clock.now()
    return {
      name: request.name,
      epoch: request.epoch,
      holder,
      renewedAt,
      expiresAt: renewedAt + request.durationMs,
    }
  }

  function pathOf(lease: Lease): string {
    return `${directory}/${recordFile(lease.name, lease.epoch)}`
  }

  function temporaryPath(name: string): string {
    return `${directory}/${name}.${temporary}.tmp`
  }
}

function recordText(record: Lease & { readonly released?: true }): string {
  return `${JSON.stringify(record)}\n`
}
