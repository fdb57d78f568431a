import type { Clock } from '../../ports/clock.ts'
import { PortError } from '../../ports/error.ts'
import type { Lease, LeaseAttempt, LeaseHolder, Leases } from '../../ports/store.ts'
import { isRecord } from '../../resources/problem.ts'
import type { KubeClient } from './calls.ts'
import { micro } from './micro-time.ts'

export interface KubeLeasesOptions {
  readonly client: Pick<KubeClient, 'request'>
  readonly namespace: string
  readonly clock: Clock
  readonly holder: LeaseHolder
  /** Undefined when it can't be told from this machine. */
  readonly isAlive: (holder: LeaseHolder) => Promise<boolean | undefined>
}

/** A `coordination.k8s.io/v1` Lease (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/lease-v1/). */
interface KubeLease {
  readonly metadata: Readonly<Record<string, unknown>>
  readonly spec?: {
    readonly holderIdentity?: string | null
    readonly leaseDurationSeconds?: number | null
    readonly acquireTime?: string | null
    readonly renewTime?: string | null
    readonly leaseTransitions?: number | null
  }
}

interface Observed {
  readonly version: string
  /** When the answer that showed it was there, on the monotonic clock. */
  readonly sinceMs: number
}

/** The rest of who holds it: the server's own fields have one name alone. */
const HOLDER = 'steersman.dev/lease-holder'

/** How often a lost race is looked at again before the attempt fails; each loss means that another attempt got through. */
const ATTEMPTS_LIMIT = 8

/** A renewal that is not answered by then is tried again, while the lease is still good. */
const TIMEOUT_MS = 4_000

/**
 * Leases as Kubernetes has them, in the way of its own leader election: a lease is free when it was given up, when its process is known to be gone, or when it
 * was seen not to be renewed for its whole duration. No other machine's clock is believed. The epoch is `leaseTransitions` and one.
 */
export class KubeLeases implements Leases {
  readonly #options: KubeLeasesOptions
  readonly #observed = new Map<string, Observed>()
  /** When our own lease runs out, on the monotonic clock. */
  readonly #ownUntil = new Map<string, number>()
  readonly #uids = new Map<string, string>()

  constructor(options: KubeLeasesOptions) {
    this.#options = options
  }

  /** Of the Lease object as this process wrote it last; undefined before it has. */
  uidOf(name: string): string | undefined {
    return this.#uids.get(name)
  }

  async acquire(request: { readonly name: string; readonly durationMs: number }): Promise<LeaseAttempt> {
    for (let attempt = 0; attempt < ATTEMPTS_LIMIT; attempt += 1) {
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
    const stored = await this.#read(request.name)
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

  /** A renewal that is new may have been made right before its answer, so its silence counts from then on. */
  async #isFree(lease: Lease, { metadata }: KubeLease, askedAtMs: number): Promise<boolean> {
    if ((await this.#options.isAlive(lease.holder)) === false) return true
    const version = `${String(metadata['uid'])} ${String(metadata['resourceVersion'])}`
    const last = this.#observed.get(lease.name)
    if (last?.version === version) return askedAtMs - last.sinceMs >= lease.expiresAt - lease.renewedAt
    this.#observed.set(lease.name, { version, sinceMs: this.#options.clock.monotonic() })
    return false
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
      holderIdentity: `${holder.host}_${holder.instance}`,
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
    const stored = await this.#read(lease.name)
    if (stored === undefined || epochOf(stored) !== lease.epoch) return
    if (leaseOf(lease.name, stored)?.holder.instance !== this.#options.holder.instance) return
    this.#ownUntil.delete(lease.name)
    try {
      await this.#save(lease.name, stored, { ...stored.spec, holderIdentity: '', leaseDurationSeconds: 1 })
    } catch (error) {
      if (!hasCode(error, 'Conflict')) throw error
    }
  }

  async #read(name: string): Promise<KubeLease | undefined> {
    const { client } = this.#options
    try {
      return (await client.request({
        method: 'GET',
        path: this.#path(name),
        timeoutMs: TIMEOUT_MS,
      })) as KubeLease
    } catch (error) {
      if (hasCode(error, 'NotFound')) return undefined
      throw error
    }
  }

  async #save(
    name: string,
    stored: KubeLease | undefined,
    spec: NonNullable<KubeLease['spec']>,
  ): Promise<void> {
    const { client, holder } = this.#options
    const { managedFields: _managed, ...metadata } = stored?.metadata ?? { name: leaseObjectName(name) }
    const annotations = isRecord(metadata['annotations']) ? metadata['annotations'] : {}
    const saved = (await client.request({
      method: stored === undefined ? 'POST' : 'PUT',
      path: stored === undefined ? this.#path() : this.#path(name),
      query: { fieldManager: 'steersman' },
      body: {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { ...metadata, annotations: { ...annotations, [HOLDER]: JSON.stringify(holder) } },
        spec,
      },
      timeoutMs: TIMEOUT_MS,
    })) as KubeLease
    this.#uids.set(name, String(saved.metadata['uid']))
  }

  #path(name?: string): string {
    const all = `/apis/coordination.k8s.io/v1/namespaces/${this.#options.namespace}/leases`
    return name === undefined ? all : `${all}/${leaseObjectName(name)}`
  }
}

/** Of the Lease of that name in the cluster. */
export const leaseObjectName = (name: string): string => `steersman-${name}`

const epochOf = ({ spec }: KubeLease): number => (spec?.leaseTransitions ?? 0) + 1

/** Undefined when it was given up. */
function leaseOf(name: string, stored: KubeLease): Lease | undefined {
  const { holderIdentity, leaseDurationSeconds, renewTime } = stored.spec ?? {}
  if (holderIdentity === undefined || holderIdentity === null || holderIdentity === '') return undefined
  const renewedAt = Date.parse(renewTime ?? '')
  return {
    name,
    epoch: epochOf(stored),
    holder: holderOf(stored, holderIdentity),
    renewedAt: Number.isNaN(renewedAt) ? 0 : renewedAt,
    expiresAt: (Number.isNaN(renewedAt) ? 0 : renewedAt) + (leaseDurationSeconds ?? 0) * 1_000,
  }
}

/** Somebody else's tool may hold it: then there is its name alone. */
function holderOf({ metadata }: KubeLease, identity: string): LeaseHolder {
  const annotations = isRecord(metadata['annotations']) ? metadata['annotations'] : {}
  try {
    const holder: unknown = JSON.parse(String(annotations[HOLDER]))
    if (isRecord(holder) && identity === `${String(holder['host'])}_${String(holder['instance'])}`)
      return holder as unknown as LeaseHolder
  } catch {
    // Said below.
  }
  return { host: identity, bootId: '', pid: 0, processStartedAt: 0, instance: identity }
}

const hasCode = (error: unknown, code: string): boolean => error instanceof PortError && error.code === code
